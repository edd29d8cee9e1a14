package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/nyaruka/phonenumbers"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/numbering/libphonenumber"
)

// longestNumber is how many digits a number of E.164 has at most, calling code
// included.
const longestNumber = 15

// callingCode is one calling code and all that is known of its numbers.
type callingCode struct {
	digits   string
	regions  []region              // in the order in which libphonenumber asks them
	unlisted []numbering.Territory // whose a number is that no leading digits tell

	// areas are the area codes of +1, nil elsewhere; shape is the pattern of all
	// of its numbers.
	areas map[string]area
	shape int

	// program is all patterns of the calling code.
	program program
}

// region is one territory of a calling code.
type region struct {
	territory numbering.Territory
	// general has to accept every number of the region.
	general description
	// kinds are asked in this order; the first that accepts says the kind.
	kinds []description
	// leading are the digits that only numbers of this region begin with. Where
	// there are some, nothing else decides whose a number is.
	leading *int
	// sameMobile says that fixed-line and mobile numbers share their pattern.
	sameMobile bool
}

// description is a pattern of national numbers.
type description struct {
	kind    numbering.Kind
	pattern int // in the program
	// lengths that a number may have, bits by the number of digits; 0 for any.
	lengths uint32
}

// readPlan reads the metadata of libphonenumber and the tables of package
// numbering, sorted by calling code.
func readPlan(regions []*phonenumbers.PhoneMetadata) ([]*callingCode, error) {
	byDigits := make(map[string]*callingCode)
	find := func(digits string) *callingCode {
		if byDigits[digits] == nil {
			byDigits[digits] = &callingCode{digits: digits}
		}
		return byDigits[digits]
	}
	for _, m := range regions {
		code := find(strconv.Itoa(int(m.GetCountryCode())))
		r, err := code.newRegion(m)
		if err != nil {
			return nil, fmt.Errorf("reading region %s of +%s: %w", m.GetId(), code.digits, err)
		}
		code.regions = append(code.regions, r)
	}
	for digits := range numbering.SharedCodes() {
		find(digits) // some are in no metadata
	}
	var codes []*callingCode
	for _, code := range byDigits {
		var shared []numbering.Territory
		for _, r := range code.regions {
			shared = append(shared, r.territory)
		}
		code.unlisted = numbering.UnlistedOwners(code.digits, shared)
		codes = append(codes, code)
	}
	if err := find(nanp).addAreas(); err != nil {
		return nil, err
	}
	slices.SortFunc(codes, func(a, b *callingCode) int { return cmp.Compare(a.digits, b.digits) })
	return codes, nil
}

// newRegion adds a region's patterns to the program of its calling code.
func (c *callingCode) newRegion(m *phonenumbers.PhoneMetadata) (r region, err error) {
	name := m.GetId()
	if name == phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY {
		name = "+" + c.digits
	}
	var ok bool
	if r.territory, ok = numbering.ParseTerritory(name); !ok {
		return r, fmt.Errorf("there is no territory %s: add it to the table of package numbering", name)
	}
	r.sameMobile = m.GetSameMobileAndFixedLinePattern()
	if leading := m.GetLeadingDigits(); leading != "" {
		pattern, err := c.program.add("(?:" + leading + `)\d*`)
		if err != nil {
			return r, err
		}
		r.leading = &pattern
	}
	if general, ok := libphonenumber.Describe(numbering.UnknownKind, m.GetGeneralDesc()); ok {
		if r.general, err = c.describe(general); err != nil {
			return r, err
		}
	}
	for _, d := range libphonenumber.Descriptions(m) {
		compiled, err := c.describe(d)
		if err != nil {
			return r, err
		}
		r.kinds = append(r.kinds, compiled)
	}
	return r, nil
}

// describe adds one pattern to the program.
func (c *callingCode) describe(d libphonenumber.Description) (compiled description, err error) {
	compiled.kind = d.Kind
	for _, length := range d.Lengths {
		if length > 0 { // -1 stands for none
			compiled.lengths |= 1 << length
		}
	}
	compiled.pattern, err = c.program.add(d.Pattern)
	return compiled, err
}
