package policy

import "time"

// Switch is a statement that holds or does not: for good, or until a time.
type Switch struct {
	On     bool
	Reason string
	// Until is when it ends; the zero time never comes.
	Until time.Time
}

// stated is the switch, or nil if it is off: what is not stated is not in force.
func (s Switch) stated() *Switch {
	if !s.On {
		return nil
	}
	return &s
}

// Holds reports whether what is stated is in force.
func (s *Switch) Holds(now time.Time) bool { return s != nil && s.On && !s.hasEnded(now) }

// hasEnded reports whether what was stated was in force, and is no longer. It is
// not inlined, so that Holds is: most switches are off.
//
//go:noinline
func (s *Switch) hasEnded(now time.Time) bool { return s != nil && s.On && isOver(s.Until, now) }

// terms are its reason and its end in words, behind other words.
func (s *Switch) terms() string {
	text := quoted(s.Reason)
	if !s.Until.IsZero() {
		text += " until " + moment(s.Until)
	}
	return text
}
