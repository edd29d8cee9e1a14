package policy

import (
	"slices"
	"strings"
	"time"
)

// Limit is how much of something there may be within a window, per some dimensions.
type Limit struct {
	// Name by which logs name it. A limit of an account stands in for the operator's, or its
	// parent's, of that name.
	Name string
	// Of is what is counted.
	Of Measure
	// Kind is which sends are counted; the zero value is all.
	Kind SendKind
	// Amount is how much there may be, and Window within how long. Of Spend it is in the units of
	// rates.Amount.
	Amount int64
	Window time.Duration
	// Calendar is the window in place of Window, where that does not slide, in Zone.
	Calendar Calendar
	Zone     *Zone
	// Hours are all that there is to a limit that is of no amount. Where Zone is nil, they are
	// those at the destination.
	Hours Hours
	// Adaptive says that the amount grows to AdaptiveShare of the numbers that are verified.
	Adaptive bool
	// Per are the dimensions: what has the same values is counted together.
	Per []Dimension
	// Monitor records what is over, and lets it through.
	Monitor bool
	// NotifyAt are the steps of a limit that notifies of how much there is, in percent of the
	// amount, the least first. Nothing is over such a limit, which has Monitor too.
	NotifyAt []int
	// Warn is from how much on it is told that much is used; 0 is never.
	Warn int64
	// HoldFor is how long what is over is held first: everything of its dimensions is refused.
	// With 0, only what is over is refused.
	HoldFor time.Duration
}

// Measure is what a limit counts.
type Measure uint8

// The measures.
const (
	// Sends are all that are let through.
	Sends Measure = iota
	// Numbers are different destinations.
	Numbers
	// Unverified are sends to numbers that were not verified since.
	Unverified
	// Spend is money: what the sends cost by a deck of rates.
	Spend
	// InProgress are calls that have not ended, whatever the window.
	InProgress
)

// MeasureNames are the measures as configurations spell them, in their order.
var MeasureNames = []string{"sends", "numbers", "unverified", "spend", "calls"}

// String returns the measure as configurations spell it.
func (m Measure) String() string { return MeasureNames[m] }

// inWords is so much of the measure, in the words that follow the amount.
func (m Measure) inWords(amount int64) string {
	words := m.String()
	switch {
	case m == Spend:
		return "of " + words
	case m != Unverified && amount == 1:
		return strings.TrimSuffix(words, "s")
	}
	return words
}

// SendKind is a kind of sends that a limit is for.
type SendKind uint8

// The kinds. A verification, by whatever channel, is neither a message nor a call.
const (
	AnySend SendKind = iota
	Messages
	Calls
	Verifications
)

// SendKindNames are the kinds as configurations spell them, in their order; that of all is empty.
var SendKindNames = []string{"", "messaging", "voice", "verify"}

// String returns the kind as configurations spell it.
func (k SendKind) String() string { return SendKindNames[k] }

// has reports whether a send is of the kind.
func (k SendKind) has(send *Send) bool {
	switch {
	case k == AnySend:
		return true
	case send.Verification:
		return k == Verifications
	case send.Channel == Voice:
		return k == Calls
	}
	return k == Messages
}

// needsNumber reports whether a limit counts only sends to numbers.
func (l *Limit) needsNumber() bool {
	return l.Of != Sends && l.Of != InProgress || l.Hours.AreStated() && l.Zone == nil || slices.ContainsFunc(l.Per, func(d Dimension) bool {
		return d.By == ByNumber || d.By.HasDigits()
	})
}

// countLimits records what limits make necessary.
func (s *Snapshot) countLimits(stated []Limit) {
	s.limited = s.limited || len(stated) > 0
	for i := range stated {
		s.unverified = s.unverified || stated[i].Of == Unverified
		s.spendMatters = s.spendMatters || stated[i].Of == Spend
		for _, d := range stated[i].Per {
			s.sendersMatter = s.sendersMatter || d.By == BySender
		}
	}
}

// IsOfOneNumber reports whether the limit is of sends to one number.
func (l *Limit) IsOfOneNumber() bool {
	return slices.Contains(l.Per, Dimension{By: ByNumber})
}

// StatedLimit is a Limit with who states it.
type StatedLimit struct {
	*Limit
	// Level is whose statement it is: "operator", "account AC…".
	Level string
	// Words name it in logs: "operator limit burst".
	Words string
	// Counter names what it counts, whatever its amount: limits of one level, name, kind,
	// measure, window and dimensions.
	Counter string
	// Steps are the amounts from each of which on it is told that so much is used, the least first.
	Steps []int64
}

// anyAmount stands in words for whatever amount a limit is of.
const anyAmount = 2

// newLimits compiles the limits that owner states.
func newLimits(owner string, stated []Limit) []StatedLimit {
	if len(stated) == 0 {
		return nil
	}
	compiled := make([]StatedLimit, len(stated))
	for i := range stated {
		l := stated[i]
		l.Per = slices.Clone(l.Per)
		fixed := l
		fixed.Adaptive = false // what it counts is the same
		compiled[i] = StatedLimit{&l, owner, owner + " limit " + l.Name, owner + " " + l.Name + " " + fixed.counted(anyAmount), l.steps()}
	}
	return compiled
}

// Limits calls yield with each limit in force for a send that was let through. A call for help and
// what carries no toll have none. An allow rule stands in for those of its level and below: none
// of an account's opens what the operator limits. Limits that notify refuse nothing, so none stands
// in for them.
func (s *Subject) Limits(send *Send, v *Verdict, yield func(*StatedLimit)) {
	if !s.snapshot.limited || isUncounted[v.Reason] {
		return
	}
	s.limitsInForce(v.lifts, func(l *StatedLimit) {
		if l.isFor(send) && (send.Destination.Numbers.Len() > 0 || !l.needsNumber()) {
			yield(l)
		}
	})
}

// LiftedLimits calls yield with each limit that would be in force for a send, if no allow rule
// stood in for it.
func (s *Subject) LiftedLimits(send *Send, v *Verdict, yield func(*StatedLimit)) {
	inForce := make(map[*StatedLimit]bool)
	s.Limits(send, v, func(l *StatedLimit) { inForce[l] = true })
	unlifted := *v
	unlifted.lifts = 0
	s.Limits(send, &unlifted, func(l *StatedLimit) {
		if !inForce[l] {
			yield(l)
		}
	})
}

// AsksWhoSends reports whether a limit tells sends apart by the client that asks for them: of what an
// answer of a web server sends, there is none.
func (l *StatedLimit) AsksWhoSends() bool {
	return slices.ContainsFunc(l.Per, func(d Dimension) bool { return d.By == ByClient || d.By == ByHeader })
}

// isUncounted has the reasons of sends that no limit counts.
var isUncounted = map[Reason]bool{EmergencyCall: true, NoDestination: true, NotANumber: true}

// IsLimited reports whether there may be limits.
func (s *Snapshot) IsLimited() bool { return s.limited }

// LimitsInForce calls yield with each limit in force for sends of any kind, unless an allow rule
// stands in for it, the nearest level first.
func (s *Subject) LimitsInForce(yield func(*StatedLimit)) { s.limitsInForce(0, yield) }

// limitsInForce calls yield with the limits of the account, then of its parent, then of the
// operator, of each name the first, except of the levels that are lifted those that do more than
// notify.
func (s *Subject) limitsInForce(lifted levels, yield func(*StatedLimit)) {
	above := levels(0)
	for i := s.account; i != nil; i = i.parent {
		above++
		s.limitsOf(i, i.limits, above <= lifted, yield)
	}
	s.limitsOf(nil, s.snapshot.limits, lifted == allLevels, yield)
}

// limitsOf calls yield with those of an account's limits, or the operator's, which no account
// below states.
func (s *Subject) limitsOf(a *account, stated []StatedLimit, areLifted bool, yield func(*StatedLimit)) {
	for k := range stated {
		if (!areLifted || stated[k].Notifies()) && !s.hasLimit(stated[k].Name, a) {
			yield(&stated[k])
		}
	}
}

// hasLimit reports whether the account states a limit of a name, or one above it that is below
// another account.
func (s *Subject) hasLimit(name string, below *account) bool {
	for i := s.account; i != nil && i != below; i = i.parent {
		if slices.ContainsFunc(i.limits, func(l StatedLimit) bool { return l.Name == name }) {
			return true
		}
	}
	return false
}

// Limits returns the limits in force for an account, the nearest level first.
func (s *Snapshot) Limits(account CarrierAccount) []StatedLimit {
	subject := s.SubjectOf(account)
	var list []StatedLimit
	subject.LimitsInForce(func(l *StatedLimit) { list = append(list, *l) })
	return list
}

// Over is the verdict on a send that is over a limit.
func (s *Subject) Over(l *StatedLimit, v Verdict, now time.Time) Verdict {
	over := Verdict{Outcome: Deny, Reason: LimitExceeded, Territory: v.Territory, Class: v.Class, Unlisted: v.Unlisted, Rule: l.Words}
	if l.Monitor {
		over.Outcome = Monitor
		return over
	}
	return s.observed(s.downgradeIfMonitored(over, now), now)
}
