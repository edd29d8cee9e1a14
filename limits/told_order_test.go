package limits_test

import (
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/limits"
)

// exchange has gates tell each other what they know, as a store does: of one ID the later stays.
func exchange(t *testing.T, now time.Time, kept map[string]limits.Told, gates ...*heldBy) {
	t.Helper()
	for _, g := range gates {
		seen := map[string]bool{}
		list := g.Tell(now)
		for _, told := range list {
			if seen[told.StoreID()] {
				t.Errorf("%s is told twice at once, which a store may refuse", told.StoreID())
			}
			seen[told.StoreID()] = true
			if before, ok := kept[told.StoreID()]; !ok || told.Changed.After(before.Changed) {
				kept[told.StoreID()] = told
			}
		}
		g.WasTold(list, g.counters)
	}
	for _, g := range gates {
		for _, told := range kept {
			g.Hear(now, told, g.counters)
		}
	}
}

type heldBy struct {
	*limits.Holds
	counters *limits.Counters
}

// newHeldBy is a gate with the secret that all have.
func newHeldBy(now time.Time) *heldBy {
	g := &heldBy{limits.NewHolds(), limits.New(now)}
	g.UseSecret([]byte("of all gates"))
	return g
}

func (g *heldBy) begin(now time.Time) string {
	of, _ := holding(g.counters, 15*time.Minute, time.Minute)
	hash := g.counters.Hash()
	of.Key = hash.Key(block.Counter, block.Values...)
	return g.Begin(now, of, block, 1)
}

// The clocks of gates differ: a release by one whose clock is behind is one for all, and so is
// what is held afterwards.
func TestGatesAgreeWhateverTheirClocks(t *testing.T) {
	now := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	for _, ahead := range []time.Duration{-time.Minute, 0, time.Minute} {
		first, second, kept := newHeldBy(now), newHeldBy(now), map[string]limits.Told{}
		id := first.begin(now.Add(ahead))
		for step, c := range []struct {
			do   func()
			held int
		}{
			{func() {}, 1},
			{func() { second.Release(now, second.counters, id) }, 0},
			{func() { second.begin(now) }, 1},
			{func() { first.Release(now.Add(ahead), first.counters, id) }, 0},
			// Before others are told of a release, the same is held again.
			{func() { second.begin(now); second.Release(now, second.counters, id); second.begin(now) }, 1},
		} {
			c.do()
			exchange(t, now, kept, first, second)
			exchange(t, now, kept, first, second)
			if a, b := first.Len(now), second.Len(now); a != c.held || b != c.held {
				t.Errorf("with a clock that is ahead by %s, after step %d: they hold %d and %d, want %d", ahead, step, a, b, c.held)
			}
		}
	}
}

// What is heard of a hold that began after a release is all that is told of it from then on.
func TestAHoldThatIsHeardTakesThePlaceOfARelease(t *testing.T) {
	now := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	first, second := newHeldBy(now), newHeldBy(now)
	id := first.begin(now)
	first.Release(now, first.counters, id)
	second.begin(now.Add(time.Minute))
	first.Hear(now.Add(time.Minute), second.Tell(now.Add(time.Minute))[0], first.counters)
	later := now.Add(16 * time.Minute)
	first.begin(later) // half open, and exceeded again
	if told := first.Tell(later); len(told) != 1 || told[0].Released || told[0].Repeats != 1 {
		t.Errorf("told is %+v", told)
	}
}

// clearer counts what is cleared.
type clearer struct {
	*limits.Counters
	all, own int
}

func (c *clearer) Clear(keys ...limits.Key)    { c.all += len(keys) }
func (c *clearer) ClearOwn(keys ...limits.Key) { c.own += len(keys) }

// What gates count together is cleared by the one that releases, and by none that hears of it: it
// has counted again since.
func TestWhatIsCountedTogetherIsClearedOnce(t *testing.T) {
	now := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	first, second := newHeldBy(now), newHeldBy(now)
	releases, hears := &clearer{Counters: first.counters}, &clearer{Counters: second.counters}
	id := first.begin(now)
	second.Hear(now, first.Tell(now)[0], hears)
	first.Release(now.Add(time.Second), releases, id)
	second.Hear(now.Add(time.Second), first.Tell(now.Add(time.Second))[0], hears)
	if releases.all == 0 || releases.own != 0 || hears.all != 0 || hears.own == 0 || second.Len(now) != 0 {
		t.Errorf("who releases clears %d and %d of its own, who hears of it %d and %d", releases.all, releases.own, hears.all, hears.own)
	}
}
