package libphonenumber

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"github.com/caddy-tollgate/tollgate/numbering"
)

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
	regions     []*region             // the same
	lengths     []int32               // that a number of any territory can have
}

// New returns the plan of the current metadata and the tables of package numbering.
func New() *Library {
	// Both are part of the source and do not depend on input.
	metadata, err := CurrentMetadata()
	if err != nil {
		panic("libphonenumber: " + err.Error())
	}
	regions, err := metadata.Regions()
	if err != nil {
		panic("libphonenumber: " + err.Error())
	}
	return newLibrary(regions)
}

// newLibrary returns the plan of metadata, the main region of each calling code first.
func newLibrary(regions []*phonenumbers.PhoneMetadata) *Library {
	l := &Library{codes: make(map[string]*callingCode)}
	for _, m := range regions {
		digits := strconv.Itoa(int(m.GetCountryCode()))
		code := l.codes[digits]
		if code == nil {
			code = &callingCode{digits: digits, number: m.GetCountryCode()}
			l.codes[digits] = code
		}
		general := m.GetGeneralDesc()
		code.lengths = slices.Concat(code.lengths, general.GetPossibleLength(), general.GetPossibleLengthLocalOnly())
		code.territories = append(code.territories, territoryOf(m.GetId(), digits))
		code.patterns = append(code.patterns, newPatterns(m))
		code.regions = append(code.regions, newRegion(m))
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
	region, kind := code.listing(national)
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
