package limits_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/limits"
)

// lines is the demand for one call of a key.
func lines(c *limits.Counters, key string, limit int64, lasts time.Duration) limits.Demand {
	return limits.Demand{Key: c.Key("lines", key), Window: lasts, Limit: limit, Amount: 1, InProgress: true}
}

func TestACallCountsUntilItEnds(t *testing.T) {
	c := limits.New(time.Time{})
	begin := func(now, lasts time.Duration) ([]limits.Demand, bool) {
		d := []limits.Demand{lines(c, "a", 2, lasts)}
		_, ok := c.Reserve(at(now), d)
		return d, ok
	}
	first, _ := begin(0, time.Hour)
	second, _ := begin(0, time.Minute)
	if _, ok := begin(0, time.Hour); ok {
		t.Fatal("a third call began")
	}
	name := c.Key("call", "CA1")
	c.NameCalls(first, name)
	c.NameCalls(first, c.Key("call", "CA2"))
	if c.EndCalls(c.Key("call", "CA2")) || !c.EndCalls(name) || c.EndCalls(name) {
		t.Error("a call ends by its first name, once")
	}
	c.GiveBack(first) // which has ended
	if _, ok := begin(0, time.Hour); !ok {
		t.Error("no call began after one ended")
	}
	if _, ok := begin(time.Minute-1, time.Hour); ok {
		t.Error("a call ended before its time")
	}
	c.LastCalls(at(time.Minute-1), second, 30*time.Second)
	if used, hasRoom := c.Used(at(time.Minute), &second[0]); used != 2 || hasRoom {
		t.Errorf("%d are used of a call that may last longer", used)
	}
	if _, ok := begin(2*time.Minute, time.Hour); !ok {
		t.Error("a call did not end by its time")
	}
	if used, _ := c.Used(at(2*time.Hour), &second[0]); used != 0 || c.Len() != 0 {
		t.Errorf("%d are used of %d keys once all are over", used, c.Len())
	}
	if c.EndCalls(name) {
		t.Error("a call that is over has a name")
	}
}

// The end of a short call may be reported before the answer that has its name was read.
func TestACallEndsWhoseEndIsReportedBeforeItsName(t *testing.T) {
	c := limits.New(time.Time{})
	name := c.Key("call", "CA1")
	begin := func() []limits.Demand {
		d := []limits.Demand{lines(c, "a", 1, time.Hour), lines(c, "b", 1, time.Hour)}
		if _, ok := c.Reserve(at(0), d); !ok {
			t.Fatal("refused")
		}
		return d
	}
	d := begin()
	c.EndCalls(name)
	c.NameCalls(d, c.Key("call", "CA2"))
	if used, _ := c.Used(at(0), &d[0]); used != 1 {
		t.Error("another call has ended")
	}
	c.GiveBack(d)
	if c.NameCalls(begin(), name); c.Len() != 0 {
		t.Errorf("%d keys are kept of what has ended", c.Len())
	}
	for i := range 512 { // as many as are remembered
		c.EndCalls(c.Key("call", "other", fmt.Sprint(i)))
	}
	if c.NameCalls(begin(), name); c.Len() != 2 || !c.EndCalls(name) {
		t.Error("an end is remembered for as long as there are calls")
	}
}

func TestACallIsProlongedByItsName(t *testing.T) {
	c := limits.New(time.Time{})
	d := []limits.Demand{lines(c, "a", 2, time.Minute)}
	other := []limits.Demand{lines(c, "a", 2, 2*time.Minute)}
	if c.Reserve(at(0), d); !d[0].IsReserved() {
		t.Fatal("refused")
	}
	c.Reserve(at(0), other)
	name := c.Key("call", "CA1")
	c.NameCalls(d, name)
	c.ProlongCalls(at(30*time.Second), name, time.Hour)
	c.ProlongCalls(at(30*time.Second), name, time.Second) // which ends before
	c.ProlongCalls(at(30*time.Second), c.Key("call", "CA2"), 2*time.Hour)
	for _, step := range []struct {
		after time.Duration
		want  int64
	}{{2*time.Minute - 1, 2}, {2 * time.Minute, 1}, {time.Hour + 30*time.Second - 1, 1}, {time.Hour + 30*time.Second, 0}} {
		if used, _ := c.Used(at(step.after), &d[0]); used != step.want {
			t.Errorf("%d are used after %s", used, step.after)
		}
	}
}

func TestARefusedCallSaysWhenThereIsRoomAtTheLatest(t *testing.T) {
	c := limits.New(time.Time{})
	for _, lasts := range []time.Duration{time.Hour, time.Minute, 30 * time.Minute} {
		if _, ok := c.Reserve(at(0), []limits.Demand{lines(c, "a", 3, lasts)}); !ok {
			t.Fatal("refused")
		}
	}
	for wanted, want := range map[int]time.Duration{1: time.Minute - time.Second, 2: time.Hour - time.Second, 4: -1} {
		var d []limits.Demand
		for range wanted {
			d = append(d, lines(c, "a", 3, time.Hour))
		}
		if refused, ok := c.Reserve(at(time.Second), d); ok || refused.Used != 3 || refused.RetryAfter != want {
			t.Errorf("%d: %+v, want after %s", wanted, refused, want)
		}
	}
	if refused, ok := c.Reserve(at(0), []limits.Demand{lines(c, "b", 1, time.Hour), lines(c, "b", 1, time.Hour)}); ok || refused.RetryAfter != -1 {
		t.Errorf("more than there ever is: %+v", refused)
	}
}

// Calls beside sends are reserved together, or nothing is.
func TestCallsAndSendsAreReservedAllOrNone(t *testing.T) {
	c := limits.New(time.Time{})
	sends := func(limit int64) limits.Demand {
		return limits.Demand{Key: c.Key("sends"), Window: time.Hour, Limit: limit, Amount: 1}
	}
	for _, d := range [][]limits.Demand{
		{lines(c, "a", 1, time.Hour), sends(0)},
		{sends(1), lines(c, "a", 0, time.Hour)},
		{lines(c, "a", 1, time.Hour), sends(1), lines(c, "a", 1, time.Hour)},
	} {
		if _, ok := c.Reserve(at(0), d); ok || c.Len() != 0 {
			t.Errorf("%+v: %t, %d keys", d, ok, c.Len())
		}
	}
	if _, ok := c.Reserve(at(0), []limits.Demand{lines(c, "a", 1, time.Hour), sends(1)}); !ok {
		t.Error("refused")
	}
}

// callModel counts calls slowly: all there were, and whether each is over.
type callModel struct {
	ends []time.Duration
	over []bool
}

func (m *callModel) used(now time.Duration) (n int64) {
	for i, ends := range m.ends {
		if !m.over[i] && ends > now {
			n++
		}
	}
	return n
}

func TestCallsAreCountedAsASlowModelDoes(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 50 {
		c, models := limits.New(time.Time{}), map[string]*callModel{"a": {}, "b": {}}
		type begun struct {
			demands []limits.Demand
			key     string
			index   int
			name    limits.Key
		}
		var all []begun
		now := time.Duration(0)
		for step := range 400 {
			now += time.Duration(random.IntN(20)) * time.Second
			key := []string{"a", "b"}[random.IntN(2)]
			model, limit := models[key], int64(1+random.IntN(6))
			if action := random.IntN(4); action > 1 && len(all) > 0 {
				one := all[random.IntN(len(all))]
				if action == 2 {
					c.GiveBack(one.demands)
				} else {
					c.EndCalls(one.name)
				}
				models[one.key].over[one.index] = true
				continue
			}
			lasts := time.Duration(1+random.IntN(300)) * time.Second
			d := []limits.Demand{lines(c, key, limit, lasts)}
			_, ok := c.Reserve(at(now), d)
			if want := model.used(now) < limit; ok != want {
				t.Fatalf("round %d, step %d: %t of %d with a limit of %d", round, step, ok, model.used(now), limit)
			}
			if ok {
				name := c.Key("call", fmt.Sprint(step))
				c.NameCalls(d, name)
				model.ends, model.over = append(model.ends, now+lasts), append(model.over, false)
				all = append(all, begun{d, key, len(model.ends) - 1, name})
			}
		}
	}
}

// Calls begin, end by name, are given back and are over, all at once.
func TestNoMoreCallsThanTheLimitAreEverInProgress(t *testing.T) {
	const limit = 3
	c := limits.New(time.Time{})
	var out atomic.Int32
	var group sync.WaitGroup
	for client := range 8 {
		group.Go(func() {
			for round := range 1000 {
				d := []limits.Demand{lines(c, "a", limit, time.Hour), lines(c, fmt.Sprint("own", client), limit, time.Hour)}
				if _, ok := c.Reserve(at(time.Duration(round)), d); !ok {
					continue
				}
				if n := out.Add(1); n > limit {
					t.Errorf("%d are in progress", n)
				}
				name := c.Key("call", fmt.Sprint(client, round))
				c.NameCalls(d, name)
				if out.Add(-1); round%2 == 0 {
					c.EndCalls(name)
				} else {
					c.GiveBack(d)
				}
			}
		})
	}
	group.Wait()
	if c.Len() != 0 || c.EndCalls(c.Key("call", "00")) {
		t.Errorf("%d keys are kept of nothing", c.Len())
	}
}
