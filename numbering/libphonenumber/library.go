package libphonenumber

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// longestNational is how many digits of a national number are asked about: as
// many as an E.164 number has with its calling code.
const longestNational = 15

// Library answers from the metadata of libphonenumber, with the table of area
// codes before it for +1 and the table of unlisted ranges behind it.
//
// The digits are taken as they stand. Parsing would rewrite them, dropping a
// trunk 0 after the calling code for one, and a carrier that does not rewrite
// would then reach a number other than the one that was judged.
type Library struct {
	codes map[string]*callingCode
}

// callingCode is one calling code: its territories and what is known of its
// numbers.
type callingCode struct {
	digits      string
	number      int32                 // the same; 0 if libphonenumber does not know it
	territories []numbering.Territory // the main one first
	unlisted    []numbering.Territory // whose a number is that no pattern accepts
	patterns    []*patterns           // of each territory
	lengths     []int32               // that a number of any territory can have
}

// New returns the plan of libphonenumber's metadata and the tables of package
// numbering.
func New() *Library {
	metadata, err := phonenumbers.MetadataCollection()
	if err != nil {
		// The metadata is part of the program and does not depend on input.
		panic("libphonenumber: reading the metadata: " + err.Error())
	}
	l := &Library{codes: make(map[string]*callingCode)}
	for _, m := range metadata.GetMetadata() {
		digits := strconv.Itoa(int(m.GetCountryCode()))
		code := l.codes[digits]
		if code == nil {
			code = &callingCode{digits: digits, number: m.GetCountryCode()}
			l.codes[digits] = code
		}
		general := m.GetGeneralDesc()
		code.lengths = slices.Concat(code.lengths, general.GetPossibleLength(), general.GetPossibleLengthLocalOnly())
		territory := territoryOf(m.GetId(), digits)
		if m.GetMainCountryForCode() {
			code.territories = slices.Insert(code.territories, 0, territory)
			code.patterns = slices.Insert(code.patterns, 0, newPatterns(m))
		} else {
			code.territories = append(code.territories, territory)
			code.patterns = append(code.patterns, newPatterns(m))
		}
	}
	for digits := range numbering.SharedCodes() {
		if l.codes[digits] == nil {
			l.codes[digits] = &callingCode{digits: digits}
		}
	}
	for digits, code := range l.codes {
		code.unlisted = numbering.UnlistedOwners(digits, code.territories)
	}
	return l
}

// territoryOf returns the territory of one of libphonenumber's regions; "001"
// stands there for the world.
func territoryOf(region, callingCode string) numbering.Territory {
	if region == phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY {
		region = "+" + callingCode
	}
	t, ok := numbering.ParseTerritory(region)
	if !ok {
		panic("libphonenumber: unknown region " + region + ": add it to the table of territories")
	}
	return t
}

// Lookup answers as numbering.Plan demands.
func (l *Library) Lookup(digits string) numbering.Assignment {
	code, national := l.split(digits)
	assignment := l.lookup(code, national)
	if assignment.Assigned() && !assignment.Listed {
		assignment.Impossible = impossibility(code, national)
	}
	return assignment
}

func (l *Library) lookup(code *callingCode, national string) numbering.Assignment {
	switch {
	case code == nil:
		return numbering.Assignment{}
	case code.number == 1:
		return lookupNANP(code, national)
	}
	region, kind := listing(code.number, national)
	if kind != numbering.UnknownKind {
		return numbering.Assignment{Territories: code.territory(region), Kinds: numbering.Kinds(kind), Listed: true}
	}
	assignment := code.unlistedOwner(national)
	if len(code.territories) > 1 && region != "" {
		// The leading digits alone decide the territory: +7 7… is Kazakhstan's,
		// whether or not the range is known.
		assignment.Territories = code.territory(region)
	}
	return assignment
}

// territory returns the territory of one of libphonenumber's regions of the
// code.
func (c *callingCode) territory(region string) []numbering.Territory {
	return []numbering.Territory{territoryOf(region, c.digits)}
}

// unlistedOwner is whose a number is that no pattern accepts. Its kinds are
// taken from all territories of the code, whatever territory it is of.
func (c *callingCode) unlistedOwner(national string) numbering.Assignment {
	_, kinds := reach(national, c.patterns...)
	return numbering.Assignment{Territories: c.unlisted, Kinds: kinds}
}

// patternsOf returns the patterns of one territory of the code.
func (c *callingCode) patternsOf(t numbering.Territory) *patterns {
	return c.patterns[slices.Index(c.territories, t)]
}

// split cuts a number after its calling code. Calling codes are prefix free,
// so there is one way at most.
func (l *Library) split(digits string) (code *callingCode, national string) {
	if strings.Trim(digits, "0123456789") != "" {
		return nil, ""
	}
	for n := 1; n <= 3 && n <= len(digits); n++ {
		if code := l.codes[digits[:n]]; code != nil {
			return code, digits[n:]
		}
	}
	return nil, ""
}

// listing asks libphonenumber for the region and the kind of a number. The
// kind is numbering.UnknownKind where no pattern accepts the number; the region may be
// known even so.
//
// Patterns overlap where territories share ranges: +590 690 is the mobile range
// of Guadeloupe, Saint Barthélemy and Saint Martin together, +44 70 that of
// personal numbers on Jersey as in Leicester. Libphonenumber then names the
// main territory of the code, and so do we: the range is priced and policed
// as one, everyone else who uses this metadata says the same, and to ask for
// every territory would refuse good messages to the main one for nothing.
func listing(code int32, national string) (region string, kind numbering.Kind) {
	if national == "" || len(national) > longestNational {
		return "", numbering.UnknownKind
	}
	number := exactNumber(code, national)
	region = phonenumbers.GetRegionCodeForNumber(number)
	if region == "" {
		return "", numbering.UnknownKind
	}
	return region, kindOf(phonenumbers.GetNumberType(number))
}

// exactNumber makes libphonenumber's form of a number whose national
// significant number is these very digits.
func exactNumber(code int32, national string) *phonenumbers.PhoneNumber {
	value, _ := strconv.ParseUint(national, 10, 64) // digits, 15 at most
	number := &phonenumbers.PhoneNumber{CountryCode: &code, NationalNumber: &value}
	// The last digit is the value's even if it is 0.
	zeros := int32(len(national) - len(strconv.FormatUint(value, 10)))
	if zeros > 0 {
		leading := true
		number.ItalianLeadingZero = &leading
		number.NumberOfLeadingZeros = &zeros
	}
	return number
}

// kindOf translates libphonenumber's types of numbers.
func kindOf(t phonenumbers.PhoneNumberType) numbering.Kind {
	switch t {
	case phonenumbers.FIXED_LINE:
		return numbering.FixedLine
	case phonenumbers.MOBILE:
		return numbering.Mobile
	case phonenumbers.FIXED_LINE_OR_MOBILE:
		return numbering.FixedLineOrMobile
	case phonenumbers.TOLL_FREE:
		return numbering.TollFree
	case phonenumbers.PREMIUM_RATE:
		return numbering.PremiumRate
	case phonenumbers.SHARED_COST:
		return numbering.SharedCost
	case phonenumbers.VOIP:
		return numbering.VoIP
	case phonenumbers.PERSONAL_NUMBER:
		return numbering.PersonalNumber
	case phonenumbers.PAGER:
		return numbering.Pager
	case phonenumbers.UAN:
		return numbering.UAN
	case phonenumbers.VOICEMAIL:
		return numbering.Voicemail
	default:
		return numbering.UnknownKind
	}
}
