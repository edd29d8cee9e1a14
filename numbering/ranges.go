package numbering

import "slices"

// Range is a range of numbers that somebody knows better than the plan: one
// that was opened since, for instance.
type Range struct {
	Prefix    string // the digits its numbers begin with, without "+"
	Territory Territory
	Kinds     KindSet
}

// Extend returns a plan in which the longest of the ranges that a number
// belongs to decides, and p decides where there is none. Of two ranges with
// the same prefix the later one counts.
func Extend(p Plan, ranges []Range) Plan {
	if len(ranges) == 0 {
		return p
	}
	e := &extended{plan: p, owners: make(map[string]Owner, len(ranges))}
	for _, r := range ranges {
		e.owners[r.Prefix] = Owner{Territories: only(r.Territory), Kinds: r.Kinds, Listed: true}
		if !slices.Contains(e.lengths, len(r.Prefix)) {
			e.lengths = append(e.lengths, len(r.Prefix))
		}
	}
	slices.Sort(e.lengths)
	slices.Reverse(e.lengths)
	return e
}

type extended struct {
	plan    Plan
	owners  map[string]Owner // by prefix
	lengths []int            // of the prefixes, longest first
}

// Lookup implements Plan.
func (e *extended) Lookup(digits string) Owner {
	if owner, n := e.find(digits); n > 0 {
		return owner
	}
	return e.plan.Lookup(digits)
}

// Origin implements Plan.
func (e *extended) Origin(digits string) Origin {
	origin := e.plan.Origin(digits)
	if _, n := e.find(digits); n > 0 {
		origin.Matched, origin.Source = digits[:n], "range +"+digits[:n]+" of the policy"
	}
	return origin
}

// find returns the owner by the longest range that the number belongs to, and
// how long it is, 0 where there is none.
func (e *extended) find(digits string) (Owner, int) {
	for _, n := range e.lengths {
		if n > len(digits) {
			continue
		}
		if owner, ok := e.owners[digits[:n]]; ok {
			return owner, n
		}
	}
	return Owner{}, 0
}
