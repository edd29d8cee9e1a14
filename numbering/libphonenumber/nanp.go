package libphonenumber

import "github.com/caddy-tollgate/tollgate/numbering"

// lookupNANP answers for +1, the North American Numbering Plan. The area code
// decides whose a number is: a new one is announced a year before its first
// number, and the table has it long before libphonenumber does. Libphonenumber
// says of what kind a number of a geographic area code is, where it knows.
func lookupNANP(plan *callingCode, national string) numbering.Assignment {
	if len(national) < 3 {
		return plan.unlistedOwner(national)
	}
	area, ok := numbering.FindAreaCode(national[:3])
	if !ok {
		return plan.unlistedOwner(national)
	}
	region, kind := "", numbering.UnknownKind
	if len(national) != 10 || area.Service == 0 {
		region, kind = plan.listing(national)
	}
	if len(national) != 10 && kind != numbering.UnknownKind {
		// Not every number has an area code: +1 310 1234 is a Canadian
		// universal access number, not one in California.
		return numbering.Assignment{Territories: plan.territory(region), Kinds: numbering.Kinds(kind), Listed: true}
	}
	assignment := numbering.Assignment{Territories: area.Territories, Any: area.Any}
	if area.Service != 0 {
		assignment.Kinds, assignment.Listed = area.Service, hasNANPShape(national)
		return assignment
	}
	if kind != numbering.UnknownKind {
		assignment.Kinds, assignment.Listed = numbering.Kinds(kind), true
		return assignment
	}
	depth, kinds := reach(national, plan.patternsOf(area.Territories[0]))
	if depth < 3 {
		// Libphonenumber does not know the area code yet.
		assignment.Kinds, assignment.Listed = numbering.Kinds(numbering.FixedLineOrMobile), hasNANPShape(national)
		return assignment
	}
	assignment.Kinds = kinds
	return assignment
}

// hasNANPShape reports whether a national number has ten digits and an exchange
// that does not begin with 0 or 1, as all of +1 have.
func hasNANPShape(national string) bool {
	return len(national) == 10 && national[3] >= '2'
}
