package permissions

import (
	"slices"

	"github.com/caddy-tollgate/tollgate/policy"
)

// Choices are what an operator lets a plan do. Without any, it opens what is of low risk.
type Choices struct {
	// Close closes at Twilio what the policy does not permit.
	Close bool
	// Widen opens entries of which the policy permits a part only.
	Widen bool
	// AcknowledgeHighRisk opens what Twilio calls risky.
	AcknowledgeHighRisk bool
	// EndInheritance ends that the account's calls are by its parent's permissions.
	EndInheritance bool
}

// Step is an entry that a plan opens or closes in a class, so that Twilio's permissions are those
// of a policy.
type Step struct {
	Difference
	// Missing is the choice without which it is not done, or empty: one of those below.
	Missing string
	// Kept says why it is not done although it was chosen, or is empty.
	Kept string
}

// The choices that a step may miss.
const (
	MissingClose          = "close"
	MissingWiden          = "widen"
	MissingAcknowledge    = "acknowledge-high-risk"
	MissingEndInheritance = "end-inheritance"
)

// Opens reports whether a step opens its entry.
func (s *Step) Opens() bool { return s.Direction == Narrower }

// IsLeft reports whether a step is not done.
func (s *Step) IsLeft() bool { return s.Missing != "" || s.Kept != "" }

// Plan makes steps of differences. One that Twilio cannot but have has none.
func Plan(a *Account, differences []Difference, c Choices) (steps []Step) {
	for _, d := range differences {
		if d.IsForced() {
			continue
		}
		s := Step{Difference: d}
		switch {
		case d.Channel == policy.Voice && a.Inherits && !c.EndInheritance:
			s.Missing = MissingEndInheritance
		case !s.Opens() && !c.Close:
			s.Missing = MissingClose
		case s.Opens() && len(d.Others) > 0 && !c.Widen:
			s.Missing = MissingWiden
		case s.Opens() && !c.AcknowledgeHighRisk && isHighRisk(d.Channel, d.Class, slices.Concat(d.Territories, d.Others)):
			s.Missing = MissingAcknowledge
		case d.Channel == policy.Voice && a.Lists[d.Channel].differs(d.Entry.Code):
			s.Kept = "the carrier has it several times, with different permissions, of which one write would change all"
		}
		steps = append(steps, s)
	}
	return steps
}

// Entries are the entries of a channel that the steps change, as they should be: each whole, with
// the classes that stay as they are. Steps that are left change nothing.
func Entries(steps []Step, channel policy.Channel) (entries []Entry) {
	at := make(map[string]int)
	for i := range steps {
		s := &steps[i]
		if s.IsLeft() || s.Channel != channel {
			continue
		}
		n, ok := at[s.Entry.Code]
		if !ok {
			n = len(entries)
			at[s.Entry.Code], entries = n, append(entries, s.Entry)
		}
		entries[n].Open[s.Class] = s.Opens()
	}
	return entries
}

// NotDone are the steps of a plan that a list, as it was read afterwards, does not show.
func NotDone(steps []Step, after *Account) (left []Step) {
	for _, s := range steps {
		if s.IsLeft() {
			continue
		}
		found := 0
		isOther := func(e Entry) bool {
			if e.Code != s.Entry.Code {
				return false
			}
			found++ // a list may have a country once a prefix
			return e.Open[s.Class] != s.Opens()
		}
		if slices.ContainsFunc(after.Lists[s.Channel], isOther) || found == 0 {
			left = append(left, s)
		}
	}
	return left
}
