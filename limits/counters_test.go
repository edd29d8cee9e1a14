package limits_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/limits"
)

// at is a time by how long the clock has run.
func at(elapsed time.Duration) time.Time { return time.Time{}.Add(elapsed) }

// model counts by the list of all that was added.
type model struct{ added []*added }

// added is something that a model counts.
type added struct {
	at    time.Duration
	key   int
	count int64
	// item is 0 where amounts are added up. What is seen again is added to what is there.
	item uint64
	uses int
	// repeats says that the item counts each time, until it is converted.
	repeats bool
}

// span is what a limit looks back at: a window that slides, or the period of that length.
type span struct {
	length   time.Duration
	isPeriod bool
}

// isOver reports whether a span has something no more: a window that slides has sixty whole parts
// and the current one, as is documented.
func (s span) isOver(at, now time.Duration) bool {
	if s.isPeriod {
		return at/s.length != now/s.length
	}
	part := (int64(s.length) + 59) / 60
	return int64(now)/part-int64(at)/part > 60
}

// demand is one of the span, of a key, at a time.
func (s span) demand(key limits.Key, now time.Duration) limits.Demand {
	d := limits.Demand{Key: key, Window: s.length}
	if s.isPeriod {
		d.Period = 1 + int64(now/s.length)
		d.Window -= now % s.length
	}
	return d
}

// add adds something, and returns what it is part of.
func (m *model) add(a added, s span) *added {
	for _, before := range m.added {
		if a.item != 0 && !a.repeats && before.key == a.key && before.item == a.item && before.uses > 0 && !s.isOver(before.at, a.at) {
			before.at = a.at
			before.uses++
			return before
		}
	}
	a.uses = 1
	m.added = append(m.added, &a)
	return &a
}

// used is how much there is of a key.
func (m *model) used(now time.Duration, s span, key int) (used int64) {
	for _, a := range m.added {
		if a.key == key && a.uses > 0 && !s.isOver(a.at, now) {
			used += a.count
		}
	}
	return used
}

// convert takes back all that an item has, and returns how much that was within the window.
func (m *model) convert(now time.Duration, s span, key int, item uint64) (freed int64) {
	for _, a := range m.added {
		if a.key == key && a.item == item && a.uses > 0 {
			if !s.isOver(a.at, now) {
				freed += a.count
			}
			a.uses = 0
		}
	}
	return freed
}

// clone is a model to try something with.
func (m *model) clone() *model {
	c := new(model)
	for _, a := range m.added {
		one := *a
		c.added = append(c.added, &one)
	}
	return c
}

// restarted are counters with what others have kept of some keys.
func restarted(t *testing.T, now time.Time, c *limits.Counters, keys []limits.Key) *limits.Counters {
	t.Helper()
	var places []limits.Place
	for _, key := range keys {
		places = append(places, c.PlacesOf(key)...)
	}
	slices.SortFunc(places, limits.Place.Compare)
	next := limits.NewKept(now)
	c.Rows(places, func(r limits.Row) {
		if !r.Over.After(now) {
			return // as a store has it no more
		}
		if err := next.Restore(now, r); err != nil {
			t.Fatalf("restoring %+v: %v", r, err)
		}
	})
	return next
}

// Random demands are let through by the counters if and only if the model lets them through, and
// count as they do there, whatever is given back or converted, and how long after, and after
// restarts.
func TestCountersReserveWhatAListOfAllSendsWould(t *testing.T) {
	spans := []span{
		{time.Second, false}, {time.Minute, false}, {90*time.Second + 7, false}, {time.Hour, false},
		{time.Second, true}, {5 * time.Minute, true},
	}
	type reservation struct {
		demands []limits.Demand
		added   []*added
	}
	for seed := range uint64(70) {
		random := rand.New(rand.NewPCG(seed, 18))
		now := time.Duration(random.Int64N(int64(time.Hour)))
		at := func(elapsed time.Duration) time.Time { return time.Unix(0, int64(elapsed)) }
		c, m := limits.NewKept(at(now)), new(model)
		var keys []limits.Key
		for key := range len(spans) * 3 {
			keys = append(keys, c.Key("limit", fmt.Sprint(key)))
		}
		var out []reservation
		for range 300 {
			now += time.Duration(random.ExpFloat64() * float64(spans[random.IntN(2)].length) / 20)
			isCrowded := seed%4 == 0 // of items, in two keys
			if !isCrowded && random.IntN(50) == 0 {
				now += 2 * time.Hour // after which keys are swept
			}
			var r reservation
			var asked []added
			want, tried := true, m.clone()
			for range 1 + random.IntN(3) {
				key := random.IntN(len(spans) * 3)
				if isCrowded {
					key = 10 + 6*random.IntN(2)
				}
				a := added{at: now, key: key, count: 1 + random.Int64N(3)}
				d := spans[key/3].demand(c.Key("limit", fmt.Sprint(key)), now)
				d.Limit = 3 + int64(key%8)
				most := uint64(12)
				if isCrowded {
					d.Limit, most = 40, 60
				}
				switch key % 3 {
				case 1:
					a.count, a.item = 1, 1+random.Uint64N(most)
				case 2:
					a.item, a.repeats = 1+random.Uint64N(6), true
				}
				d.Item, d.Repeats, d.Amount = a.item, a.repeats, uint32(a.count)
				before := tried.used(now, spans[key/3], key)
				tried.add(a, spans[key/3])
				after := tried.used(now, spans[key/3], key)
				want = want && (after <= d.Limit || d.Item != 0 && !d.Repeats && after == before)
				r.demands, asked = append(r.demands, d), append(asked, a)
			}
			_, ok := c.Reserve(at(now), r.demands)
			if ok != want {
				t.Fatalf("seed %d: %+v at %s: %t and not %t", seed, asked, now, ok, want)
			}
			if ok {
				for _, a := range asked {
					r.added = append(r.added, m.add(a, spans[a.key/3]))
				}
				out = append(out, r)
			} else {
				c.GiveBack(r.demands) // of which nothing is reserved
			}
			if len(out) > 0 && random.IntN(3) == 0 {
				i := random.IntN(len(out))
				for range 1 + random.IntN(2) { // the second one changes nothing
					c.GiveBack(out[i].demands)
				}
				for _, a := range out[i].added {
					a.uses--
				}
				out = slices.Delete(out, i, i+1)
			}
			if random.IntN(5) == 0 {
				key, item := 3*random.IntN(len(spans))+2, 1+random.Uint64N(6)
				d := spans[key/3].demand(c.Key("limit", fmt.Sprint(key)), now)
				d.Item, d.Repeats = item, true
				if got, want := c.Convert(at(now), &d), m.convert(now, spans[key/3], key, item); got != want {
					t.Fatalf("seed %d: at %s, %d of key %d was converted and not %d", seed, now, got, key, want)
				}
			}
			if seed%3 == 0 && random.IntN(20) == 0 {
				c, out = restarted(t, at(now), c, keys), nil // what is on its way stays counted
			}
			for key := range len(spans) * 3 {
				d := spans[key/3].demand(c.Key("limit", fmt.Sprint(key)), now)
				got, _ := c.Used(at(now), &d)
				if want := m.used(now, spans[key/3], key); got != want {
					t.Fatalf("seed %d: at %s, of key %d there is %d and not %d", seed, now, key, got, want)
				}
			}
		}
	}
}

// Whatever the times at which sends come, no window of the stated length has more than the limit.
func TestNoWindowEverHasMoreThanTheLimit(t *testing.T) {
	const limit = 10
	for seed := range uint64(400) {
		random := rand.New(rand.NewPCG(seed, 7))
		window := time.Duration(1 + random.Int64N(int64(2*time.Minute)))
		c, now := limits.New(time.Time{}), time.Duration(0)
		var passed []time.Duration
		for range 500 {
			// Attackers wait for the moment at which something is freed.
			d := []limits.Demand{{Key: c.Key("limit"), Window: window, Limit: limit, Amount: 1}}
			refused, ok := c.Reserve(at(now), d)
			switch {
			case ok:
				passed = append(passed, now)
				now += time.Duration(random.Int64N(int64(window)/8 + 1))
			case random.IntN(2) == 0:
				now += refused.RetryAfter
			default:
				now += time.Duration(random.Int64N(int64(window)/60 + 2))
			}
		}
		for i := limit; i < len(passed); i++ {
			if within := passed[i] - passed[i-limit]; within < window {
				t.Fatalf("seed %d: %d within %s, of a window of %s", seed, limit+1, within, window)
			}
		}
		if len(passed) < 2*limit {
			t.Errorf("seed %d: only %d passed", seed, len(passed))
		}
	}
}

func TestRetryAfterIsTheFirstMomentWithRoom(t *testing.T) {
	for _, row := range []struct {
		amount uint32
		want   time.Duration
	}{{1, 51 * time.Second}, {3, 53 * time.Second}, {10, 60 * time.Second}, {11, -1}} {
		c := limits.New(time.Time{})
		demand := func(amount uint32) []limits.Demand {
			return []limits.Demand{{Key: c.Key("limit"), Window: time.Minute, Limit: 10, Amount: amount}}
		}
		for second := range 10 {
			if _, ok := c.Reserve(at(time.Duration(second)*time.Second), demand(1)); !ok {
				t.Fatalf("%d was refused", second)
			}
		}
		now := 10 * time.Second
		refused, ok := c.Reserve(at(now), demand(row.amount))
		if ok || refused.RetryAfter != row.want || refused.Used != 10 {
			t.Errorf("%d more: %+v, want room after %s", row.amount, refused, row.want)
		}
		if row.want < 0 {
			continue
		}
		if early, ok := c.Reserve(at(now+row.want-1), demand(row.amount)); ok {
			t.Errorf("%d more passed early: %+v", row.amount, early)
		}
		if late, ok := c.Reserve(at(now+row.want), demand(row.amount)); !ok {
			t.Errorf("%d more did not pass when there should be room: %+v", row.amount, late)
		}
	}
}

// A request of several sends is told when there is room for all of them, or that there never is.
func TestRetryAfterIsOfAllThatARequestAsks(t *testing.T) {
	for _, row := range []struct {
		name  string
		asked int
		items []uint64
		want  time.Duration
	}{
		{"the first that is freed is enough", 2, nil, 31 * time.Second},
		{"two have to be freed", 3, nil, 51 * time.Second},
		{"more than the limit has", 4, nil, -1},
		{"items that are there need no more room", 0, []uint64{2, 3, 4}, 31 * time.Second},
		{"and need it again once they are over", 0, []uint64{1, 3, 4}, 51 * time.Second},
		{"items that are there need their room", 0, []uint64{1, 2, 3, 4}, -1},
		{"an item counts once", 0, []uint64{3, 3, 4, 4, 4}, 31 * time.Second},
		{"more items than the limit has", 0, []uint64{3, 4, 5, 6}, -1},
	} {
		c := limits.New(time.Time{})
		demand := func(item uint64) limits.Demand {
			return limits.Demand{Key: c.Key("limit"), Window: time.Minute, Limit: 3, Amount: 1, Item: item}
		}
		for i, second := range []time.Duration{0, 20} {
			var item uint64
			if row.items != nil {
				item = uint64(i + 1)
			}
			c.Reserve(at(second*time.Second), []limits.Demand{demand(item)})
		}
		asked := make([]limits.Demand, row.asked)
		for i := range asked {
			asked[i] = demand(0)
		}
		for _, item := range row.items {
			asked = append(asked, demand(item))
		}
		const now = 30 * time.Second
		refused, ok := c.Reserve(at(now), asked)
		if ok || refused.RetryAfter != row.want || refused.Used != 2 {
			t.Errorf("%s: %t %+v", row.name, ok, refused)
		}
		if row.want < 0 {
			continue
		}
		if early, ok := c.Reserve(at(now+row.want-1), asked); ok {
			t.Errorf("%s: passed early: %+v", row.name, early)
		}
		if late, ok := c.Reserve(at(now+row.want), asked); !ok {
			t.Errorf("%s: not when there should be room: %+v", row.name, late)
		}
	}
}

// A period is counted until it ends, and the next one from nothing.
func TestAPeriodEndsAtItsTurn(t *testing.T) {
	c, day := limits.New(time.Time{}), span{24 * time.Hour, true}
	reserve := func(now time.Duration, item uint64) (limits.Refused, bool, []limits.Demand) {
		d := day.demand(c.Key("limit", fmt.Sprint(item)), now)
		d.Limit, d.Amount, d.Item = 1, 1, item
		demands := []limits.Demand{d}
		refused, ok := c.Reserve(at(now), demands)
		return refused, ok, demands
	}
	for _, item := range []uint64{0, 1} {
		turn := day.length
		_, ok, first := reserve(turn-time.Hour, item)
		if !ok {
			t.Fatal("the first was refused")
		}
		if item == 0 {
			if refused, ok, _ := reserve(turn-1, item); ok || refused.RetryAfter != 1 {
				t.Errorf("%t %+v just before the turn", ok, refused)
			}
		}
		if refused, ok, _ := reserve(turn, item); !ok {
			t.Errorf("%+v at the turn", refused)
		}
		c.GiveBack(first)
		d := day.demand(first[0].Key, turn)
		if used, _ := c.Used(at(turn), &d); used != 1 {
			t.Errorf("what is given back after the turn leaves %d", used)
		}
	}
}

func TestKeysGoOnceTheirPeriodsAreOver(t *testing.T) {
	c, day := limits.New(time.Time{}), span{24 * time.Hour, true}
	for _, now := range []time.Duration{day.length - 2*time.Hour, day.length - time.Hour, day.length} {
		for i := range 1000 {
			d := day.demand(c.Key("limit", fmt.Sprint(now, i)), now)
			d.Limit, d.Amount = 1, 1
			c.Reserve(at(now), []limits.Demand{d})
		}
		want := map[bool]int{true: 1000, false: 1000 * int((now-day.length)/time.Hour+3)}[now == day.length]
		if c.Len() != want {
			t.Errorf("at %s, %d keys are kept, want %d", now, c.Len(), want)
		}
	}
}

// More than there can ever be leaves no key behind.
func TestWhatIsRefusedLeavesNoKey(t *testing.T) {
	c := limits.New(time.Time{})
	for i := range 1000 {
		d := limits.Demand{Key: c.Key("limit", fmt.Sprint(i)), Window: time.Minute, Limit: 1, Amount: 1}
		if _, ok := c.Reserve(at(0), []limits.Demand{d, d}); ok {
			t.Fatal("two of one")
		}
		d.Amount = 2
		if _, ok := c.Reserve(at(0), []limits.Demand{d}); ok {
			t.Fatal("two of one")
		}
	}
	if c.Len() != 0 {
		t.Errorf("%d keys are kept", c.Len())
	}
}

func TestOneWinsTheRaceForTheLastUnit(t *testing.T) {
	c := limits.New(time.Time{})
	for round := range 1000 {
		var passed atomic.Int32
		var group sync.WaitGroup
		for client := range 16 {
			group.Go(func() {
				d := []limits.Demand{
					{Key: c.Key("a", fmt.Sprint(round)), Window: time.Minute, Limit: 1, Amount: 1},
					{Key: c.Key("own", fmt.Sprint(round, client)), Window: time.Minute, Limit: 1, Amount: 1},
				}
				if client%2 == 0 {
					slices.Reverse(d)
				}
				if _, ok := c.Reserve(at(0), d); ok {
					passed.Add(1)
				}
			})
		}
		group.Wait()
		if passed.Load() != 1 {
			t.Fatalf("in round %d, %d passed", round, passed.Load())
		}
	}
	// What the others had reserved of limits of their own was taken back with the rest.
	if c.Len() != 2000 {
		t.Errorf("%d keys are kept, want 2000", c.Len())
	}
}

// What is given back is free at once, and never more than that.
func TestNoMoreThanTheLimitIsEverOut(t *testing.T) {
	const limit = 3
	c := limits.New(time.Time{})
	var out atomic.Int32
	var group sync.WaitGroup
	for client := range 8 {
		group.Go(func() {
			for round := range 2000 {
				d := []limits.Demand{
					{Key: c.Key("sends"), Window: time.Hour, Limit: limit, Amount: 1},
					{Key: c.Key("numbers"), Window: time.Hour, Limit: limit, Amount: 1, Item: uint64(1 + (client+round)%5)},
				}
				now := at(time.Duration(round) * time.Millisecond)
				if _, ok := c.Reserve(now, d); !ok {
					continue
				}
				if n := out.Add(1); n > limit {
					t.Errorf("%d are out", n)
				}
				c.Used(now, &d[0])
				out.Add(-1)
				c.GiveBack(d)
			}
		})
	}
	group.Wait()
	if c.Len() != 0 {
		t.Errorf("%d keys are kept of nothing", c.Len())
	}
}

// One part has up to 4,294,967,295, as much as a limit may be.
func TestTheLargestAmountsAreCounted(t *testing.T) {
	c := limits.New(time.Time{})
	const month = 31 * 24 * time.Hour
	demand := func(amount uint32) []limits.Demand {
		return []limits.Demand{{Key: c.Key("limit"), Window: month, Limit: math.MaxUint32, Amount: amount}}
	}
	var reserved [][]limits.Demand
	for _, amount := range []uint32{1 << 31, 1<<31 - 1} {
		d := demand(amount)
		if refused, ok := c.Reserve(at(0), d); !ok {
			t.Errorf("%d: %+v", amount, refused)
		}
		reserved = append(reserved, d)
	}
	if refused, ok := c.Reserve(at(month), demand(1)); ok || refused.Used != math.MaxUint32 || refused.RetryAfter != month/60 {
		t.Errorf("%t %+v", ok, refused)
	}
	for _, d := range reserved {
		c.GiveBack(d)
	}
	if refused, ok := c.Reserve(at(month), demand(math.MaxUint32)); !ok {
		t.Errorf("%+v after all was given back", refused)
	}
	if refused, ok := c.Reserve(at(month), demand(1)); ok || refused.Used != math.MaxUint32 {
		t.Errorf("%t %+v beyond the largest", ok, refused)
	}
}

func TestAnItemCountsUntilItsLastUseIsGivenBack(t *testing.T) {
	c := limits.New(time.Time{})
	number := func(text string) []limits.Demand {
		return []limits.Demand{{Key: c.Key("numbers"), Window: time.Minute, Limit: 1, Amount: 1, Item: c.Item(text)}}
	}
	first, again := number("+14155550100"), number("+14155550100")
	for _, d := range [][]limits.Demand{first, again} {
		if _, ok := c.Reserve(at(0), d); !ok {
			t.Fatal("a number that is counted already was refused")
		}
	}
	c.GiveBack(first)
	if _, ok := c.Reserve(at(0), number("+14155550101")); ok {
		t.Error("another number passed while one use of the first stands")
	}
	c.GiveBack(again)
	if _, ok := c.Reserve(at(0), number("+14155550101")); !ok {
		t.Error("nothing was given back")
	}
}

func TestAClockThatGoesBackFreesNothing(t *testing.T) {
	c := limits.New(time.Time{})
	demand := []limits.Demand{{Key: c.Key("limit"), Window: time.Minute, Limit: 1, Amount: 1}}
	if _, ok := c.Reserve(at(time.Hour), demand); !ok {
		t.Fatal("refused")
	}
	for _, now := range []time.Duration{0, time.Minute, time.Hour - 1, time.Hour + time.Minute - 1} {
		if _, ok := c.Reserve(at(now), slices.Clone(demand)); ok {
			t.Errorf("another passed at %s", now)
		}
	}
}

func TestKeysGoOnceTheirWindowsAreOver(t *testing.T) {
	c := limits.New(time.Time{})
	for i := range 10_000 {
		c.Reserve(at(0), []limits.Demand{{Key: c.Key("limit", fmt.Sprint(i)), Window: time.Minute, Limit: 1, Amount: 1}})
	}
	for i := range 10_000 {
		c.Reserve(at(time.Minute-1), []limits.Demand{{Key: c.Key("limit", fmt.Sprint(i)), Window: time.Minute, Limit: 1, Amount: 1}})
	}
	if c.Len() != 10_000 {
		t.Errorf("%d keys are kept before they are over", c.Len())
	}
	for i := range 1000 {
		c.Reserve(at(10*time.Minute), []limits.Demand{{Key: c.Key("other", fmt.Sprint(i)), Window: time.Minute, Limit: 1, Amount: 1}})
	}
	if c.Len() != 1000 {
		t.Errorf("%d keys are kept, want the 1,000 latest", c.Len())
	}
}

func TestKeysAreToldApartByEachOfTheirValues(t *testing.T) {
	c := limits.New(time.Time{})
	if c.Key("a", "b", "c") == c.Key("a", "bc") || c.Key("a", "", "b") == c.Key("a", "b", "") || c.Key("ab") == c.Key("a", "b") {
		t.Error("different values have one key")
	}
	if first, again := c.Key("a", "b"), c.Key("a", "b"); first != again {
		t.Error("the same values have two keys")
	}
}

func BenchmarkReserve(b *testing.B) {
	for _, keys := range []int{1, 1_000_000} {
		b.Run(fmt.Sprint(keys), func(b *testing.B) {
			c := limits.New(time.Time{})
			var names []string
			for i := range keys {
				names = append(names, fmt.Sprintf("+1415%07d", i))
			}
			demand := make([]limits.Demand, 1)
			reserve := func(i int) {
				demand[0] = limits.Demand{Key: c.Key("block", "acme", names[i%keys]), Window: time.Hour, Limit: 1 << 30, Amount: 1}
				if _, ok := c.Reserve(at(time.Duration(i)), demand); !ok {
					b.Fatal("refused")
				}
			}
			for i := range keys {
				reserve(i)
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				reserve(i * 7919)
			}
		})
	}
}
