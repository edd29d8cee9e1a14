package redis_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	server "github.com/caddy-tollgate/tollgate/internal/harness/redis"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/limits/redis"
)

// epoch is so late that no key expires while a test has a clock of its own. It begins a part of
// each of the windows.
var epoch = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)

// windows have parts of whole microseconds, so that both kinds of counters have the same.
var windows = []time.Duration{1200 * time.Millisecond, time.Minute, 90 * time.Second, time.Hour}

// reservation is what both kinds of counters have reserved.
type reservation struct {
	shared, local []limits.Demand
	at            time.Time
	// window is the shortest one.
	window time.Duration
}

// Random demands are answered as the counters of one process answer them, which a list of all
// sends is the model of: whether, which limit is exceeded, by how much and for how long.
func TestRedisCountsAsOneProcessDoes(t *testing.T) {
	s := server.Start(t, "--appendfsync", "no")
	for seed := range uint64(20) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			shared, local := start(t, s.Address, func(o *redis.Options) { o.Prefix = fmt.Sprint(seed, ":") }), limits.New(epoch)
			now := epoch
			shared.SetClock(func() time.Time { return now })
			random := rand.New(rand.NewPCG(seed, 18))
			var out []reservation
			for step := range 120 {
				now = now.Add(time.Duration(random.ExpFloat64() * float64(windows[random.IntN(2)]) / 20)).Truncate(time.Microsecond)
				r := reservation{at: now, window: time.Hour}
				for range 1 + random.IntN(3) {
					d := randomDemand(random, now)
					r.window = min(r.window, d.Window)
					r.shared = append(r.shared, d)
				}
				r.local = slices.Clone(r.shared)
				got, gotOK := shared.Reserve(now, r.shared)
				want, wantOK := local.Reserve(now, r.local)
				if got != want || gotOK != wantOK {
					t.Fatalf("step %d: %+v: %t %+v, want %t %+v", step, r.local, gotOK, got, wantOK, want)
				}
				if gotOK {
					out = append(out, r)
				}
				if len(out) > 0 && random.IntN(3) == 0 {
					i := random.IntN(len(out))
					// What is given back after its window changes nothing in Redis.
					if now.Sub(out[i].at) < out[i].window {
						shared.GiveBack(out[i].shared)
						local.GiveBack(out[i].local)
					}
					out = slices.Delete(out, i, i+1)
				}
				d := randomDemand(random, now)
				gotUsed, gotRoom := shared.Used(now, &d)
				if used, room := local.Used(now, &d); gotUsed != used || gotRoom != room {
					t.Fatalf("step %d: of %+v there is %d, %t and not %d, %t", step, d, gotUsed, gotRoom, used, room)
				}
			}
		})
	}
}

// randomDemand is one of a few keys, every second one of items, and some of periods of a minute.
func randomDemand(random *rand.Rand, now time.Time) limits.Demand {
	key := random.IntN((len(windows) + 1) * 2)
	var d limits.Demand
	if key/2 < len(windows) {
		d = redis.Demand(windows[key/2], 3+int64(key), "limit", fmt.Sprint(key))
	} else {
		d = redis.Demand(time.Minute-now.Sub(epoch)%time.Minute, 3, "limit", fmt.Sprint(key))
		d.Period = 1 + int64(now.Sub(epoch)/time.Minute)
	}
	if key%2 == 1 {
		d.Item = 1 + random.Uint64N(12)
	} else {
		d.Amount = 1 + random.Uint32N(3)
	}
	return d
}

func TestAClockOfRedisThatGoesBackFreesNothing(t *testing.T) {
	c := start(t, server.Start(t).Address)
	now := epoch
	c.SetClock(func() time.Time { return now })
	for _, item := range []uint64{0, 7} {
		demand := func(item uint64) []limits.Demand {
			d := redis.Demand(time.Minute, 1, "limit", fmt.Sprint(item == 0))
			d.Item = item
			return []limits.Demand{d}
		}
		now = epoch.Add(time.Hour)
		if _, ok := c.Reserve(now, demand(item)); !ok {
			t.Fatal("refused")
		}
		for _, elapsed := range []time.Duration{0, time.Minute, time.Hour - 1, time.Hour + time.Minute - 1} {
			now = epoch.Add(elapsed)
			if _, ok := c.Reserve(now, demand(2*item)); ok {
				t.Errorf("another passed at %s", elapsed)
			}
		}
		now = epoch.Add(time.Hour + 61*time.Second)
		if _, ok := c.Reserve(now, demand(2*item)); !ok {
			t.Error("refused when the window is over")
		}
	}
}

// Whatever the times at which sends come, no window of the stated length has more than the limit.
func TestNoWindowEverHasMoreThanTheLimit(t *testing.T) {
	const limit = 5
	s := server.Start(t, "--appendfsync", "no")
	for seed := range uint64(10) {
		random := rand.New(rand.NewPCG(seed, 7))
		window := time.Duration(1 + random.Int64N(int64(2*time.Minute)))
		c, now := start(t, s.Address, func(o *redis.Options) { o.Prefix = fmt.Sprint(seed, ":") }), epoch
		c.SetClock(func() time.Time { return now })
		var passed []time.Time
		for range 200 {
			// Attackers wait for the moment at which something is freed.
			refused, ok := c.Reserve(now, []limits.Demand{redis.Demand(window, limit, "limit")})
			switch {
			case ok:
				passed = append(passed, now)
				now = now.Add(time.Duration(random.Int64N(int64(window)/8 + 1)))
			case random.IntN(2) == 0:
				now = now.Add(refused.RetryAfter)
			default:
				now = now.Add(time.Duration(random.Int64N(int64(window)/60 + 2)))
			}
		}
		for i := limit; i < len(passed); i++ {
			// The clock of Redis has microseconds.
			if within := passed[i].Sub(passed[i-limit]); within < window-time.Microsecond {
				t.Fatalf("seed %d: %d within %s, of a window of %s", seed, limit+1, within, window)
			}
		}
		if len(passed) < 2*limit {
			t.Errorf("seed %d: only %d passed", seed, len(passed))
		}
	}
}

// A day is counted until it ends, and what is given back after that leaves the next one alone.
func TestRedisCountsADayByItself(t *testing.T) {
	c := start(t, server.Start(t).Address)
	turn := epoch.Add(24 * time.Hour)
	now := turn
	c.SetClock(func() time.Time { return now })
	for _, item := range []uint64{0, 1} {
		ask := func(at time.Time, period int64, left time.Duration, item uint64) ([]limits.Demand, limits.Refused, bool) {
			now = at
			d := redis.Demand(left, 1, "day", fmt.Sprint(item == 0))
			d.Period, d.Item = period, item
			demands := []limits.Demand{d}
			refused, ok := c.Reserve(at, demands)
			return demands, refused, ok
		}
		first, _, ok := ask(turn.Add(-20*time.Hour), 1, 20*time.Hour, item)
		if !ok {
			t.Fatal("the first was refused")
		}
		if _, refused, ok := ask(turn.Add(-time.Second), 1, time.Second, 2*item); ok || refused.RetryAfter != time.Second || refused.Used != 1 {
			t.Errorf("%t %+v just before the turn", ok, refused)
		}
		if _, refused, ok := ask(turn, 2, 24*time.Hour, 2*item); !ok {
			t.Errorf("%+v at the turn", refused)
		}
		c.GiveBack(first)
		if _, _, ok := ask(turn.Add(time.Second), 2, 24*time.Hour-time.Second, 3*item); ok {
			t.Error("what was given back after the turn counts for the next day")
		}
	}
}

// What is sent while the clock is back counts from the time that was reached before: it is recent, also
// once the clock is right again.
func TestWhatIsSentWhileTheClockOfRedisIsBackIsCounted(t *testing.T) {
	c := start(t, server.Start(t).Address)
	now := epoch
	c.SetClock(func() time.Time { return now })
	for _, isOfItems := range []bool{false, true} {
		for i, step := range []struct {
			elapsed time.Duration
			passes  bool
		}{{time.Hour, true}, {0, true}, {time.Hour, false}, {time.Hour + 61*time.Second, true}} {
			now = epoch.Add(step.elapsed)
			d := redis.Demand(time.Minute, 2, "limit", fmt.Sprint(isOfItems))
			if isOfItems {
				d.Item = uint64(1 + i)
			}
			if _, ok := c.Reserve(now, []limits.Demand{d}); ok != step.passes {
				t.Errorf("of items %t, at %s it passes %t", isOfItems, step.elapsed, ok)
			}
		}
	}
}

// A day begins by the clock of each gate. One whose clock is ahead ends no day for the others: what
// they have counted is kept until it is over by theirs, too. Once it has begun the next one, they count
// in that, which is not over any sooner.
func TestADayOfGatesWithDifferentClocks(t *testing.T) {
	const behind, day = 59 * time.Minute, 24 * time.Hour
	for _, item := range []uint64{0, 1} {
		s := server.Start(t)
		c := start(t, s.Address)
		for i, ask := range []struct {
			name   string
			period int64
			left   time.Duration
			passes bool
			kept   time.Duration
		}{
			{"one that is behind", 20_000, time.Second + behind, true, behind},
			{"one that is ahead, before its turn", 20_000, time.Second, true, behind},
			{"one that is ahead, at its turn", 20_001, day, true, day},
			{"one that is behind, in what is the day before for it", 20_000, behind, true, day},
			{"one that is ahead, which finds what the other has counted", 20_001, day, false, day},
		} {
			d := redis.Demand(ask.left, 2, "day", fmt.Sprint(item))
			if d.Period = ask.period; item != 0 {
				d.Item = uint64(1 + i)
			}
			if refused, ok := c.Reserve(time.Now(), []limits.Demand{d}); ok != ask.passes {
				t.Errorf("%s passes %t: %+v", ask.name, ok, refused)
			}
			if left := keptFor(t, s, c); left < ask.kept {
				t.Errorf("%s: its key goes in %s", ask.name, left)
			}
		}
	}
}

// keptFor is for how long the server keeps the only key that counters have.
func keptFor(t *testing.T, s *server.Server, c *redis.Counters) (left time.Duration) {
	t.Helper()
	keys, err := c.Keys()
	if err != nil || len(keys) != 1 {
		t.Fatal(keys, err)
	}
	if _, err := fmt.Sscanf(strings.TrimPrefix(s.Do(t, "PTTL "+keys[0]), ":"), "%d", &left); err != nil {
		t.Fatal(err)
	}
	return left * time.Millisecond
}
