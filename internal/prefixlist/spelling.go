package prefixlist

import (
	"iter"
	"maps"
	"slices"
	"strings"
)

// spelled is an entry with the way in which it was written.
type spelled struct {
	Entry
	as spelling
}

func mapKeys[V any](m map[string]V) iter.Seq[string] { return maps.Keys(m) }

// byDigits are entries by their digits, of which each number has at most fifteen.
type byDigits map[string]*Entry

// longest is the entry that decides a number, or nil.
func (b byDigits) longest(digits string) *Entry {
	for n := len(digits); n > 0; n-- {
		if e := b[digits[:n]]; e != nil {
			return e
		}
	}
	return nil
}

// denies reports whether the entries deny a number, where others is for what none has.
func (b byDigits) denies(digits string, others Others) bool {
	if e := b.longest(digits); e != nil {
		return e.Deny
	}
	return others == Denied
}

// spelledAs are entries by spelling and digits.
func spelledAs(entries []spelled) map[spelling]byDigits {
	spellings := make(map[spelling]byDigits)
	for i := range entries {
		e := &entries[i]
		if spellings[e.as] == nil {
			spellings[e.as] = make(byDigits)
		}
		spellings[e.as][e.Digits] = &e.Entry
	}
	return spellings
}

// unite makes one list of entries, no two of which are the same text. A system that
// compares texts can allow +49 and deny 0049, which are the same numbers to a policy: such
// entries are refused.
func (r *reader) unite(others Others) []Entry {
	spellings := spelledAs(r.entries)
	all := make(byDigits)
	for i := range r.entries {
		e := &r.entries[i]
		if first := all[e.Digits]; first == nil {
			all[e.Digits] = &e.Entry
		}
	}
	if len(spellings) > 1 {
		r.compare(all, spellings, others)
	}
	united := make([]Entry, 0, len(all))
	for _, digits := range slices.Sorted(mapKeys(all)) {
		united = append(united, *all[digits])
	}
	return united
}

// compare refuses numbers that one entry denies and another, in another spelling, allows.
// It notes where a spelling has no entry for what another one decides: to a policy, both
// are the same. Between two prefixes nothing changes, so that it is enough to look at each.
func (r *reader) compare(all byDigits, spellings map[spelling]byDigits, others Others) {
	for _, as := range slices.Sorted(maps.Keys(spellings)) {
		var first *Entry
		differ := 0
		for _, prefix := range slices.Sorted(mapKeys(all)) {
			e := all[prefix]
			code := r.Country.CallingCode()
			ofCountry := as == national || as == bare && !r.International
			if ofCountry && !strings.HasPrefix(prefix, code) || spellings[as].denies(prefix, others) == e.Deny {
				continue
			}
			if other := spellings[as].longest(prefix); other != nil {
				r.refuse(e.Place, "+%s is %s, and %s where it is written %s (%s): a policy does not tell spellings apart, "+
					"so make the entries agree", prefix, verb(e.Deny), verb(!e.Deny), r.written(prefix, as), other.Place)
				continue
			}
			if first == nil {
				first = e
			}
			differ++
		}
		if first != nil {
			r.note(first.Place, "+%s is %s in any spelling from now on; written %s… it was %s (prefixes of which this is so: %d)",
				first.Digits, verb(first.Deny), r.written(first.Digits, as), verb(!first.Deny), differ)
		}
	}
}

func verb(denies bool) string {
	if denies {
		return "denied"
	}
	return "allowed"
}

// written is a number in a spelling.
func (r *reader) written(digits string, as spelling) string {
	international, trunk := r.Country.Prefixes()
	switch as {
	case plus:
		return "+" + digits
	case dialled:
		return international + digits
	case national:
		return trunk + strings.TrimPrefix(digits, r.Country.CallingCode())
	}
	if !r.International {
		return strings.TrimPrefix(digits, r.Country.CallingCode())
	}
	return digits
}

// distinct drops entries that repeat another, and notes each.
func (r *reader) distinct(entries []spelled) []spelled {
	type key struct {
		digits string
		as     spelling
	}
	first := make(map[key]Place)
	kept := entries[:0:0]
	for _, e := range entries {
		k := key{e.Digits, e.as}
		if at, repeated := first[k]; repeated {
			r.note(e.Place, "+%s adds nothing: it is already specified (%s)", e.Digits, at)
			continue
		}
		first[k] = e.Place
		kept = append(kept, e)
	}
	return kept
}
