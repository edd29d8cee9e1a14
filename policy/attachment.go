package policy

import (
	"maps"
	"time"
)

// Attachment is what holds for an account beside what it states, whatever states that. It
// may be of an account that is not defined: once that is, the attachment is in force.
type Attachment struct {
	// Account by its own ID.
	Account string
	// Suspended suspends the account, as its own statement does.
	Suspended Switch
	// Openings of the account, besides those that it states.
	Openings []Opening
}

// isNothing reports whether nothing is attached.
func (t *Attachment) isNothing() bool { return !t.Suspended.On && len(t.Openings) == 0 }

// attachedTo is what is attached once each of a list has replaced what was attached to its
// account before.
func attachedTo(before map[string]*Attachment, list []Attachment) map[string]*Attachment {
	if len(list) == 0 {
		return before
	}
	attached := maps.Clone(before)
	if attached == nil {
		attached = make(map[string]*Attachment, len(list))
	}
	for _, t := range list {
		if t.isNothing() {
			delete(attached, t.Account)
			continue
		}
		attached[t.Account] = &t
	}
	return attached
}

// attach gives an account what is attached to it now.
func (s *Snapshot) attach(a *account) {
	attached := s.attached[a.id]
	if attached == a.attached {
		return
	}
	details := *a.details
	details.attached = attached
	details.openings = attached.openings(a.id, details.openings[:details.statedOpenings])
	a.details = &details
}

// openings are those that an account states, and those that are attached to it.
func (t *Attachment) openings(id string, stated []opening) []opening {
	if t == nil {
		return stated
	}
	return append(stated[:len(stated):len(stated)], newOpenings(ownerPrefix+id, t.Openings)...)
}

// isSuspended reports whether an account is suspended, by what it states or what is attached
// to it. It is inlined: of most accounts neither says anything.
func (d *details) isSuspended(now time.Time) bool {
	return (d.suspended != nil || d.attached != nil) && d.isSuspendedAt(now)
}

//go:noinline
func (d *details) isSuspendedAt(now time.Time) bool { return d.suspension(now).Holds(now) }

// suspension is what suspends an account. Where nothing does, it is what did, or nil.
func (d *details) suspension(now time.Time) *Switch {
	if d.attached == nil || d.suspended.Holds(now) {
		return d.suspended
	}
	if attached := &d.attached.Suspended; d.suspended == nil || attached.Holds(now) {
		return attached
	}
	return d.suspended
}
