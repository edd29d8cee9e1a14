package numbering

import "strings"

// areaCode is what the tables say of one area code of +1.
type areaCode struct {
	territories []Territory
	any         bool
	service     KindSet // empty for a geographic area code
}

// areaCodes are the rows of placeTable and serviceTable by area code.
var areaCodes = func() map[string]areaCode {
	byDigits := make(map[string]areaCode, 512)
	for _, row := range placeTable {
		for digits := range strings.FieldsSeq(row.codes) {
			byDigits[digits] = areaCode{territories: theTerritories(row.territory)}
		}
	}
	for _, row := range serviceTable {
		for digits := range strings.FieldsSeq(row.codes) {
			byDigits[digits] = areaCode{theTerritories(row.territories), row.any, Kinds(row.kind)}
		}
	}
	return byDigits
}()

// lookupNANP answers for +1, the North American Numbering Plan. The area code
// decides whose a number is: a new one is announced a year before its first
// number, and the table has it long before libphonenumber does. Libphonenumber
// says of what kind a number of a geographic area code is, where it knows.
func lookupNANP(plan *callingCode, national string) Owner {
	if len(national) < 3 {
		return plan.unlistedOwner(national)
	}
	area, ok := areaCodes[national[:3]]
	if !ok {
		return plan.unlistedOwner(national)
	}
	region, kind := "", UnknownKind
	if len(national) != 10 || area.service == 0 {
		region, kind = listing(1, national)
	}
	if len(national) != 10 && kind != UnknownKind {
		// Not every number has an area code: +1 310 1234 is a Canadian
		// universal access number, not one in California.
		return Owner{Territories: plan.territory(region), Kinds: Kinds(kind), Listed: true}
	}
	owner := Owner{Territories: area.territories, Any: area.any}
	if area.service != 0 {
		owner.Kinds, owner.Listed = area.service, hasNANPShape(national)
		return owner
	}
	if kind != UnknownKind {
		owner.Kinds, owner.Listed = Kinds(kind), true
		return owner
	}
	depth, kinds := reach(national, plan.patternsOf(area.territories[0]))
	if depth < 3 {
		// Libphonenumber does not know the area code yet.
		owner.Kinds, owner.Listed = Kinds(FixedLineOrMobile), hasNANPShape(national)
		return owner
	}
	owner.Kinds = kinds
	return owner
}

// hasNANPShape tells whether a national number has ten digits and an exchange
// that does not begin with 0 or 1, as all of +1 have.
func hasNANPShape(national string) bool {
	return len(national) == 10 && national[3] >= '2'
}
