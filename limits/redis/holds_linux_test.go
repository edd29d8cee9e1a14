package redis_test

import (
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	server "github.com/caddy-tollgate/tollgate/internal/harness/redis"
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
	switch tried := h.Try(at, &d); tried.Status {
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
	if len(list) != 1 || !h.Release(at, list[0].ID, h.Counters) {
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
func TestNothingIsLeftInRedisOfWhatIsReleased(t *testing.T) {
	h := holder{start(t, server.Start(t).Address), limits.NewHolds()}
	now := epoch
	h.SetClock(func() time.Time { return now })
	h.passed(now)
	now = now.Add(16 * time.Minute)
	if passed := h.passed(now); passed != 1 {
		t.Fatalf("%d passed while it is half open, want 1", passed)
	}
	h.release(t, now)
	if keys, err := h.Keys(); err != nil || len(keys) != 0 {
		t.Errorf("left are %q, %v", keys, err)
	}
	if passed := h.passed(now); passed != 2 {
		t.Errorf("%d passed once it was released, want 2", passed)
	}
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
