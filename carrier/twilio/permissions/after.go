package permissions

import (
	"slices"

	"github.com/caddy-tollgate/tollgate/policy"
)

// After is the list of an account once steps are done.
func After(a *Account, steps []Step, channel policy.Channel) List {
	after := slices.Clone(a.Lists[channel])
	for _, e := range Entries(steps, channel) {
		for i := range after {
			if after[i].Code == e.Code {
				after[i].Open = e.Open
			}
		}
	}
	return after
}

// Differing are the entries of a list that are not so in another one.
func Differing(wanted, have List) (entries []Entry) {
	for _, e := range wanted {
		if slices.ContainsFunc(have, func(other Entry) bool { return other.Code == e.Code && other.Open != e.Open }) {
			entries = append(entries, e)
		}
	}
	return entries
}

// Lost are the codes of entries that were open and not those of steps, and are closed in a list that
// was read later, in any class. A list may have a code once a prefix.
func Lost(steps []Step, channel policy.Channel, before, after List) (codes []string) {
	for _, e := range before {
		for _, class := range classes(channel) {
			isStep := func(s Step) bool {
				return !s.IsLeft() && s.Channel == channel && s.Class == class && s.Entry.Code == e.Code
			}
			isClosed := func(other Entry) bool { return other.Code == e.Code && !other.Open[class] }
			closed := slices.ContainsFunc(after, isClosed) && !slices.ContainsFunc(before, isClosed)
			if closed && !slices.ContainsFunc(steps, isStep) && !slices.Contains(codes, e.Code) {
				codes = append(codes, e.Code)
			}
		}
	}
	return codes
}
