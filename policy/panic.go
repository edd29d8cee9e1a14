package policy

import (
	"time"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// Panic closes everything except what accounts have at home: the low-risk numbers of the home
// territory that an account states, or its parent does. It stands in for nothing: what is closed
// without it is closed with it. Since it changes no account, its end restores what was stated.
type Panic struct {
	// On says that there is one.
	On     bool
	Reason string
	// Since when.
	Since time.Time
	// Protected accounts, by their own IDs, and their subaccounts go on as before.
	Protected []string
}

// panicked is a Panic in force.
type panicked struct {
	Panic
	protected idSet
}

func newPanicked(p *Panic) *panicked {
	if !p.On {
		return nil
	}
	inForce := &panicked{*p, make(idSet, len(p.Protected))}
	for _, id := range p.Protected {
		inForce.protected[id] = true
	}
	return inForce
}

// Panic returns the panic in force. Without one, it is not on.
func (s *Snapshot) Panic() Panic {
	if s.panicked == nil {
		return Panic{}
	}
	return s.panicked.Panic
}

// panicWords name a panic as a verdict's Rule does.
const panicWords = "operator panic"

// isPanicked reports whether a panic is in force for the account.
func (s *Subject) isPanicked() bool { return s.snapshot.panicked != nil && !s.isProtected() }

// isProtected reports whether the panic in force leaves the account as it is. An account that
// the policy does not name has the parent that its credential says.
func (s *Subject) isProtected() bool {
	for i := s.account; i != nil; i = i.parent {
		if s.snapshot.panicked.protected[i.id] && s.snapshot.names(i) {
			return true
		}
	}
	return false
}

// panicHome is the territory that a panic leaves to the account, zero if there is none.
func (s *Subject) panicHome() numbering.Territory {
	for i := s.account; i != nil; i = i.parent {
		if i.home != 0 {
			return i.home
		}
	}
	return 0
}

// judgePanic denies a number that is not at home, while a panic is in force.
func (s *Subject) judgePanic(channel Channel, assignment *numbering.Assignment, trace *trace) Verdict {
	if s.snapshot.panicked == nil {
		return Verdict{}
	}
	if s.isProtected() {
		trace.panicPassed(s, "the account is protected")
		return Verdict{}
	}
	home := s.panicHome()
	if channel == Voice && classes(assignment.Kinds) != 1<<LowRisk {
		trace.panicDenied(s, home)
		return deny(PanicClosed, panicWords)
	}
	for _, t := range assignment.Territories {
		if t != home {
			trace.panicDenied(s, home)
			return deny(PanicClosed, panicWords)
		}
	}
	trace.panicPassed(s, "the number is at home")
	return Verdict{}
}

func (t *trace) panicPassed(s *Subject, why string) {
	if t != nil {
		t.add(StepPanic, "operator", Passes, s.snapshot.panicked.describe()+": "+why)
	}
}

func (t *trace) panicDenied(s *Subject, home numbering.Territory) {
	if t != nil {
		t.recordPanicDenied(s, home)
	}
}

func (t *trace) recordPanicDenied(s *Subject, home numbering.Territory) {
	left := "nothing, since it states no home"
	if home != 0 {
		left = "the low-risk numbers of its home " + withNames([]numbering.Territory{home})
	}
	t.add(StepPanic, "operator", Denies, s.snapshot.panicked.describe()+": the account reaches "+left)
}

// describe says that there is a panic, since when and why.
func (p *panicked) describe() string {
	text := "closes all accounts by a panic since " + p.Since.UTC().Format(time.RFC3339)
	if p.Reason != "" {
		text += " (" + p.Reason + ")"
	}
	return text
}
