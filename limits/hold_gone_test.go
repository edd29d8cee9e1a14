package limits_test

import (
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/limits"
)

// A hold that only a person ends goes by itself once its limit is gone for a day, for all gates. One
// whose limit is stated stays.
func TestAHoldWhoseLimitIsGoneGoesByItself(t *testing.T) {
	now := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	g, other := newHeldBy(now), newHeldBy(now)
	g.begin(now)
	for held, _ := g.first(now); !held.Until.IsZero(); held, _ = g.first(now) {
		now = held.Until
		g.begin(now)
	}
	kept := map[string]limits.Told{}
	exchange(t, now, kept, g, other)
	isStated := true
	look := func(after time.Duration, want int) {
		t.Helper()
		now = now.Add(after)
		if released := g.ReleaseGone(now, func(s *limits.Subject) bool { return isStated && s.Counter == block.Counter }); len(released) != want {
			t.Errorf("%d are released, want %d", len(released), want)
		}
	}
	look(0, 0)
	look(48*time.Hour, 0)
	isStated = false
	look(0, 0)
	look(24*time.Hour-1, 0)
	isStated = true
	look(1, 0) // it is stated again
	isStated = false
	look(time.Hour, 0)
	look(24*time.Hour-1, 0)
	look(1, 1)
	exchange(t, now, kept, g, other)
	if g.Any() || other.Any() {
		t.Error("it is still held")
	}
}

// One that ends by itself is over at its time, whatever is stated.
func TestAHoldWithAnEndGoesAtItsTimeThoughItsLimitIsGone(t *testing.T) {
	now := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	g := newHeldBy(now)
	g.begin(now)
	gone := func(*limits.Subject) bool { return false }
	for _, after := range []time.Duration{0, 10 * time.Minute} {
		if released := g.ReleaseGone(now.Add(after), gone); len(released) != 0 || g.Len(now.Add(after)) != 1 {
			t.Errorf("after %s, %d are released", after, len(released))
		}
	}
	if over := now.Add(17 * time.Minute); g.Len(over) != 0 {
		t.Error("it is held after its end")
	}
}

// first is the one hold of a gate.
func (g *heldBy) first(now time.Time) (limits.Hold, bool) {
	for _, h := range g.List(now) {
		return h, true
	}
	return limits.Hold{}, false
}
