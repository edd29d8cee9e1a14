package policy

import "time"

// Bounds of how long calls may be said to last: what Twilio takes for one call
// (https://www.twilio.com/en-us/blog/introducing-configurable-call-limits-for-programmable-voice).
const (
	MinMaxCall = time.Minute
	MaxMaxCall = 24 * time.Hour
)

// MaxCall is how long a call of the account may last, 0 if that is not limited: what the account
// states, else its parent, else the operator. Where denials are only recorded, it is not limited.
func (s *Subject) MaxCall(now time.Time) time.Duration {
	if s.account.monitor.Holds(now) || s.snapshot.observe.Holds(now) {
		return 0
	}
	most, _ := s.statedMaxCall()
	return most
}

// statedMaxCall is the nearest that is stated, and who states it.
func (s *Subject) statedMaxCall() (most time.Duration, level string) {
	for i := s.account; i != nil; i = i.parent {
		if i.maxCall > 0 {
			return i.maxCall, ownerPrefix + i.id
		}
	}
	if s.snapshot.maxCall > 0 {
		return s.snapshot.maxCall, "operator"
	}
	return 0, ""
}

// MaxCall is how long calls of an account may last by what is stated, and who states it; 0 if no
// one does.
func (s *Snapshot) MaxCall(account CarrierAccount) (most time.Duration, level string) {
	subject := s.SubjectOf(account)
	return subject.statedMaxCall()
}

// LimitsCalls reports whether anyone may state how long calls last.
func (s *Snapshot) LimitsCalls() bool { return s.callsLimited }

// stateMaxCall records that someone may state it.
func (s *Snapshot) stateMaxCall(most time.Duration) time.Duration {
	s.callsLimited = s.callsLimited || most > 0
	return most
}

// ExplainMaxCall is the step that says how long a call would last, and whether anyone states it.
func (s *Subject) ExplainMaxCall(now time.Time) (step Step, stated bool) {
	most, level := s.statedMaxCall()
	if most == 0 {
		return Step{}, false
	}
	step = Step{Name: StepMaxCall, Level: level, Outcome: Passes, Text: "the call ends after " + DurationText(most)}
	if s.MaxCall(now) == 0 {
		step.Outcome, step.Text = Records, "the call would end after "+DurationText(most)+", and is not limited where denials are only recorded"
	}
	return step, true
}
