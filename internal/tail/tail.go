package tail

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/time/rate"

	"github.com/caddy-tollgate/tollgate/audit/refusals"
)

const (
	// most is how many may follow at once.
	most = 64
	// queue is how many events wait for a follower. An attack is thousands of denials a second:
	// a follower gets as many as that at once, and eventsPerSecond from then on.
	queue           = 256
	eventsPerSecond = 50
)

// The errors of Follow.
var (
	ErrMany  = errors.New("too many clients follow decisions already: try again once another one has ended")
	ErrEnded = errors.New("the configuration has been replaced: try again")
)

// Event is a decision. That of a refusal is as its record; of what was let through the outcome
// is "allow", and there may be neither a reason nor a rule.
type Event struct {
	refusals.Refusal
	// Sends is how many there are in the request.
	Sends int `json:"sends"`
}

// Filter says of which decisions a follower is told.
type Filter struct {
	// Account and Reason that they have; empty: any.
	Account, Reason string
	// Sends says that it is told of what was let through, too.
	Sends bool
	// Reaches reports whether it may be told of an account.
	Reaches func(account string) bool
}

func (f *Filter) selects(e *Event) bool {
	return (f.Account == "" || f.Account == e.Account) && (f.Reason == "" || f.Reason == e.Reason) && f.Reaches(e.Account)
}

// Tail tells followers of decisions. The zero value has none. All methods may be called at once.
type Tail struct {
	// followers are replaced as a whole, so that no decision waits for a change of them.
	followers atomic.Pointer[[]*Follower]

	changing sync.Mutex
	ended    bool
}

// Follower is told of decisions until it is closed.
type Follower struct {
	filter  Filter
	of      *Tail
	pace    *rate.Limiter
	events  chan Event
	ended   chan struct{}
	skipped atomic.Int64
}

// Events are those that the follower is told of.
func (f *Follower) Events() <-chan Event { return f.events }

// Ended is closed once the tail has ended: nothing comes any more.
func (f *Follower) Ended() <-chan struct{} { return f.ended }

// Skipped is of how many it was not told since it was asked the last time.
func (f *Follower) Skipped() int64 { return f.skipped.Swap(0) }

// Close ends following.
func (f *Follower) Close() {
	f.of.change(func(all []*Follower) []*Follower {
		return slices.DeleteFunc(all, func(other *Follower) bool { return other == f })
	})
}

// Follow begins to follow.
func (t *Tail) Follow(filter Filter) (*Follower, error) {
	f := &Follower{filter: filter, of: t, pace: rate.NewLimiter(eventsPerSecond, queue), events: make(chan Event, queue), ended: make(chan struct{})}
	err := ErrEnded
	t.change(func(all []*Follower) []*Follower {
		switch {
		case t.ended:
			return all
		case len(all) >= most:
			err = ErrMany
			return all
		}
		err = nil
		return append(all, f)
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// change replaces the followers.
func (t *Tail) change(do func([]*Follower) []*Follower) {
	t.changing.Lock()
	defer t.changing.Unlock()
	all := do(slices.Clone(t.all()))
	if len(all) == 0 {
		t.followers.Store(nil)
		return
	}
	t.followers.Store(&all)
}

// all are the followers.
func (t *Tail) all() []*Follower {
	if all := t.followers.Load(); all != nil {
		return *all
	}
	return nil
}

// Wants reports whether any follower is told of what was let through, or of what was not.
func (t *Tail) Wants(letThrough bool) bool {
	for _, f := range t.all() {
		if f.filter.Sends || !letThrough {
			return true
		}
	}
	return false
}

// Tell tells all followers of a decision. It waits for none: what is too much for a follower is
// skipped.
func (t *Tail) Tell(e Event) {
	letThrough := e.Outcome == "allow"
	for _, f := range t.all() {
		if letThrough && !f.filter.Sends || !f.filter.selects(&e) {
			continue
		}
		if !f.pace.Allow() {
			f.skipped.Add(1)
			continue
		}
		select {
		case f.events <- e:
		default:
			f.skipped.Add(1)
		}
	}
}

// End ends the tail for all followers, and for those who would begin.
func (t *Tail) End() {
	t.change(func(all []*Follower) []*Follower {
		t.ended = true
		for _, f := range all {
			close(f.ended)
		}
		return nil
	})
}
