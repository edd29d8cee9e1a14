package numbering

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// e164Digits is how many digits an E.164 number has at most, calling code
// included.
const e164Digits = 15

// library answers from the metadata of libphonenumber, with the table of area
// codes before it for +1 and the table of unlisted ranges behind it.
//
// The digits are taken as they stand. Parsing would rewrite them, dropping a
// trunk 0 after the calling code for one, and a carrier that does not rewrite
// would then reach a number other than the one that was judged.
//
// Owners share their lists of territories; nobody may change one.
type library struct {
	codes map[string]*callingCode
}

// callingCode is one calling code: whose it is and what is known of its
// numbers.
type callingCode struct {
	digits      string
	number      int32       // the same; 0 if libphonenumber does not know it
	territories []Territory // the main one first
	unlisted    []Territory // whose a number is that no pattern accepts
	patterns    []*patterns // of each territory
}

// NewLibrary returns a plan that knows the world's numbers by the metadata of
// libphonenumber and the tables of this package. It keeps no answers: see
// NewCached.
func NewLibrary() Plan {
	metadata, err := phonenumbers.MetadataCollection()
	if err != nil {
		// It is part of the program, so this is no matter of input.
		panic("numbering: reading the metadata of libphonenumber: " + err.Error())
	}
	l := &library{codes: make(map[string]*callingCode)}
	for _, m := range metadata.GetMetadata() {
		digits := strconv.Itoa(int(m.GetCountryCode()))
		code := l.codes[digits]
		if code == nil {
			code = &callingCode{digits: digits, number: m.GetCountryCode()}
			l.codes[digits] = code
		}
		territory := theTerritories(territoryCode(m.GetId(), digits))[0]
		if m.GetMainCountryForCode() {
			code.territories = slices.Insert(code.territories, 0, territory)
			code.patterns = slices.Insert(code.patterns, 0, newPatterns(m))
		} else {
			code.territories = append(code.territories, territory)
			code.patterns = append(code.patterns, newPatterns(m))
		}
	}
	for _, row := range unlistedTable {
		code := l.codes[row.code]
		if code == nil {
			code = &callingCode{digits: row.code}
			l.codes[row.code] = code
		}
		code.unlisted = row.territories(code.territories)
	}
	for _, code := range l.codes {
		if code.unlisted == nil {
			code.unlisted = code.territories
		}
	}
	return l
}

// territoryCode turns libphonenumber's name of a region into the code of a
// territory; "001" stands there for the world.
func territoryCode(region, callingCode string) string {
	if region == phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY {
		return "+" + callingCode
	}
	return region
}

// Lookup implements Plan.
func (l *library) Lookup(digits string) Owner {
	code, national := l.split(digits)
	switch {
	case code == nil:
		return Owner{}
	case code.number == 1:
		return lookupNANP(code, national)
	}
	region, kind := listing(code.number, national)
	if kind != UnknownKind {
		return Owner{Territories: code.territory(region), Kinds: Kinds(kind), Listed: true}
	}
	owner := code.unlistedOwner(national)
	if len(code.territories) > 1 && region != "" {
		// The leading digits alone say whose it is: +7 7… is Kazakhstan's,
		// whether or not the range is known.
		owner.Territories = code.territory(region)
	}
	return owner
}

// Origin implements Plan.
func (l *library) Origin(digits string) Origin {
	code, national := l.split(digits)
	if code == nil {
		return Origin{}
	}
	depth, _ := reach(national, code.patterns...)
	return Origin{CallingCode: code.digits, Matched: code.digits + national[:depth], Source: "libphonenumber"}
}

// territory returns the territory of one of libphonenumber's regions of the
// code.
func (c *callingCode) territory(region string) []Territory {
	return only(territoryByCode[territoryCode(region, c.digits)])
}

// unlistedOwner is whose a number is that no pattern accepts. Its kinds are
// taken from all territories of the code, whoever owns it.
func (c *callingCode) unlistedOwner(national string) Owner {
	_, kinds := reach(national, c.patterns...)
	return Owner{Territories: c.unlisted, Kinds: kinds}
}

// patternsOf returns the patterns of one territory of the code.
func (c *callingCode) patternsOf(t Territory) *patterns {
	return c.patterns[slices.Index(c.territories, t)]
}

// split cuts a number after its calling code. Calling codes are prefix free,
// so there is one way at most.
func (l *library) split(digits string) (code *callingCode, national string) {
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
// kind is UnknownKind where no pattern accepts the number; the region may be
// known even so.
//
// Patterns overlap where territories share ranges: +590 690 is the mobile range
// of Guadeloupe, Saint Barthélemy and Saint Martin together, +44 70 that of
// personal numbers on Jersey as in Leicester. Libphonenumber then names the
// main territory of the code, and so do we: the range is priced and policed
// as one, everybody else who uses this metadata says the same, and to ask for
// every territory would refuse good messages to the main one for nothing.
func listing(code int32, national string) (region string, kind Kind) {
	if national == "" || len(national) > e164Digits {
		return "", UnknownKind
	}
	number := exactNumber(code, national)
	region = phonenumbers.GetRegionCodeForNumber(number)
	if region == "" {
		return "", UnknownKind
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
func kindOf(t phonenumbers.PhoneNumberType) Kind {
	switch t {
	case phonenumbers.FIXED_LINE:
		return FixedLine
	case phonenumbers.MOBILE:
		return Mobile
	case phonenumbers.FIXED_LINE_OR_MOBILE:
		return FixedLineOrMobile
	case phonenumbers.TOLL_FREE:
		return TollFree
	case phonenumbers.PREMIUM_RATE:
		return PremiumRate
	case phonenumbers.SHARED_COST:
		return SharedCost
	case phonenumbers.VOIP:
		return VoIP
	case phonenumbers.PERSONAL_NUMBER:
		return PersonalNumber
	case phonenumbers.PAGER:
		return Pager
	case phonenumbers.UAN:
		return UAN
	case phonenumbers.VOICEMAIL:
		return Voicemail
	default:
		return UnknownKind
	}
}
