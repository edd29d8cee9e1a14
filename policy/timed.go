package policy

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Timed is a statement of a policy that ends by itself.
type Timed struct {
	// Account whose statement it is, by its own ID; empty for the operator's.
	Account string
	// Kind of the statement: "block" or "allow".
	Kind string
	// Words name it as Verdict.Rule does: "account AC… block +49 voice".
	Words  string
	Reason string
	// Until is when it ends.
	Until time.Time
}

// Timed lists the statements that end, past or to come: the operator's first, then account
// by account.
func (s *Snapshot) Timed() []Timed {
	timed := s.operator.timed("")
	for _, id := range slices.Sorted(maps.Keys(s.accounts)) {
		timed = append(timed, s.accounts[id].rules.timed(id)...)
	}
	return timed
}

// timed are the rules of one level that end.
func (l *level) timed(account string) (timed []Timed) {
	for _, rules := range l.rules {
		for _, r := range rules {
			if r.Until.IsZero() {
				continue
			}
			kind := "allow"
			if r.Block {
				kind = "block"
			}
			timed = append(timed, Timed{Account: account, Kind: kind, Words: r.words, Reason: r.Reason, Until: r.Until})
		}
	}
	slices.SortFunc(timed, func(a, b Timed) int { return cmp.Or(cmp.Compare(a.Words, b.Words), a.Until.Compare(b.Until)) })
	return timed
}
