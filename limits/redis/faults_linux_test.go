package redis_test

import (
	"fmt"
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

// patient is a timeout that a machine that is busy does not exceed unless Redis is away.
const patient = 500 * time.Millisecond

// load asks counters for more than a limit has, by many clients, until it is ended.
type load struct {
	passed, unavailable atomic.Int64
	// longest is how long one waited at most.
	longest atomic.Int64
	stop    chan struct{}
	once    sync.Once
	group   sync.WaitGroup
}

func begin(t *testing.T, all []*redis.Counters, limit int64) *load {
	l := &load{stop: make(chan struct{})}
	t.Cleanup(l.end)
	for client := range 3 * 16 {
		l.group.Go(func() {
			for {
				select {
				case <-l.stop:
					return
				case <-time.After(time.Millisecond):
				}
				began := time.Now()
				refused, ok := all[client%len(all)].Reserve(began, []limits.Demand{
					redis.Demand(time.Hour, limit, "limit"),
					redis.Demand(time.Hour, 1<<30, "client", fmt.Sprint(client)),
				})
				took := int64(time.Since(began))
				for longest := l.longest.Load(); took > longest && !l.longest.CompareAndSwap(longest, took); longest = l.longest.Load() {
				}
				switch {
				case ok:
					l.passed.Add(1)
				case refused.Unavailable:
					l.unavailable.Add(1)
				}
			}
		})
	}
	return l
}

func (l *load) end() {
	l.once.Do(func() { close(l.stop) })
	l.group.Wait()
}

func isAvailable(all []*redis.Counters) bool {
	for _, c := range all {
		if !c.Available() {
			return false
		}
	}
	return true
}

// Three gates and 48 clients, while Redis is killed and stalled: what is refused meanwhile is not
// sent, what was reserved stays, and no one waits for longer than the timeout.
func TestNoMoreThanTheLimitPassesWhileRedisIsKilledAndStalled(t *testing.T) {
	s := server.Start(t)
	all := gates(t, s.Address, func(o *redis.Options) { o.Deny, o.Timeout = true, patient })
	const limit = 2000
	l := begin(t, all, limit)
	faults := []struct {
		name       string
		begin, end func(testing.TB)
	}{{"killed", s.Kill, s.Restart}, {"stalled", s.Stall, s.Continue}, {"killed again", s.Kill, s.Restart}}
	for i, fault := range faults {
		part := int64(i+1) * limit / int64(len(faults)+1)
		harness.Await(t, "some pass", func() bool { return l.passed.Load() > part })
		before := l.unavailable.Load()
		fault.begin(t)
		harness.Await(t, "requests are refused while Redis is "+fault.name, func() bool { return l.unavailable.Load() > before+1000 })
		fault.end(t)
		harness.Await(t, "Redis is back", func() bool { return isAvailable(all) })
	}
	harness.Await(t, "the limit is reached", func() bool {
		used, hasRoom := all[0].Used(time.Now(), new(redis.Demand(time.Hour, limit, "limit")))
		return used >= limit && !hasRoom
	})
	l.end()
	// What Redis has reserved and could not say is counted, and was not sent.
	if passed := l.passed.Load(); passed > limit {
		t.Errorf("%d passed a limit of %d", passed, limit)
	}
	if longest := time.Duration(l.longest.Load()); longest > 3*patient {
		t.Errorf("one waited for %s", longest)
	}
	t.Logf("%d passed, %d were refused unavailable, one waited for %s", l.passed.Load(), l.unavailable.Load(), time.Duration(l.longest.Load()))
}

// While Redis is stalled, its timeout is waited for once, and not by each request.
func TestAStalledRedisIsWaitedForOnce(t *testing.T) {
	s := server.Start(t)
	c := start(t, s.Address, func(o *redis.Options) { o.Deny, o.Timeout = true, patient })
	s.Stall(t)
	reserve := func() limits.Refused {
		refused, _ := c.Reserve(time.Now(), []limits.Demand{redis.Demand(time.Minute, 1, "limit")})
		return refused
	}
	if refused := reserve(); !refused.Unavailable {
		t.Fatalf("%+v", refused)
	}
	began := time.Now()
	for range 1000 {
		if refused := reserve(); !refused.Unavailable {
			t.Fatalf("%+v", refused)
		}
	}
	if took := time.Since(began); took > patient {
		t.Errorf("a thousand requests took %s", took)
	}
	s.Continue(t)
	harness.Await(t, "Redis is back", c.Available)
	// The script of the request that was refused runs now, and is taken back.
	harness.Await(t, "what was not sent is given back", func() bool {
		_, hasRoom := c.Used(time.Now(), new(redis.Demand(time.Minute, 1, "limit")))
		return hasRoom
	})
}

// Each gate counts for itself while Redis is away, and goes on from what it has let through.
func TestEachGateCountsForItselfWhileRedisIsAway(t *testing.T) {
	s := server.Start(t)
	var told atomic.Int64
	all := gates(t, s.Address, func(o *redis.Options) {
		o.Timeout = patient
		o.Changed = func(err error) {
			if err != nil {
				told.Add(1)
			}
		}
	})
	pass := func(c *redis.Counters) bool {
		_, ok := c.Reserve(time.Now(), []limits.Demand{redis.Demand(time.Hour, 2, "limit")})
		return ok
	}
	if !pass(all[0]) {
		t.Fatal("refused")
	}
	s.Kill(t)
	for gate, want := range []int{1, 2, 2} {
		passed := 0
		for range 5 {
			if pass(all[gate]) {
				passed++
			}
		}
		if passed != want {
			t.Errorf("gate %d lets %d pass, want %d", gate, passed, want)
		}
	}
	harness.Await(t, "each gate is told", func() bool { return told.Load() >= 3 })
	s.Restart(t)
	harness.Await(t, "Redis is back", func() bool { return isAvailable(all) })
	if !pass(all[1]) || pass(all[2]) {
		t.Error("Redis has something else than it had")
	}
}

func TestWhatIsGivenBackWhileRedisIsAwayIsFreeOnceItIsBack(t *testing.T) {
	s := server.Start(t)
	c := start(t, s.Address, func(o *redis.Options) { o.Deny, o.Timeout = true, patient })
	demand := func() []limits.Demand { return []limits.Demand{redis.Demand(time.Hour, 1, "limit")} }
	reserved := demand()
	if _, ok := c.Reserve(time.Now(), reserved); !ok {
		t.Fatal("refused")
	}
	s.Kill(t)
	if refused, ok := c.Reserve(time.Now(), demand()); ok || !refused.Unavailable {
		t.Fatalf("%t %+v", ok, refused)
	}
	for range 2 { // the second one changes nothing
		c.GiveBack(reserved)
	}
	s.Restart(t)
	harness.Await(t, "what was given back is free", func() bool {
		_, ok := c.Reserve(time.Now(), demand())
		return ok
	})
	if _, ok := c.Reserve(time.Now(), demand()); ok {
		t.Error("it was given back twice")
	}
}

// A server that keeps nothing on disk begins again with another secret. What it had before is not
// taken back from what it has.
func TestWhatRedisHasLostIsNotGivenBack(t *testing.T) {
	for _, whileAway := range []bool{true, false} {
		s := server.Start(t, "--appendonly", "no")
		c := start(t, s.Address, func(o *redis.Options) { o.Deny, o.Timeout = true, patient })
		demand := func() []limits.Demand {
			d := redis.Demand(time.Hour, 2, "day")
			d.Period = 1
			return []limits.Demand{d}
		}
		lost := demand()
		if _, ok := c.Reserve(time.Now(), lost); !ok {
			t.Fatal("refused")
		}
		s.Kill(t)
		c.Reserve(time.Now(), demand()) // which finds it out
		if whileAway {
			c.GiveBack(lost)
		}
		s.Restart(t)
		harness.Await(t, "Redis is back", c.Available)
		if _, ok := c.Reserve(time.Now(), demand()); !ok {
			t.Fatal("refused")
		}
		c.GiveBack(lost)
		if used, _ := c.Used(time.Now(), &demand()[0]); used != 1 {
			t.Errorf("%d are used, want 1; given back while it is away: %t", used, whileAway)
		}
	}
}

// A server that takes longer than a request waits is away, before any request has waited for it.
func TestAServerThatIsTooSlowIsAway(t *testing.T) {
	told := make(chan error, 100)
	c, err := redis.New(redis.Options{Address: server.Start(t).Address, Timeout: time.Nanosecond, Deny: true, Changed: func(err error) {
		select {
		case told <- err:
		default:
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	c.Start()
	if err := <-told; err == nil || !strings.Contains(err.Error(), "longer than the timeout of 1ns") || c.Available() {
		t.Errorf("it is available %t, told as %v", c.Available(), err)
	}
}

// A gate that starts while Redis is away asks it once it is there.
func TestAGateMayStartBeforeRedis(t *testing.T) {
	s := server.Start(t)
	s.Kill(t)
	c, err := redis.New(redis.Options{Address: s.Address, Timeout: patient, Deny: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	c.Start()
	demand := []limits.Demand{redis.Demand(time.Minute, 1, "limit")}
	if refused, ok := c.Reserve(time.Now(), demand); ok || !refused.Unavailable {
		t.Errorf("%t %+v", ok, refused)
	}
	s.Restart(t)
	harness.Await(t, "Redis is there", c.Available)
	if _, ok := c.Reserve(time.Now(), demand); !ok {
		t.Error("refused")
	}
}
