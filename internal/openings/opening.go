package openings

import (
	"slices"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Opening permits an account to send to a destination for a time. It is not changed: what is
// done to it makes another one of the same ID. Times are in UTC, in whole seconds.
type Opening struct {
	ID string
	// Account by its own ID.
	Account string
	// Channel that it opens. Messaging is all messages.
	Channel policy.Channel
	To      Destination
	// Class of numbers, for voice to territories. Another opening has LowRisk, which says
	// nothing there: a prefix opens all its numbers, of any class.
	Class policy.Class
	// From when it is open, and until when.
	From, Until time.Time
	// Reason and Ticket are why.
	Reason, Ticket string

	Requested   access.Author
	RequestedAt time.Time
	// Marks are why it was risky when it was requested.
	Marks []Mark
	// Needed is how many approvals it needs, by what was configured when it was requested:
	// a later configuration closes nothing that is open, and opens nothing that waits.
	Needed    int
	Approvals []Approval
	// Acknowledged says that who requested it knows of the marks.
	Acknowledged bool

	// EndedAt is when it was ended by hand, before its time; zero is not.
	EndedAt time.Time
	EndedBy string
}

// Approval is one of the approvals of an opening.
type Approval struct {
	By access.Author
	At time.Time
}

// State is what an opening is at a time.
type State string

// The states.
const (
	// Pending waits for approvals.
	Pending State = "pending"
	// Scheduled is approved, and begins later.
	Scheduled State = "scheduled"
	// Open permits.
	Open State = "open"
	// Ended was open, or would have been, until its time or until it was ended by hand.
	Ended State = "ended"
	// Expired was never approved in time.
	Expired State = "expired"
)

// States are all of them.
var States = []State{Pending, Scheduled, Open, Ended, Expired}

// StateAt returns what the opening is at a time. One that was ended by hand is never open,
// even if the clock of the gate that ended it was ahead.
func (o *Opening) StateAt(now time.Time) State {
	isOver := !now.Before(o.Until)
	switch {
	case !o.EndedAt.IsZero():
		return Ended
	case !o.isApproved() && isOver:
		return Expired
	case !o.isApproved():
		return Pending
	case isOver:
		return Ended
	case now.Before(o.From):
		return Scheduled
	}
	return Open
}

// IsGranted reports whether the opening was approved, and was not ended by hand: then it
// permits from its beginning to its end.
func (o *Opening) IsGranted() bool { return o.isApproved() && o.EndedAt.IsZero() }

func (o *Opening) isApproved() bool { return len(o.Approvals) >= o.Needed }

// clone returns a copy that shares nothing with the opening.
func (o *Opening) clone() *Opening {
	c := *o
	c.Marks = slices.Clone(o.Marks)
	c.Approvals = slices.Clone(o.Approvals)
	return &c
}
