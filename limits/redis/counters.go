package redis

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/rueidis"

	"github.com/caddy-tollgate/tollgate/limits"
)

// Options say where counters are, and what becomes of requests while they are away.
type Options struct {
	// Address is where the server is; see ReadAddress.
	Address string
	// Prefix is what all keys begin with.
	Prefix string
	// Timeout is how long a request waits at most.
	Timeout time.Duration
	// Deny refuses what limits count while the server is away. Otherwise this process counts
	// for itself meanwhile.
	Deny bool
	// Asked is told how long each request waited.
	Asked func(time.Duration)
	// Changed is told when the server is away, why, and, with nil, when it is back. An error
	// is told again with each attempt.
	Changed func(error)
	// Own is what other counters of this process had, to go on from; nil to begin at zero.
	Own *Own
}

// Own is what a process has by itself, whichever server it counts on: what it has reserved, the
// calls in progress that it has forwarded, and what it owes the server. Several counters may have it
// at once.
type Own struct {
	counted *limits.Counters
	owed    owed
}

// NewOwn returns that of a process which has counted nothing.
func NewOwn() *Own { return &Own{counted: limits.New(time.Now())} }

// Counters are those that several processes have together.
type Counters struct {
	Options
	option rueidis.ClientOption
	// local counts what this process has reserved, to go on from while the server is away.
	local *limits.Counters
	owed  *owed
	// server is nil while it is away.
	server atomic.Pointer[server]

	lost    chan error // why the server is away
	ended   context.Context
	stop    context.CancelFunc
	first   chan struct{} // closed once it was tried to connect
	started sync.Once
	tell    sync.Once
	wait    sync.WaitGroup
}

// New returns counters that are away until they are started.
func New(o Options) (*Counters, error) {
	option, err := ReadAddress(o.Address)
	if err != nil {
		return nil, fmt.Errorf("reading the address: %w", err)
	}
	if o.Own == nil {
		o.Own = NewOwn()
	}
	c := &Counters{Options: o, option: option, local: o.Own.counted, owed: &o.Own.owed, lost: make(chan error, 1), first: make(chan struct{})}
	c.ended, c.stop = context.WithCancel(context.Background())
	return c, nil
}

func (c *Counters) changed(err error) {
	if c.Changed != nil {
		c.Changed(err)
	}
}

// Hash is the same in all processes.
func (c *Counters) Hash() limits.Hasher { return limits.Hasher{} }

// batch is how many demands a script is asked at most: it keeps the server, and the requests of
// all gates, waiting for some milliseconds. A message to thousands of recipients asks more.
const batch = 500

// Reserve reserves all demands, or none if one of them is over its limit. Of more than a batch,
// others may be refused for what is then given back.
func (c *Counters) Reserve(at time.Time, demands []limits.Demand) (limits.Refused, bool) {
	first := 0
	for part := range slices.Chunk(demands, batch) {
		got, late := c.reserve(allOrNone, part)
		if got == nil {
			return c.reserveAlone(at, demands, part, late)
		}
		if refused, isRefused := got.refused(); isRefused {
			c.giveBackShared(demands[:first])
			refused.Index = first + placeOf(part, refused.Index)
			return refused, false
		}
		got.adopt(part)
		first += len(part)
	}
	refused, ok := c.reserveOwn(at, demands)
	if !ok {
		c.giveBackShared(demands)
	}
	return refused, ok
}

// isOwn reports whether each process counts a demand by itself: only that knows what is to be
// converted, and which calls have ended.
func isOwn(d limits.Demand) bool { return d.Repeats || d.InProgress }

// placeOf is the place of that of the demands which is the one of a number of those that processes
// share.
func placeOf(demands []limits.Demand, number int) int {
	for i := range demands {
		if isOwn(demands[i]) {
			continue
		}
		if number == 0 {
			return i
		}
		number--
	}
	return 0
}

// reserveOwn counts in this process what the server has reserved, to go on from, and what each
// process counts by itself. Only the latter can be refused: parts of windows begin at other times
// here, so the others may be over their limits for a moment longer.
func (c *Counters) reserveOwn(at time.Time, demands []limits.Demand) (limits.Refused, bool) {
	refused, ok := c.local.Reserve(at, demands)
	if ok || isOwn(demands[refused.Index]) {
		return refused, ok
	}
	for i := range demands {
		if !isOwn(demands[i]) {
			demands[i].Warned = 0 // the next one tells it
			continue
		}
		if refused, ok := c.local.Reserve(at, demands[i:i+1]); !ok {
			c.local.GiveBack(demands)
			refused.Index = i
			return refused, false
		}
	}
	return limits.Refused{}, true
}

// reserveAlone decides without the server, of which the answer about a part may come late.
func (c *Counters) reserveAlone(at time.Time, demands, part []limits.Demand, late *lateAnswer) (limits.Refused, bool) {
	refused, ok := limits.Refused{Unavailable: true}, false
	if !c.Deny {
		refused, ok = c.local.Reserve(at, demands)
	}
	if !ok {
		c.giveBackShared(demands)
		c.giveBackLate(late, part)
	}
	return refused, ok
}

// ReserveEach reserves each demand by itself. What only records is counted by this process while
// the server is away.
func (c *Counters) ReserveEach(at time.Time, demands []limits.Demand) {
	for part := range slices.Chunk(demands, batch) {
		got, _ := c.reserve(each, part)
		if got == nil {
			c.local.ReserveEach(at, part)
			continue
		}
		got.adopt(part)
		for i := range part {
			if part[i].Shared != 0 || isOwn(part[i]) {
				c.local.Reserve(at, part[i:i+1])
			}
		}
	}
}

// GiveBack takes back what was reserved, as soon as the server is there.
func (c *Counters) GiveBack(demands []limits.Demand) {
	c.local.GiveBack(demands)
	c.giveBackShared(demands)
}

// giveBackShared takes back what the server has reserved. What it does not answer to stays counted.
func (c *Counters) giveBackShared(demands []limits.Demand) {
	for part := range slices.Chunk(demands, batch) {
		var reserved []limits.Demand // a copy: it may be read once no one waits any more
		for i := range part {
			if part[i].Shared != 0 {
				reserved = append(reserved, part[i])
				part[i].Shared = 0
			}
		}
		s := c.server.Load()
		switch {
		case len(reserved) == 0:
		case s == nil:
			c.owed.add(reserved)
		default:
			await(c, s, func(ctx context.Context) (struct{}, error) { return struct{}{}, s.giveBack(ctx, reserved) })
		}
	}
}

// Used is how much there is of a demand's key, and negative while that is unknown.
func (c *Counters) Used(at time.Time, d *limits.Demand) (used int64, hasRoom bool) {
	if isOwn(*d) {
		return c.local.Used(at, d)
	}
	if s := c.server.Load(); s != nil {
		type answer struct {
			used    int64
			hasRoom bool
		}
		asked := *d
		got, _ := await(c, s, func(ctx context.Context) (a answer, err error) {
			a.used, a.hasRoom, err = s.used(ctx, &asked)
			return a, err
		})
		if got != nil {
			return got.used, got.hasRoom
		}
	}
	if c.Deny {
		return -1, true
	}
	return c.local.Used(at, d)
}

// lateAnswer is that of a server that no request waits for any more.
type lateAnswer struct {
	server *server
	answer <-chan *answer
}

// reserve asks the server about a batch. The answer is nil if it is away; one that comes late may be that
// demands are reserved.
func (c *Counters) reserve(mode mode, demands []limits.Demand) (answer, *lateAnswer) {
	asked := slices.DeleteFunc(slices.Clone(demands), isOwn)
	if len(asked) == 0 {
		return answer{1}, nil
	}
	s := c.server.Load()
	if s == nil {
		return nil, nil
	}
	got, late := await(c, s, func(ctx context.Context) (answer, error) { return s.reserve(ctx, mode, asked) })
	if got == nil {
		return nil, &lateAnswer{s, late}
	}
	return *got, nil
}

// giveBackLate gives back what was reserved for a request that was refused meanwhile. If the
// server never answers, it stays counted: nothing that is counted too little is sent.
func (c *Counters) giveBackLate(late *lateAnswer, demands []limits.Demand) {
	if late == nil {
		return
	}
	asked := slices.Clone(demands)
	go func() {
		got := <-late.answer
		if got == nil {
			return
		}
		if _, isRefused := got.refused(); !isRefused {
			got.adopt(asked)
			asked = slices.DeleteFunc(asked, isOwn)
			_ = late.server.giveBack(context.Background(), asked) // or it stays counted
		}
	}()
}

// await waits for an answer of the server, for the timeout at most: a client may wait longer than
// its context says, while another request connects. The answer is nil if there is none, and then
// the server is not asked again until it is back. One that comes late is in the channel, and nil
// if it never does.
func await[T any](c *Counters, s *server, ask func(context.Context) (T, error)) (*T, <-chan *T) {
	type result struct {
		answer T
		err    error
	}
	// One of the two takes the answer: the request, or what is done with one that is late.
	answered := make(chan result, 1)
	began := time.Now()
	go func() {
		got, err := ask(context.Background())
		answered <- result{got, err}
	}()
	timeout := time.NewTimer(c.Timeout)
	defer timeout.Stop()
	late := make(chan *T, 1)
	select {
	case got := <-answered:
		c.asked(began)
		if got.err == nil {
			return &got.answer, nil
		}
		c.lose(s, got.err)
		late <- nil
	case <-timeout.C:
		c.asked(began)
		c.lose(s, fmt.Errorf("no answer within %s", c.Timeout))
		go func() {
			if got := <-answered; got.err == nil {
				late <- &got.answer
			} else {
				late <- nil
			}
		}()
	}
	return nil, late
}

func (c *Counters) asked(began time.Time) {
	if c.Asked != nil {
		c.Asked(time.Since(began))
	}
}

// Convert takes back what this process has reserved of the item: each counts those by itself.
func (c *Counters) Convert(at time.Time, d *limits.Demand) int64 { return c.local.Convert(at, d) }

// Allowed is how much the limit of a demand allows this process.
func (c *Counters) Allowed(at time.Time, d *limits.Demand) (limit, most int64) {
	return c.local.Allowed(at, d)
}

// Clear forgets what was counted for keys, and while the server is away, once it is back: it waits for
// one timeout at most in which there is no answer.
func (c *Counters) Clear(keys ...limits.Key) {
	c.local.Clear(keys...)
	for len(keys) > 0 {
		s := c.server.Load()
		if s == nil {
			break
		}
		part := slices.Clone(keys[:min(len(keys), batch)]) // it may be read once no one waits any more
		if got, _ := await(c, s, func(ctx context.Context) (struct{}, error) { return struct{}{}, s.clear(ctx, part) }); got == nil {
			break
		}
		keys = keys[len(part):]
	}
	if len(keys) == 0 {
		return
	}
	c.owed.addCleared(keys)
	if s := c.server.Load(); s != nil { // it is back since then
		go c.owed.clear(c.ended, s)
	}
}

// ClearOwn forgets what this process counts for keys by itself.
func (c *Counters) ClearOwn(keys ...limits.Key) { c.local.Clear(keys...) }

// LastCalls says how long the calls of demands may last.
func (c *Counters) LastCalls(at time.Time, demands []limits.Demand, lasts time.Duration) {
	c.local.LastCalls(at, demands, lasts)
}

// ProlongCalls says how long the calls of a name may last that this process has forwarded.
func (c *Counters) ProlongCalls(at time.Time, name limits.Key, lasts time.Duration) {
	c.local.ProlongCalls(at, name, lasts)
}

// NameCalls gives the calls of demands a name by which they end.
func (c *Counters) NameCalls(demands []limits.Demand, name limits.Key) {
	c.local.NameCalls(demands, name)
}

// EndCalls ends the calls of a name that this process has forwarded.
func (c *Counters) EndCalls(name limits.Key) bool { return c.local.EndCalls(name) }

// EndDialled ends the calls that the call of a name has dialled, by an answer that passed this process.
func (c *Counters) EndDialled(name limits.Key) { c.local.EndDialled(name) }
