package redis_test

import (
	"slices"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	server "github.com/caddy-tollgate/tollgate/internal/harness/redis"
	"github.com/caddy-tollgate/tollgate/internal/holds"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/limits/redis"
)

// holder is a gate with counters in Redis, and what it holds.
type holder struct {
	*redis.Counters
	*limits.Holds
}

const heldWindow = 10 * time.Minute

var heldBlock = limits.Subject{Limit: "block", Counter: "block", Values: []string{"1201555"}}

// send asks for one send to the block, which holds it once two have passed.
func (h *holder) send(at time.Time) (passed bool) {
	d := redis.Demand(heldWindow, 2, heldBlock.Counter, heldBlock.Values...)
	demands := []limits.Demand{d}
	switch tried := h.Try(at, &d, limits.Number{}); tried.Status {
	case limits.Held:
		return false
	case limits.HalfOpen:
		demands = append(demands, d.Half(tried.Repeats, d.Limit))
	}
	_, ok := h.Reserve(at, demands)
	if !ok {
		h.Begin(at, limits.Holding{Key: d.Key, For: 15 * time.Minute, Window: heldWindow, Limit: 2}, heldBlock, 1)
	}
	return ok
}

// passed is how many of five sends pass.
func (h *holder) passed(at time.Time) (n int) {
	for range 5 {
		if h.send(at) {
			n++
		}
	}
	return n
}

// release releases what is held, and returns what is to be told of it.
func (h *holder) release(t *testing.T, at time.Time) []limits.Told {
	t.Helper()
	list := h.List(at)
	if len(list) != 1 || h.Release(at, h.Counters, list[0].ID) != 1 {
		t.Fatalf("nothing is released of %+v", list)
	}
	told := h.Tell(at)
	h.WasTold(told, h.Counters)
	return told
}

func (h *holder) hear(at time.Time, told []limits.Told) {
	for _, one := range told {
		h.Hear(at, one, h.Counters)
	}
}

// What one gate releases has its amount again, once: no other gate that is told of it forgets
// what has passed since.
func TestWhatIsReleasedHasItsAmountAgainOnce(t *testing.T) {
	s := server.Start(t)
	var gates []holder
	for range 3 {
		gates = append(gates, holder{start(t, s.Address), limits.NewHolds()})
	}
	now := time.Now()
	for i, want := range []int{2, 0, 0} {
		if passed := gates[i].passed(now); passed != want {
			t.Errorf("%d passed gate %d, want %d", passed, i, want)
		}
	}
	told := gates[0].release(t, now.Add(time.Second))
	if passed := gates[0].passed(now.Add(time.Second)); passed != 2 {
		t.Errorf("%d passed once it was released, want 2", passed)
	}
	for i := range gates[1:] {
		gates[1+i].hear(now.Add(2*time.Second), told)
		if passed := gates[1+i].passed(now.Add(2 * time.Second)); passed != 0 {
			t.Errorf("%d more passed gate %d once it heard of the release", passed, i)
		}
	}
}

// What the half of a limit has counted goes too.
func TestNothingIsCountedInRedisOfWhatIsReleased(t *testing.T) {
	h := holder{start(t, server.Start(t).Address), limits.NewHolds()}
	now := epoch
	h.SetClock(func() time.Time { return now })
	h.passed(now)
	now = now.Add(16 * time.Minute)
	if passed := h.passed(now); passed != 1 {
		t.Fatalf("%d passed while it is half open, want 1", passed)
	}
	h.release(t, now)
	if counted, err := h.Counted(); err != nil || len(counted) != 0 {
		t.Errorf("counted are %q, %v", counted, err)
	}
	if passed := h.passed(now); passed != 2 {
		t.Errorf("%d passed once it was released, want 2", passed)
	}
}

// What was in flight when a hold was released, and is rejected by the carrier, takes nothing from
// what was counted since, whichever gate released it.
func TestWhatWasReservedBeforeAReleaseIsNotTakenFromWhatCameAfter(t *testing.T) {
	s := server.Start(t)
	for _, c := range []struct {
		name   string
		change func(*limits.Demand)
	}{
		{"of sends", func(*limits.Demand) {}},
		{"of numbers", func(d *limits.Demand) { d.Item = 7 }},
		{"of a day", func(d *limits.Demand) { d.Period = 20_000 }},
		{"of numbers in a day", func(d *limits.Demand) { d.Item, d.Period = 7, 20_000 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			first, second := start(t, s.Address), start(t, s.Address)
			now, hash := time.Now(), first.Hash()
			demand := func(item uint64) []limits.Demand {
				d := limits.Demand{Key: hash.Key(c.name), Window: time.Hour, Limit: 3, Amount: 1}
				if c.change(&d); d.Item != 0 {
					d.Item = item
				}
				return []limits.Demand{d}
			}
			reserve := func(item uint64) []limits.Demand {
				d := demand(item)
				if refused, ok := first.Reserve(now, d); !ok {
					t.Fatalf("refused: %+v", refused)
				}
				return d
			}
			used := func() int64 {
				d := demand(99)[0]
				n, _ := first.Used(now, &d)
				return n
			}
			var inFlight [][]limits.Demand
			for generation := range 3 { // cleared again and again
				before := reserve(7)
				inFlight = append(inFlight, before)
				if n := used(); n != 1 {
					t.Errorf("in generation %d, %d are counted, want 1", generation, n)
				}
				second.Clear(before[0].Key)
			}
			same, other := reserve(7), reserve(8)
			for _, before := range inFlight {
				first.GiveBack(before)
			}
			if n := used(); n != 2 {
				t.Errorf("%d are counted since, want 2", n)
			}
			first.GiveBack(same)
			first.GiveBack(other)
			if n := used(); n != 0 {
				t.Errorf("%d are left of what was given back since, want none", n)
			}
		})
	}
}

// Gates that count in Redis and have no store hold the same, by the same IDs, over a restart of each,
// and of a Redis that has lost all it had.
func TestGatesWithoutAStoreHoldTheSameByRedis(t *testing.T) {
	s := server.Start(t)
	now := time.Now()
	gate := func() *holds.Exchange { return &holds.Exchange{Held: limits.NewHolds(), Counters: start(t, s.Address)} }
	run := func(g *holds.Exchange) {
		t.Helper()
		if err := g.Run(t.Context(), g.Counters.(*redis.Counters).Holds(), now); err != nil {
			t.Error(err)
		}
	}
	ids := func(g *holds.Exchange) (list []string) {
		for _, h := range g.Held.List(now) {
			list = append(list, h.ID)
		}
		return list
	}
	expect := func(says string, want []string, of ...*holds.Exchange) {
		t.Helper()
		for i, g := range of {
			if got := ids(g); !slices.Equal(got, want) {
				t.Errorf("%s: gate %d holds %q, want %q", says, i, got, want)
			}
		}
	}
	begin := func(g *holds.Exchange, number string) {
		subject := heldBlock
		subject.Values = []string{number}
		hash := g.Counters.Hash()
		g.Held.Begin(now, limits.Holding{Key: hash.Key(subject.Counter, number), For: 15 * time.Minute, Window: heldWindow, Limit: 2}, subject, 1)
	}
	first, second := gate(), gate()
	begin(first, "12015550001")
	run(second) // who asks first makes the secret
	run(first)
	begin(second, "12015550002")
	run(second)
	run(first)
	both := ids(first)
	if len(both) != 2 {
		t.Fatalf("held are %q", both)
	}
	restarted := gate()
	run(restarted)
	expect("with another gate, and after a restart", both, first, second, restarted)

	second.Held.Release(now, second.Counters, both[0])
	for _, g := range []*holds.Exchange{second, first, restarted} {
		run(g)
	}
	expect("once one is released", both[1:], first, second, restarted)

	if err := first.Counters.(*redis.Counters).Flush(); err != nil {
		t.Fatal(err)
	}
	for range 2 { // they find that it has less, and tell it what they know
		run(first)
		run(second)
	}
	after := gate()
	run(after)
	run(restarted)
	run(restarted)
	again := ids(after)
	if len(again) != 1 {
		t.Errorf("a Redis that has lost all has %q", again)
	}
	expect("once Redis has lost all it had", again, first, second, restarted, after)
}

// What is released while Redis is away or stalled is free, and still is when it is back.
func TestWhatIsReleasedWhileRedisIsAwayIsFreeOnceItIsBack(t *testing.T) {
	s := server.Start(t)
	h := holder{start(t, s.Address, func(o *redis.Options) { o.Timeout = patient }), limits.NewHolds()}
	now := time.Now()
	if passed := h.passed(now); passed != 2 {
		t.Fatalf("%d passed, want 2", passed)
	}
	s.Stall(t)
	began := time.Now()
	h.release(t, now)
	if took := time.Since(began); took > 2*patient {
		t.Errorf("the release took %s", took)
	}
	s.Continue(t)
	harness.Await(t, "Redis is back", h.Available)
	if passed := h.passed(now); passed != 2 {
		t.Errorf("after a stall, %d passed, want 2", passed)
	}
	s.Kill(t)
	h.release(t, now.Add(time.Second))
	s.Restart(t)
	harness.Await(t, "Redis is back", h.Available)
	if passed := h.passed(now.Add(time.Second)); passed != 2 {
		t.Errorf("after a restart, %d passed, want 2", passed)
	}
}
