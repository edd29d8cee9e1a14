package redis_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	server "github.com/caddy-tollgate/tollgate/internal/harness/redis"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/limits/redis"
)

// replicated are a server, its replica and a sentinel that watches them.
type replicated struct {
	master, replica, sentinel *server.Server
	// written is how often a key was written to see that the replica has it.
	written int
}

func startReplicated(t *testing.T, settings ...string) replicated {
	t.Helper()
	r := replicated{master: server.Start(t, append(settings, "--appendfsync", "no", "--repl-diskless-sync-delay", "0")...)}
	r.replica = server.Start(t, append(settings, "--appendfsync", "no", "--replicaof", "127.0.0.1 "+harness.Port(r.master.Address))...)
	r.sentinel = r.master.Watch(t, "counters", r.master.Address)
	r.awaitReplica(t)
	harness.Await(t, "the sentinel knows of the replica", func() bool {
		return strings.HasPrefix(r.sentinel.Do(t, "SENTINEL REPLICAS counters"), "*1")
	})
	return r
}

// awaitReplica waits until the replica has all that its master had before. WAIT would be of what its
// own connection has written.
func (r *replicated) awaitReplica(t *testing.T) {
	t.Helper()
	r.written++
	written := fmt.Sprintf("test:written-%d", r.written)
	harness.Await(t, "the master takes a write", func() bool { return r.master.Do(t, "SET "+written+" 1") == "+OK" })
	harness.Await(t, "the replica has what was written", func() bool { return r.replica.Do(t, "EXISTS "+written) == ":1" })
}

// hasTakenOver reports whether the replica is the master by now. While it becomes that, it ends
// connections.
func (r *replicated) hasTakenOver() bool {
	answer, err := r.replica.Ask("SET test:taken over")
	return err == nil && answer == "+OK"
}

// bySentinel has counters ask the sentinel for the master.
func (r *replicated) bySentinel(o *redis.Options) {
	o.Address, o.Deny, o.Timeout = "redis://"+r.sentinel.Address+"?master_set=counters", true, patient
}

// A master is killed under load. Its replica takes over, and the limit holds, except for what the
// replica was not sent before.
func TestALimitHoldsOverAFailoverExceptForWhatTheReplicaLacks(t *testing.T) {
	r := startReplicated(t)
	all := gates(t, "", r.bySentinel)
	const limit = 4000
	l := begin(t, all, limit)
	harness.Await(t, "some pass", func() bool { return l.passed.Load() > limit/4 })
	r.master.Kill(t)
	harness.Await(t, "requests are refused meanwhile", func() bool { return l.unavailable.Load() > 1000 })
	before := l.passed.Load() // all of it by the master that was killed, or the moment after
	harness.Await(t, "the replica takes over", func() bool { return r.hasTakenOver() })
	harness.Await(t, "it is asked", func() bool { return isAvailable(all) })
	harness.Await(t, "the limit is reached", func() bool {
		used, hasRoom := all[0].Used(time.Now(), new(redis.Demand(time.Hour, limit, "limit")))
		return used >= limit && !hasRoom
	})
	l.end()
	lost := l.passed.Load() - limit
	if lost > before/2 { // it would be all, where the replica had nothing
		t.Errorf("%d more than the limit passed, of %d before the failover", lost, before)
	}
	t.Logf("%d passed a limit of %d, %d of them before the failover; %d were refused meanwhile", l.passed.Load(), limit, before, l.unavailable.Load())
}

// reserve reserves one of a limit.
func reserve(c *redis.Counters, limit int64) (limits.Refused, bool) {
	return c.Reserve(time.Now(), []limits.Demand{redis.Demand(time.Hour, limit, "limit")})
}

// What a replica lacks is exactly what passes once more, and nothing else.
func TestWhatAReplicaLacksPassesOnceMore(t *testing.T) {
	const limit, lacks = 10, 4
	r := startReplicated(t)
	c := start(t, "", r.bySentinel)
	pass := func(want int) {
		t.Helper()
		passed := 0
		for range want {
			if _, ok := reserve(c, limit); ok {
				passed++
			}
		}
		if passed != want {
			t.Fatalf("%d of %d passed", passed, want)
		}
	}
	pass(limit - lacks)
	r.awaitReplica(t)
	// The replica is cut off: it knows no password. Connections that are there stay.
	if answer := r.master.Do(t, "CONFIG SET requirepass x\r\nCLIENT KILL TYPE replica"); answer != "+OK" {
		t.Fatal(answer)
	}
	pass(lacks)
	if _, ok := reserve(c, limit); ok {
		t.Fatal("more than the limit passed")
	}
	r.master.Kill(t)
	harness.Await(t, "the replica takes over", func() bool { return r.hasTakenOver() })
	harness.Await(t, "it is asked", func() bool {
		used, _ := c.Used(time.Now(), new(redis.Demand(time.Hour, limit, "limit")))
		return used == limit-lacks
	})
	pass(lacks)
	if refused, ok := reserve(c, limit); ok || refused.Unavailable {
		t.Errorf("after what it lacked, %+v", refused)
	}
}

// With min-replicas-to-write, a master without a replica takes nothing: so little can be lacking.
func TestAMasterWhoseReplicaIsAwayIsAwayWhereItSaysSo(t *testing.T) {
	r := startReplicated(t, "--min-replicas-to-write", "1", "--min-replicas-max-lag", "1")
	c := start(t, "", r.bySentinel)
	if _, ok := reserve(c, 1000); !ok {
		t.Fatal("refused")
	}
	r.replica.Stall(t)
	harness.Await(t, "nothing passes", func() bool {
		refused, _ := reserve(c, 1<<30)
		return refused.Unavailable
	})
	r.replica.Continue(t)
	harness.Await(t, "it passes again", func() bool {
		_, ok := reserve(c, 1<<30)
		return ok
	})
}
