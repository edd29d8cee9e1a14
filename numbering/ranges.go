package numbering

import "fmt"

// Range is a range of numbers that an operator knows better than the plan: one
// that was opened since, for instance.
type Range struct {
	Prefix    string // the digits its numbers begin with, without "+"
	Territory Territory
	Kinds     KindSet
}

// longestCallingCode is how many digits a calling code has at most.
const longestCallingCode = 3

// Check returns an error for a range that is too wide to be meant: several calling
// codes, or the whole of one that belongs to a country.
func (r Range) Check() error {
	switch code := Default().Provenance(r.Prefix).CallingCode; {
	case code == "" && len(r.Prefix) < longestCallingCode:
		return fmt.Errorf("+%s is less than a calling code: write more digits", r.Prefix)
	case code == r.Prefix && r.Territory.String() != "+"+code:
		return fmt.Errorf("+%s is a whole calling code: write the range behind it", r.Prefix)
	}
	return nil
}

// Extend returns a plan in which the longest of the ranges that a number
// belongs to decides, and p decides where there is none. Of two ranges with
// the same prefix the later one counts.
//
// A number that begins with a longer prefix of tollFraud, which may be nil, is
// of kind RevenueShare. Its territories stay the same, and an unassigned number stays
// unassigned.
func Extend(p Plan, ranges []Range, tollFraud *TollFraud) Plan {
	if tollFraud == nil {
		tollFraud = new(TollFraud)
	}
	if len(ranges) == 0 && tollFraud.isEmpty() {
		return p
	}
	entries := make([]PrefixEntry[Assignment], len(ranges))
	for i, r := range ranges {
		entries[i] = PrefixEntry[Assignment]{r.Prefix, Assignment{Territories: only(r.Territory), Kinds: r.Kinds, Listed: true}}
	}
	return &extended{p, NewPrefixMap(entries), tollFraud}
}

type extended struct {
	plan      Plan
	ranges    PrefixMap[Assignment]
	tollFraud *TollFraud
}

// Lookup implements Plan.
func (e *extended) Lookup(digits string) Assignment {
	assignment, known := e.owner(digits)
	if _, listed := e.tollFraud.sources.Longest(digits); listed > known && assignment.Assigned() {
		assignment.Kinds = Kinds(RevenueShare)
	}
	return assignment
}

// owner returns whose number it is, toll fraud aside, and how many digits of
// it a range has, 0 if the plan itself decides.
func (e *extended) owner(digits string) (Assignment, int) {
	if assignment, n := e.ranges.Longest(digits); n > 0 {
		return *assignment, n
	}
	return e.plan.Lookup(digits), 0
}

// Provenance implements Plan.
func (e *extended) Provenance(digits string) Provenance {
	origin := e.plan.Provenance(digits)
	assignment, known := e.owner(digits)
	if known > 0 {
		origin.Matched, origin.Source = digits[:known], "range +"+digits[:known]+" of the policy"
	}
	if source, listed := e.tollFraud.sources.Longest(digits); listed > known && assignment.Assigned() {
		territory := origin.Source
		origin.Matched, origin.Source = digits[:listed], *source
		if known > 0 {
			origin.Source += "; the territory by " + territory
		}
	}
	return origin
}
