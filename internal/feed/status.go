package feed

import "time"

// State is how a feed is.
type State string

// The states.
const (
	// Waiting is a feed whose source was not asked yet.
	Waiting State = "waiting"
	// InForce is one whose source had the list in force when it was last asked.
	InForce State = "in_force"
	// Failed is one whose source was away then, or had a list that was refused. The last good list
	// is in force, if there is one.
	Failed State = "failed"
)

// Status is what there is to know of a feed.
type Status struct {
	Name string
	// Source is where the list comes from, without user, password and query.
	Source string
	// Use is "block" or a class, and Channel the one that is blocked, if it is one.
	Use, Channel string
	State        State
	// Prefixes is how many the list in force has.
	Prefixes int
	// Since is when that list came into force, and Confirmed when the source last had it: of a file,
	// when it was written; of a signed list, when it was signed, if its signature says so. They are
	// zero if there is none.
	Since, Confirmed time.Time
	// Age is how long ago Confirmed is, and Old says that this is longer than max_age.
	Age time.Duration
	Old bool
	// Asked is when the source was last asked, and Next when it is asked again; zero if it was not
	// yet, or is not.
	Asked, Next time.Time
	// Failure is why what it had then is not in force.
	Failure string
	// MaxChange is by how much a list may be larger or smaller than this one, in percent.
	MaxChange int
	// Signed says that lists must be, and SignedAt when the list in force was; zero if its signature
	// does not say.
	Signed   bool
	SignedAt time.Time
}

// Status says what there is to know of the feed now.
func (f *Feed) Status() Status {
	s := f.current()
	status := Status{
		Name: f.Name, Source: f.Source.Shown, Use: "block", State: InForce, Prefixes: s.list.Len(),
		Since: s.since, Confirmed: s.confirmed, Old: f.isOld(s), Asked: s.asked, MaxChange: f.MaxChange, Signed: f.Key != "", SignedAt: s.signed,
	}
	if !f.Use.Block {
		status.Use = f.Use.Class.String()
	}
	if f.Use.Channel != nil {
		status.Channel = f.Use.Channel.String()
	}
	if !s.confirmed.IsZero() {
		status.Age = f.Now().Sub(s.confirmed)
	}
	if next := f.next.Load(); next != nil {
		status.Next = *next
	}
	switch err := s.whyNot(); {
	case err == errNotAsked:
		status.State, status.Failure = Waiting, err.Error()
	case err != nil:
		status.State, status.Failure = Failed, err.Error()
	}
	return status
}
