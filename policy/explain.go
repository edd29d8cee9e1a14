package policy

import "time"

// Explain gives the verdict that Judge gives, and every step that led to it, in
// the order in which they were taken.
func (s *Snapshot) Explain(send *Send, now time.Time) (Verdict, []Step) {
	trace := trace{steps: make([]Step, 0, usualSteps)}
	a, known := s.resolve(send)
	v := s.observed(s.judge(a, known, send, now, &trace))
	trace.markDeciding()
	return v, trace.steps
}

// usualSteps is room for the steps of one number under a subaccount.
const usualSteps = 12
