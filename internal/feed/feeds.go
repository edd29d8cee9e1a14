package feed

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Feeds are all feeds of a configuration. A nil one has none.
type Feeds struct {
	feeds []*Feed

	merging sync.Mutex
	inForce atomic.Pointer[Set]
	// judged are the rules with the lists in force, as they were last asked for.
	judged atomic.Pointer[judged]
}

// judged are rules, and the same with the lists of a set.
type judged struct {
	from *gate.Rules
	set  *Set
	with gate.Rules
}

// New returns feeds with the lists that they have.
func New(feeds []*Feed) *Feeds {
	f := &Feeds{feeds: feeds}
	f.merge()
	return f
}

// merge puts the lists that the feeds have in force, all at once.
func (f *Feeds) merge() {
	f.merging.Lock()
	defer f.merging.Unlock()
	members := make([]Member, len(f.feeds))
	for i, feed := range f.feeds {
		members[i] = Member{feed.Name, feed.Use, feed.List()}
	}
	f.inForce.Store(NewSet(members))
}

// All are the feeds, in the order in which they are stated.
func (f *Feeds) All() []*Feed {
	if f == nil {
		return nil
	}
	return f.feeds
}

// Named is the feed of a name, nil if there is none.
func (f *Feeds) Named(name string) *Feed {
	for _, feed := range f.All() {
		if feed.Name == name {
			return feed
		}
	}
	return nil
}

// Set has the lists in force.
func (f *Feeds) Set() *Set {
	if f == nil {
		return new(Set)
	}
	return f.inForce.Load()
}

// Rules returns the rules in force with the lists in force. Who judges a request asks once, so that
// one set of lists judges all of it.
func (f *Feeds) Rules(rules *gate.Rules) *gate.Rules {
	if f == nil {
		return rules
	}
	set := f.inForce.Load()
	if j := f.judged.Load(); j != nil && j.from == rules && j.set == set {
		return &j.with
	}
	j := &judged{rules, set, *set.with(rules)}
	f.judged.Store(j)
	return &j.with
}

// With returns other rules than those in force with the lists in force.
func (f *Feeds) With(rules *gate.Rules) *gate.Rules {
	if f == nil {
		return rules
	}
	return f.inForce.Load().with(rules)
}

// with returns rules that judge by the set, too.
func (s *Set) with(rules *gate.Rules) *gate.Rules {
	with := *rules
	lists := lists{Set: s}
	if s.raises {
		lists.raised = numbering.Raise(rules.Plan, s)
		with.Plan = lists.raised
	}
	if s.blocks || s.raises {
		with.Snapshot = rules.Snapshot.WithFeeds(lists)
	}
	return &with
}

// lists are a set, with the plan whose numbers it raises, nil if it raises none. They implement
// policy.Feeds.
type lists struct {
	*Set
	raised *numbering.RaisedPlan
}

// RaisedBy is of policy.Feeds.
func (l lists) RaisedBy(digits string, class policy.Class) string {
	if l.raised == nil {
		return ""
	}
	if kind, words, raised := l.raised.RaisedBy(digits); raised && kind == policy.KindOf(class) {
		return words
	}
	return ""
}

// Update asks the sources of all feeds, one after the other.
func (f *Feeds) Update(ctx context.Context) {
	for _, feed := range f.All() {
		f.update(ctx, feed)
	}
}

func (f *Feeds) update(ctx context.Context, feed *Feed) error {
	changed, err := feed.Update(ctx)
	if changed {
		f.merge()
	}
	if err == nil {
		feed.keep(ctx)
	}
	return err
}

// How long after a failure a source is asked again, unless its interval is shorter: after the first
// one soon, since the network may not be there yet, and after each further one twice as long.
const (
	firstRetry = time.Second
	lastRetry  = 5 * time.Minute
)

// Watch asks each source at its interval. Stop ends that, and waits until it has ended.
func (f *Feeds) Watch() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var watching sync.WaitGroup
	for _, feed := range f.All() {
		watching.Go(func() { f.watch(ctx, feed) })
	}
	return func() {
		cancel()
		watching.Wait()
	}
}

func (f *Feeds) watch(ctx context.Context, feed *Feed) {
	feed.keep(ctx) // what was read before the watch began
	defer feed.next.Store(nil)
	timer := time.NewTimer(feed.askIn(feed.due()))
	defer timer.Stop()
	retry := firstRetry
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		wait := feed.Interval
		if f.update(ctx, feed) != nil {
			wait, retry = min(wait, retry), min(2*retry, lastRetry)
		} else {
			retry = firstRetry
		}
		timer.Reset(feed.askIn(wait))
	}
}

// askIn notes in how long the source is asked.
func (f *Feed) askIn(wait time.Duration) time.Duration {
	next := f.Now().Add(wait)
	f.next.Store(&next)
	return wait
}

// due is in how long the source is to be asked: at once, if it was not yet.
func (f *Feed) due() time.Duration {
	s := f.current()
	if s.asked.IsZero() || s.failure != nil {
		return 0
	}
	return max(0, f.Interval-f.Now().Sub(s.asked))
}
