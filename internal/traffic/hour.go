package traffic

import (
	"hash/maphash"
	"sync"
	"sync/atomic"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
)

// hour is what was let through in one hour.
type hour struct {
	number int64 // of hours since 1970
	seed   maphash.Seed
	shards [shards]shard
	// ended is how often it was written since it ended.
	ended int
}

// shards are parts of what is counted, so that requests seldom wait for each other.
const shards = 64

type shard struct {
	mu     sync.RWMutex
	counts map[destination]*count
}

// destination is where an account's sends went.
type destination struct {
	account   string
	channel   policy.Channel
	class     policy.Class // of calls, else zero
	territory numbering.Territory
}

// count is how many sends a store does not have yet.
type count struct {
	sends atomic.Int64
	// recorded says that the store has the day. It is used by who writes alone.
	recorded bool
}

func newHour(number int64) *hour {
	h := &hour{number: number, seed: maphash.MakeSeed()}
	for i := range h.shards {
		h.shards[i].counts = make(map[destination]*count)
	}
	return h
}

// hourOf is the hour of a time.
func hourOf(t time.Time) int64 { return t.Unix() / int64(time.Hour/time.Second) }

// begin is when the hour begins.
func (h *hour) begin() time.Time { return time.Unix(h.number*int64(time.Hour/time.Second), 0).UTC() }

// of is the count of a destination.
func (h *hour) of(account string, to gate.Reached) *count {
	key := destination{account: account, channel: to.Channel, territory: to.Territory}
	if to.Channel == policy.Voice {
		key.class = to.Class
	}
	shard := &h.shards[maphash.Comparable(h.seed, key)%shards]
	shard.mu.RLock()
	c := shard.counts[key]
	shard.mu.RUnlock()
	if c != nil {
		return c
	}
	shard.mu.Lock()
	defer shard.mu.Unlock()
	if c = shard.counts[key]; c == nil {
		c = new(count)
		shard.counts[key] = c
	}
	return c
}

// sendCount is a destination as a store has it.
func (d *destination) sendCount(h *hour, sends int64) store.SendCount {
	counted := store.SendCount{Account: d.account, Channel: d.channel.String(), Territory: d.territory.String(), Hour: h.begin(), Count: sends}
	if d.channel == policy.Voice {
		counted.Class = d.class.String()
	}
	return counted
}
