package main

import "github.com/caddy-tollgate/tollgate/numbering"

// Numbers of +1, the North American Numbering Plan, have an area code of three
// digits and ten in all, of which the fourth is neither 0 nor 1.
const (
	nanp           = "1"
	areaDigits     = 3
	nationalDigits = 10
	nanpShape      = `\d{3}[2-9]\d{6}`
)

// area is one area code of the tables.
type area struct {
	numbering.AreaCode
	// known says that libphonenumber has numbers under it.
	known bool
}

// addAreas puts the tables of +1 before the metadata.
func (c *callingCode) addAreas() (err error) {
	c.areas = make(map[string]area)
	for digits := range numbering.AreaCodes() {
		code, _ := numbering.FindAreaCode(digits)
		c.areas[digits] = area{code, c.hasNumbersUnder(digits, code.Territories[0])}
	}
	c.shape, err = c.program.add(nanpShape)
	return err
}

// ahead returns the area codes of places that libphonenumber has no numbers under.
func (c *callingCode) ahead() (codes []string) {
	for digits := range numbering.AreaCodes() {
		if area, ok := c.areas[digits]; ok && area.Service == 0 && !area.known {
			codes = append(codes, digits)
		}
	}
	return codes
}

// hasNumbersUnder reports whether a pattern of a territory can begin like this.
func (c *callingCode) hasNumbersUnder(digits string, territory numbering.Territory) bool {
	set := c.program.begin()
	for i := range len(digits) {
		set = c.program.step(set, digits[i])
	}
	for _, r := range c.regions {
		for _, d := range r.kinds {
			if r.territory == territory && c.program.isAlive(set, d.pattern) {
				return true
			}
		}
	}
	return false
}

// listedNANP answers for +1. The area code decides whose a number is: a new one
// is announced a year before its first number, and the table has it long before
// libphonenumber does. Libphonenumber says of what kind a number of a geographic
// area code is, where it knows.
func (s *subset) listedNANP(at state) (assignment numbering.Assignment, listed bool) {
	area, ok := s.code.areas[at.area]
	if !ok {
		return assignment, false
	}
	assignment, listed = s.listedByMetadata(at)
	if at.depth != nationalDigits {
		// Not every number has an area code: +1 310 1234 is a Canadian
		// universal access number, not one in California.
		return assignment, listed
	}
	hasShape := s.code.program.accepts(at.alive, s.code.shape)
	kinds := assignment.Kinds
	switch {
	case area.Service != 0:
		kinds, listed = area.Service, hasShape
	case !listed && !area.known:
		kinds, listed = numbering.Kinds(numbering.FixedLineOrMobile), hasShape
	}
	return numbering.Assignment{Territories: area.Territories, Any: area.Any, Kinds: kinds, Listed: true}, listed
}
