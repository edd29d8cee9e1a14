package policy

import (
	"maps"
	"slices"
	"time"
)

// Timed is a statement of a policy that begins or ends by itself.
type Timed struct {
	// Account whose statement it is, by its own ID; empty for the operator's.
	Account string
	// Kind of the statement: "block", "allow", "opening", "suspended", "monitor" or
	// "observe".
	Kind string
	// Words name it as Verdict.Rule does: "account AC… block +49 voice".
	Words  string
	Reason string
	// From is when it begins, Until when it ends; zero if it does not.
	From, Until time.Time
}

// Timed lists the statements that begin or end, past or to come: the operator's first, then
// account by account.
func (s *Snapshot) Timed() []Timed {
	timed := append(slices.Clone(s.timedOperator), s.timedAccounts()...)
	for _, id := range slices.Sorted(maps.Keys(s.attached)) {
		if s.defined(id) != nil {
			timed = append(timed, timedSwitch(id, ownerPrefix+id, "suspended", &s.attached[id].Suspended)...)
			timed = append(timed, timedOpenings(id, ownerPrefix+id, s.attached[id].Openings)...)
		}
	}
	return timed
}

// timedAccounts are those that accounts state themselves.
func (s *Snapshot) timedAccounts() []Timed {
	if s.overlay == nil {
		return s.timed
	}
	var timed []Timed
	for _, t := range s.timed {
		if c, changed := s.overlay.change(t.Account); !changed || !c.restated {
			timed = append(timed, t)
		}
	}
	for _, c := range s.overlay.inOrder() {
		timed = append(timed, c.timed...)
	}
	return timed
}

func (d *Definition) timed() []Timed {
	return append(timedSwitch("", "operator", "observe", &d.Observe), timedRules("", "operator", d.Rules)...)
}

func (a *Account) timed() []Timed {
	owner := "account " + a.ID
	return slices.Concat(
		timedSwitch(a.ID, owner, "suspended", &a.Suspended),
		timedSwitch(a.ID, owner, "monitor", &a.Monitor),
		timedRules(a.ID, owner, a.Rules),
		timedOpenings(a.ID, owner, a.Openings),
	)
}

func timedSwitch(account, owner, kind string, s *Switch) []Timed {
	if !s.On || s.Until.IsZero() {
		return nil
	}
	return []Timed{{Account: account, Kind: kind, Words: owner + " " + kind, Reason: s.Reason, Until: s.Until}}
}

// timedRules are the rules of one level that begin or end; owner says whose they are.
func timedRules(account, owner string, rules []Rule) (timed []Timed) {
	for i := range rules {
		r := &rules[i]
		if !r.From.IsZero() || !r.Until.IsZero() {
			timed = append(timed, Timed{Account: account, Kind: r.verb(), Words: r.WordsOf(owner), Reason: r.Reason, From: r.From, Until: r.Until})
		}
	}
	return timed
}
