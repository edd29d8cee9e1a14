package limits_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/limits"
)

// holding is what a test holds: a limit of 4 within a time.
func holding(c *limits.Counters, first, window time.Duration) (limits.Holding, limits.Demand) {
	key := c.Key("limit", "+1201555")
	return limits.Holding{Key: key, For: first, Window: window, Limit: 4}, limits.Demand{Key: key, Window: window, Limit: 4, Amount: 1}
}

var block = limits.Subject{Limit: "block", Counter: "operator block", Values: []string{"1201555"}}

// Each repeat of a hold is longer, until only a person ends it.
func TestAHoldIsLongerOnEachRepeat(t *testing.T) {
	for _, c := range []struct {
		first time.Duration
		want  []time.Duration
	}{
		{15 * time.Minute, []time.Duration{15 * time.Minute, time.Hour, 12 * time.Hour, 0, 0}},
		{time.Hour, []time.Duration{time.Hour, 12 * time.Hour, 0}},
		{2 * time.Hour, []time.Duration{2 * time.Hour, 12 * time.Hour, 0}},
		{24 * time.Hour, []time.Duration{24 * time.Hour, 0, 0}},
	} {
		h, now := limits.NewHolds(), time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
		of, d := holding(limits.New(now), c.first, time.Minute)
		for level, want := range c.want {
			h.Begin(now, of, block, 1)
			held, ok := h.Of(now, d.Key)
			if got := held.Until.Sub(now); !ok || held.Until.IsZero() != (want == 0) || want > 0 && got != want {
				t.Errorf("first %s: repeat %d is until %s, want %s", c.first, level, held.Until, want)
			}
			if want > 0 {
				now = held.Until
			}
		}
	}
}

func TestAHoldIsRenewedOnlyWhileTrafficGoesOn(t *testing.T) {
	begin := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	const first = 15 * time.Minute
	for _, c := range []struct {
		name     string
		window   time.Duration
		attempts []time.Duration // each is five
		at       time.Duration
		want     limits.Status
	}{
		{"it goes on to the end", time.Minute, []time.Duration{first - time.Second}, first, limits.Held},
		{"it went on until a window before the end", time.Minute, []time.Duration{first - time.Minute - 1}, first, limits.HalfOpen},
		{"it goes on, and is over for long when someone asks", time.Minute, []time.Duration{first - time.Second}, first + time.Hour, limits.HalfOpen},
		{"and not a moment before", time.Minute, []time.Duration{first - time.Second}, first + time.Hour - 1, limits.Held},
		{"a long window renews nothing by what came first", 7 * 24 * time.Hour, []time.Duration{0, first/2 - 1}, first, limits.HalfOpen},
		{"and something by what came last", 7 * 24 * time.Hour, []time.Duration{first / 2}, first, limits.Held},
		{"it is half open for one window", time.Minute, nil, first + time.Minute - 1, limits.HalfOpen},
		{"and free from then on", time.Minute, nil, first + time.Minute, limits.Free},
	} {
		h := limits.NewHolds()
		of, d := holding(limits.New(begin), first, c.window)
		h.Begin(begin, of, block, 1)
		for _, after := range c.attempts {
			for range 5 {
				h.Try(begin.Add(after), &d, limits.Number{})
			}
		}
		if tried := h.Try(begin.Add(c.at), &d, limits.Number{}); tried.Status != c.want || (tried.ID == "") != (c.want == limits.Free) {
			t.Errorf("%s: %+v, want %d", c.name, tried, c.want)
		}
	}
}

// However often one number is tried, it is one number of a limit of numbers.
func TestAHoldOfNumbersIsRenewedByNumbersAndNotByOneOfThem(t *testing.T) {
	begin := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	const first = 15 * time.Minute
	for _, c := range []struct {
		name     string
		numbers  int // that are tried in turn, 20 times in all
		repeats  bool
		want     limits.Status
		begunBy  int
		attempts int
	}{
		{"one over and over", 1, false, limits.HalfOpen, 1, 20},
		{"as many as the limit has", 4, false, limits.HalfOpen, 1, 20},
		{"one more", 5, false, limits.Held, 1, 20},
		{"one that counts each time", 1, true, limits.Held, 1, 20},
		{"one that others are refused with at once", 1, false, limits.HalfOpen, 20, 0},
	} {
		h, counters := limits.NewHolds(), limits.New(begin)
		of, d := holding(counters, first, time.Minute)
		d.Repeats, of.Item = c.repeats, counters.Item("0")
		h.Begin(begin, of, block, 1)
		for range c.begunBy {
			h.Begin(begin.Add(first-time.Second), of, block, 1)
		}
		for i := range c.attempts {
			d.Item = counters.Item(fmt.Sprint(i % c.numbers))
			h.Try(begin.Add(first-time.Second), &d, limits.Number{})
		}
		if tried := h.Look(begin.Add(first), d.Key); tried.Status != c.want {
			t.Errorf("%s: %+v, want %d", c.name, tried, c.want)
		}
	}
}

// What was held is remembered for a day, or for one more window.
func TestAnotherHoldIsLongerUntilTheFirstIsForgotten(t *testing.T) {
	begin := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		window, after time.Duration
		level         int
	}{
		{time.Minute, time.Hour, 1},
		{time.Minute, 15*time.Minute + time.Minute + 24*time.Hour - 1, 1},
		{time.Minute, 15*time.Minute + time.Minute + 24*time.Hour, 0},
		{48 * time.Hour, 15*time.Minute + 96*time.Hour - 1, 1},
		{48 * time.Hour, 15*time.Minute + 96*time.Hour, 0},
	} {
		h := limits.NewHolds()
		of, d := holding(limits.New(begin), 15*time.Minute, c.window)
		id := h.Begin(begin, of, block, 1)
		again := h.Begin(begin.Add(c.after), of, block, 1)
		if held, ok := h.Of(begin.Add(c.after), d.Key); !ok || held.Repeats != c.level || again != id {
			t.Errorf("%s after one of %s: level %d, want %d", c.after, c.window, held.Repeats, c.level)
		}
	}
}

// walker is a model of one hold: the list of all that happened, looked at from the start.
type walker struct {
	attempts, exceeded []time.Duration
	first, window      time.Duration
	limit              int
}

// status finds what is held at a time by going through all that happened before it.
func (w *walker) status(at time.Duration) (status limits.Status, level int) {
	level = -1
	var until time.Duration // negative: until a person
	ladder := []time.Duration{w.first, time.Hour, 12 * time.Hour, -1}
	begin := func(now time.Duration) {
		level = min(level+1, len(ladder)-1)
		if until = now + ladder[level]; ladder[level] < 0 {
			until = -1
		}
	}
	renew := func(now time.Duration) {
		for level >= 0 && until >= 0 && until <= now {
			recent := 0
			for _, a := range w.attempts {
				if a < until && a >= until-min(w.window, ladder[level]/2) {
					recent++
				}
			}
			if recent <= w.limit {
				return
			}
			begin(until)
		}
	}
	for _, e := range w.exceeded {
		renew(e)
		if level >= 0 && until >= 0 && e >= until+w.window+max(w.window, 24*time.Hour) {
			level = -1
		}
		if level < 0 || until >= 0 && until <= e {
			begin(e)
		}
	}
	renew(at)
	switch {
	case level < 0:
		return limits.Free, 0
	case until < 0 || at < until:
		return limits.Held, level
	case at < until+w.window:
		return limits.HalfOpen, level
	}
	return limits.Free, 0
}

// However sends come, a hold is what going through all of them from the start says.
func TestHoldsAreWhatAListOfAllThatHappenedSays(t *testing.T) {
	epoch := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	seen := map[string]int{}
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 60410))
		w := &walker{first: 15 * time.Minute, window: []time.Duration{time.Minute, time.Hour, 48 * time.Hour}[seed%3], limit: 4}
		h, now := limits.NewHolds(), time.Duration(0)
		of, d := holding(limits.New(epoch), w.first, w.window)
		pace := []time.Duration{time.Minute, 20 * time.Minute, 5 * time.Hour}[random.IntN(3)]
		for range 200 {
			now += time.Duration(random.ExpFloat64() * float64(pace))
			if random.IntN(40) == 0 {
				pace = []time.Duration{20 * time.Second, 3 * time.Minute, time.Hour, 15 * time.Hour}[random.IntN(4)]
			}
			want, level := w.status(now)
			got := h.Try(epoch.Add(now), &d, limits.Number{})
			if got.Status != want || got.Repeats != level {
				t.Fatalf("seed %d at %s: %+v, want %d of level %d", seed, now, got, want, level)
			}
			seen[fmt.Sprint(want, level)]++
			if want == limits.Held {
				w.attempts = append(w.attempts, now)
			} else if random.IntN(3) == 0 {
				h.Begin(epoch.Add(now), of, block, 1)
				w.exceeded, w.attempts = append(w.exceeded, now), append(w.attempts, now)
			}
		}
	}
	for _, state := range []string{"0 0", "1 0", "1 1", "1 2", "1 3", "2 0", "2 1", "2 2"} {
		if seen[state] < 20 {
			t.Errorf("the state %s was reached %d times: %v", state, seen[state], seen)
		}
	}
}

// A hold that is released is forgotten, and so is what its limit has counted.
func TestWhatIsReleasedBeginsAgain(t *testing.T) {
	now := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	c, h := limits.New(now), limits.NewHolds()
	of, d := holding(c, 15*time.Minute, time.Hour)
	before := []limits.Demand{d}
	for range 4 {
		if _, ok := c.Reserve(now, before); !ok {
			t.Fatal("one of four was refused")
		}
	}
	id := h.Begin(now, of, block, 1)
	if list := h.List(now); len(list) != 1 || list[0].ID != id || list[0].Refused != 1 || !h.Any() {
		t.Errorf("listed %+v", list)
	}
	if h.Release(now, c, "another") != 0 || h.Release(now, c, id) != 1 || h.Release(now, c, id) != 0 || h.Any() || len(h.List(now)) != 0 {
		t.Error("it is not released once")
	}
	for i := range 5 {
		if _, ok := c.Reserve(now, []limits.Demand{d}); ok != (i < 4) {
			t.Errorf("send %d after the release: %t", i, ok)
		}
	}
	c.GiveBack(before) // what was reserved before the release
	if used, _ := c.Used(now, &d); used != 4 {
		t.Errorf("%d are used, want 4", used)
	}
	h.Begin(now, of, block, 1)
	if held, ok := h.Of(now, d.Key); !ok || held.Repeats != 0 {
		t.Errorf("held again: %+v", held)
	}
}

// Many holds are listed and released a part at a time, and sends go on between the parts.
func TestManyHoldsAreListedInOrderAndReleasedTogether(t *testing.T) {
	const many = 1200
	now := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	c, h := limits.New(now), limits.NewHolds()
	of, d := holding(c, 15*time.Minute, time.Hour)
	for i := range many {
		subject := block
		subject.Values = []string{fmt.Sprint(i)}
		of.Key = c.Key(subject.Counter, subject.Values...)
		d.Key = of.Key
		if _, ok := c.Reserve(now, []limits.Demand{d}); !ok {
			t.Fatal("the first of a key is refused")
		}
		h.Begin(now, of, subject, 1)
	}
	var ids []string
	for _, held := range h.List(now) {
		ids = append(ids, held.ID)
	}
	if len(ids) != many || !slices.IsSorted(ids) {
		t.Errorf("listed are %d, in order %t", len(ids), slices.IsSorted(ids))
	}
	parts := 0
	meanwhile := func() {
		parts++
		h.Look(now, d.Key)
	}
	if n := h.Release(now, asked{c, meanwhile}, ids...); n != many || h.Any() || c.Len() != 0 || parts < 2 {
		t.Errorf("%d are released in %d parts, and %d keys are counted", n, parts, c.Len())
	}
}

// asked are counters that have something done while they are asked to clear keys.
type asked struct {
	*limits.Counters
	meanwhile func()
}

func (a asked) Clear(keys ...limits.Key) {
	a.meanwhile()
	a.Counters.Clear(keys...)
}

// Counters on a server may be slow to clear what is released: sends go on meanwhile.
func TestNoSendWaitsWhileAHoldIsReleased(t *testing.T) {
	now := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	c, h := limits.New(now), limits.NewHolds()
	of, d := holding(c, 15*time.Minute, time.Hour)
	id := h.Begin(now, of, block, 1)
	other := d
	other.Key = c.Key("limit", "+1201556")
	meanwhile := func() {
		if got, tried := h.Try(now, &d, limits.Number{}).Status, h.Try(now, &other, limits.Number{}).Status; got != limits.Held || tried != limits.Free {
			t.Errorf("meanwhile the key is %d, and another is %d", got, tried)
		}
	}
	if h.Release(now, asked{c, meanwhile}, id) != 1 || h.Try(now, &d, limits.Number{}).Status != limits.Free {
		t.Error("it is not released")
	}
}

// A flood of other blocks makes no hold go, and is bounded.
func TestHoldsAreBoundedAndNoneGoesForAnother(t *testing.T) {
	now := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	c, h := limits.New(now), limits.NewHolds()
	of, d := holding(c, 15*time.Minute, time.Minute)
	h.Begin(now, of, block, 1)
	for i := range 100_010 {
		of.Key = limits.Key{uint64(i), 1}
		if id := h.Begin(now, of, block, 1); (id == "") != (i >= 99_999) {
			t.Fatalf("hold %d is %q", i, id)
		}
	}
	if tried := h.Try(now, &d, limits.Number{}); tried.Status != limits.Held {
		t.Errorf("the first: %+v", tried)
	}
	later := now.Add(48 * time.Hour)
	if id := h.Begin(later, of, block, 1); id == "" || len(h.List(later)) != 1 {
		t.Errorf("once the others are forgotten: %q of %d", id, len(h.List(later)))
	}
}

func TestHoldsMayBeUsedAtOnce(t *testing.T) {
	now := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	c, h := limits.New(now), limits.NewHolds()
	of, d := holding(c, time.Minute, time.Second)
	var group sync.WaitGroup
	for client := range 8 {
		group.Go(func() {
			for i := range 500 {
				at := now.Add(time.Duration(i) * time.Second)
				switch h.Try(at, &d, limits.Number{}); (client + i) % 5 {
				case 0:
					h.Begin(at, of, block, 1)
				case 1:
					h.Of(at, d.Key)
				case 2:
					h.List(at)
				case 3:
					for _, held := range h.List(at) {
						h.Release(at, c, held.ID)
					}
				}
			}
		})
	}
	group.Wait()
}

// A warning is told once a window, however many sends come.
func TestAWarningIsToldOnceAWindow(t *testing.T) {
	for _, c := range []struct {
		every time.Duration
		want  []int // which sends are told of
	}{
		{time.Second, []int{2, 63}},
		{25 * time.Second, []int{2, 5, 8}},
		{31 * time.Second, nil},
	} {
		counters := limits.New(time.Time{})
		var told []int
		for i := range 7 + int(60*time.Second/c.every) {
			d := []limits.Demand{{Key: counters.Key("limit"), Window: time.Minute, Limit: 100, Amount: 1, Warn: &limits.Steps{3}}}
			if _, ok := counters.Reserve(at(time.Duration(i)*c.every), d); !ok {
				t.Fatal("refused")
			}
			if d[0].Warned > 0 {
				told = append(told, i)
			}
		}
		if fmt.Sprint(told) != fmt.Sprint(c.want) {
			t.Errorf("every %s: told of %v, want %v", c.every, told, c.want)
		}
	}
}
