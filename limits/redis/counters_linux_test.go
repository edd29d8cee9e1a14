package redis_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	server "github.com/caddy-tollgate/tollgate/internal/harness/redis"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/limits/redis"
)

// start returns counters of a server that has answered. The machine of a test may be busy, so
// they wait for long unless the test says otherwise.
func start(t testing.TB, address string, change ...func(*redis.Options)) *redis.Counters {
	t.Helper()
	o := redis.Options{Address: address, Prefix: "test:", Timeout: 5 * time.Second}
	for _, change := range change {
		change(&o)
	}
	c, err := redis.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	c.Start()
	harness.Await(t, "Redis is available", c.Available)
	return c
}

// gates are counters of three processes.
func gates(t testing.TB, address string, change ...func(*redis.Options)) (all []*redis.Counters) {
	t.Helper()
	for range 3 {
		all = append(all, start(t, address, change...))
	}
	return all
}

func TestOneOfThreeGatesWinsTheRaceForTheLastUnit(t *testing.T) {
	s := server.Start(t, "--appendfsync", "no")
	all := gates(t, s.Address)
	for round := range 100 {
		var passed atomic.Int32
		var group sync.WaitGroup
		for client := range 3 * 16 {
			group.Go(func() {
				d := []limits.Demand{
					redis.Demand(time.Minute, 1, "a", fmt.Sprint(round)),
					redis.Demand(time.Minute, 1, "own", fmt.Sprint(round, client)),
				}
				if client%2 == 0 {
					slices.Reverse(d)
				}
				if refused, ok := all[client%3].Reserve(time.Now(), d); ok {
					passed.Add(1)
				} else if refused.Unavailable || refused.Used != 1 {
					t.Errorf("%+v", refused)
				}
			})
		}
		group.Wait()
		if passed.Load() != 1 {
			t.Fatalf("in round %d, %d passed", round, passed.Load())
		}
	}
	// Those that were refused left nothing of their own limits.
	keys, err := all[0].Keys()
	if err != nil || len(keys) != 200 {
		t.Errorf("%d keys, %v", len(keys), err)
	}
}

func TestWhatOneGateGivesBackIsFreeForAnother(t *testing.T) {
	s := server.Start(t)
	first, second := start(t, s.Address), start(t, s.Address)
	demand := func() []limits.Demand {
		numbers := redis.Demand(time.Minute, 1, "numbers")
		numbers.Item = 7
		return []limits.Demand{redis.Demand(time.Minute, 1, "sends"), numbers}
	}
	mine, yours := demand(), demand()
	if _, ok := first.Reserve(time.Now(), mine); !ok {
		t.Fatal("refused")
	}
	if refused, ok := second.Reserve(time.Now(), yours); ok || refused.RetryAfter <= 0 || refused.RetryAfter > 61*time.Second {
		t.Fatalf("%t %+v", ok, refused)
	}
	if used, hasRoom := second.Used(time.Now(), &yours[0]); used != 1 || hasRoom {
		t.Errorf("%d %t", used, hasRoom)
	}
	for range 2 { // the second one changes nothing
		first.GiveBack(mine)
	}
	if _, ok := second.Reserve(time.Now(), yours); !ok {
		t.Error("nothing was given back")
	}
	second.GiveBack(yours)
	if keys, err := first.Keys(); err != nil || len(keys) != 0 {
		t.Errorf("%q are kept of nothing, %v", keys, err)
	}
	if first.LocalLen() != 0 || second.LocalLen() != 0 {
		t.Error("this process keeps something")
	}
}

// A message to thousands of recipients is asked in parts, of which none keeps others waiting.
func TestARequestOfThousandsReservesAllOrNone(t *testing.T) {
	c := start(t, server.Start(t, "--appendfsync", "no").Address)
	many := func(count int) (demands []limits.Demand) {
		for i := range count {
			demands = append(demands, redis.Demand(time.Minute, 2000, "all"), redis.Demand(time.Minute, 1, "number", fmt.Sprint(i)))
		}
		return demands
	}
	full := many(1)[1:]
	for _, step := range []struct {
		name    string
		demands []limits.Demand
		ok      bool
		index   int
	}{
		{"as many as there may be, and one", many(2001), false, 4000},
		{"as many as there may be, of which nothing was taken", many(2000), true, 0},
		{"one of these", full, false, 0},
	} {
		refused, ok := c.Reserve(time.Now(), step.demands)
		if ok != step.ok || refused.Index != step.index || refused.Unavailable {
			t.Errorf("%s: %t %+v", step.name, ok, refused)
		}
		if step.ok {
			defer func() {
				c.GiveBack(step.demands)
				if keys, err := c.Keys(); len(keys) > 0 || err != nil {
					t.Errorf("%d keys are kept of nothing, %v", len(keys), err)
				}
			}()
		}
	}
}

// What is to be converted, each process counts by itself, beside what they share.
func TestEachGateCountsWhatIsToBeConverted(t *testing.T) {
	s := server.Start(t)
	first, second := start(t, s.Address), start(t, s.Address)
	unverified := redis.Demand(time.Minute, 2, "unverified")
	unverified.Item, unverified.Repeats = 7, true
	demand := func() []limits.Demand {
		return []limits.Demand{unverified, redis.Demand(time.Minute, 5, "sends"), unverified}
	}
	for _, step := range []struct {
		name  string
		c     *redis.Counters
		ok    bool
		index int
	}{
		{"two of two", first, true, 0},
		{"two more, of which none is taken", first, false, 0},
		{"two of another gate", second, true, 0},
		{"two more of it", second, false, 0},
	} {
		if refused, ok := step.c.Reserve(time.Now(), demand()); ok != step.ok || refused.Index != step.index {
			t.Errorf("%s: %t %+v", step.name, ok, refused)
		}
	}
	if used, _ := first.Used(time.Now(), new(redis.Demand(time.Minute, 5, "sends"))); used != 2 {
		t.Errorf("of what is shared, %d are used", used)
	}
	if freed := first.Convert(time.Now(), &unverified); freed != 2 {
		t.Errorf("%d are converted", freed)
	}
	if _, ok := first.Reserve(time.Now(), demand()); !ok {
		t.Error("refused after the conversion")
	}
	full := append(demand(), demand()[1], demand()[1], demand()[1])
	if refused, ok := second.Reserve(time.Now(), full); ok || refused.Index != 4 {
		t.Errorf("more than is shared: %t %+v", ok, refused)
	}
}

func TestEachDemandIsReservedByItself(t *testing.T) {
	c := start(t, server.Start(t).Address)
	full, room := redis.Demand(time.Minute, 1, "full"), redis.Demand(time.Minute, 2, "room")
	demands := []limits.Demand{full, full, room, room, room}
	c.ReserveEach(time.Now(), demands)
	for i, want := range []bool{true, false, true, true, false} {
		if got := demands[i].IsReserved(); got != want {
			t.Errorf("demand %d is reserved: %t", i, got)
		}
	}
}

// Nothing that Redis has shows a number, and no other limit or prefix has its key.
func TestKeysShowNoNumbers(t *testing.T) {
	s := server.Start(t)
	c, other := start(t, s.Address), start(t, s.Address, func(o *redis.Options) { o.Prefix = "other:" })
	d := redis.Demand(time.Minute, 1, "number", "+14155550123")
	for _, c := range []*redis.Counters{c, other} {
		if _, ok := c.Reserve(time.Now(), []limits.Demand{d}); !ok {
			t.Error("a prefix counts what another has")
		}
	}
	keys, err := c.Keys()
	if err != nil || len(keys) != 3 { // with the other's secret
		t.Fatalf("%q, %v", keys, err)
	}
	for _, key := range keys {
		if strings.Contains(key, "4155550123") || !strings.HasPrefix(key, "test:{limits}:") && !strings.HasPrefix(key, "other:{limits}:") {
			t.Errorf("key %q", key)
		}
	}
}

// What all gates have used together is told of, by each of them once a window.
func TestGatesWarnOfWhatTheyHaveUsedTogether(t *testing.T) {
	s := server.Start(t)
	all := gates(t, s.Address)
	var warned []int
	for i := range 9 {
		d := []limits.Demand{redis.Demand(time.Hour, 100, "limit")}
		d[0].Warn = &limits.Steps{5}
		if i == 8 {
			all[i%3].ReserveEach(time.Now(), d)
		} else if _, ok := all[i%3].Reserve(time.Now(), d); !ok {
			t.Fatal("refused")
		}
		if d[0].Warned > 0 {
			warned = append(warned, i+1)
		}
	}
	if !slices.Equal(warned, []int{5, 6, 7}) {
		t.Errorf("warned with %d", warned)
	}
}

// Only the process that forwards a call learns of its end, which frees it there at once.
func TestACallCountsInItsProcessUntilItEnds(t *testing.T) {
	c := start(t, server.Start(t).Address)
	call := func() ([]limits.Demand, bool) {
		d := redis.Demand(time.Hour, 1, "lines")
		d.InProgress = true
		demands := []limits.Demand{d, redis.Demand(time.Hour, 9, "sends")}
		_, ok := c.Reserve(time.Now(), demands)
		return demands, ok
	}
	first, ok := call()
	if !ok {
		t.Fatal("the first call is refused")
	}
	name := redis.Demand(time.Hour, 1, "name").Key
	c.NameCalls(first, name)
	if _, ok := call(); ok {
		t.Error("a second one is not")
	}
	if !c.EndCalls(name) {
		t.Error("no call has the name")
	}
	if _, ok := call(); !ok {
		t.Error("the next is refused once it has ended")
	}
	sends := redis.Demand(time.Hour, 9, "sends")
	if used, _ := c.Used(time.Now(), &sends); used != 2 {
		t.Errorf("%d sends are counted: what is refused takes nothing", used)
	}
}
