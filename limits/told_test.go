package limits_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/limits"
)

// teller is a gate that tells others of its holds. Its keys are its own.
type teller struct {
	*limits.Holds
	counters *limits.Counters
	of       limits.Holding
	demand   limits.Demand
}

func newTeller(now time.Time) *teller {
	t := &teller{Holds: limits.NewHolds(), counters: limits.New(now)}
	key := t.counters.Key(block.Counter, block.Values...)
	t.of = limits.Holding{Key: key, For: 15 * time.Minute, Window: time.Minute, Limit: 4}
	t.demand = limits.Demand{Key: key, Window: time.Minute, Limit: 4, Amount: 1}
	return t
}

// tell has others hear what a gate tells, as a store would have it.
func (t *teller) tell(test *testing.T, now time.Time, others ...*teller) int {
	test.Helper()
	list := t.Tell(now)
	for i := range list {
		text, err := json.Marshal(&list[i])
		if err != nil {
			test.Fatal(err)
		}
		for _, other := range others {
			var heard limits.Told
			if err := json.Unmarshal(text, &heard); err != nil {
				test.Fatal(err)
			}
			other.Hear(now, heard, other.counters)
		}
	}
	t.WasTold(list, t.counters)
	return len(list)
}

func TestGatesHoldWhatOthersTellOf(t *testing.T) {
	now := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	a, b := newTeller(now), newTeller(now)
	status := func(at time.Duration, of *teller, want limits.Status) {
		t.Helper()
		if tried := of.Try(now.Add(at), &of.demand, limits.Number{}); tried.Status != want {
			t.Errorf("after %s: %+v, want %d", at, tried, want)
		}
	}
	id := a.Begin(now, a.of, block, 1)
	if told := a.tell(t, now, a, b); told != 1 {
		t.Errorf("%d were told of", told)
	}
	if told := a.tell(t, now, b) + b.tell(t, now, a); told != 0 {
		t.Errorf("%d were told of again", told)
	}
	status(time.Second, b, limits.Held)
	for range 5 { // which b sees alone
		status(15*time.Minute-1, b, limits.Held)
	}
	status(15*time.Minute, a, limits.HalfOpen)
	b.tell(t, now.Add(15*time.Minute), a)
	status(15*time.Minute, a, limits.Held)
	if held, _ := a.Of(now.Add(16*time.Minute), a.of.Key); held.ID != id || held.Repeats != 1 || held.Until.Sub(now) != 75*time.Minute {
		t.Errorf("held is %+v", held)
	}
	if a.Release(now.Add(20*time.Minute), a.counters, id) != 1 {
		t.Error("it is not released")
	}
	b.Holds = limits.NewHolds() // it tells of the first hold late
	b.Begin(now, b.of, block, 1)
	b.tell(t, now.Add(20*time.Minute), a)
	status(20*time.Minute, a, limits.Free)
	a.tell(t, now.Add(20*time.Minute), a, b)
	status(20*time.Minute, b, limits.Free)
	if told := a.Tell(now.Add(20 * time.Minute)); len(told) != 0 {
		t.Errorf("told again of %+v", told)
	}
	b.Begin(now.Add(21*time.Minute), b.of, block, 1)
	b.tell(t, now.Add(21*time.Minute), a)
	status(21*time.Minute, a, limits.Held)
}

// What is told of in any order ends the same on all gates.
func TestGatesAgreeInWhateverOrderTheyHear(t *testing.T) {
	epoch := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 18))
		gates := []*teller{newTeller(epoch), newTeller(epoch), newTeller(epoch)}
		var all []limits.Told
		now := epoch
		for range 30 {
			now = now.Add(time.Duration(random.ExpFloat64() * float64(10*time.Minute)))
			g := gates[random.IntN(len(gates))]
			switch random.IntN(4) {
			case 0:
				for _, held := range g.List(now) {
					g.Release(now, g.counters, held.ID)
				}
			case 1:
				for _, told := range all {
					g.Hear(now, told, g.counters)
				}
			default:
				g.Begin(now, g.of, block, 1)
			}
			list := g.Tell(now)
			g.WasTold(list, g.counters)
			all = append(all, list...)
		}
		var want limits.Hold
		var wantHeld bool
		for i, g := range gates {
			for _, at := range random.Perm(len(all)) {
				g.Hear(now, all[at], g.counters)
			}
			held, ok := g.Of(now, g.of.Key)
			held.Refused, held.Last = 0, time.Time{}
			if i == 0 {
				want, wantHeld = held, ok
			}
			if ok != wantHeld || ok && (!held.Until.Equal(want.Until) || held.Repeats != want.Repeats) {
				t.Fatalf("seed %d: gate %d has %t %+v and not %t %+v", seed, i, ok, held, wantHeld, want)
			}
		}
	}
}
