package limits

import (
	"math/bits"
	"time"
)

// Demand is what one send asks of one limit.
type Demand struct {
	Key Key
	// Window is how long the limit looks back. Of one key it is always the same, except where
	// there is a period: then it is how long it takes until that ends. Of a call in progress it is
	// how long the call may last.
	Window time.Duration
	// Period is the number of the period, such as a day, that is counted by itself: it grows
	// from one to the next. It is 0 where the window slides. One key has always periods, or never.
	Period int64
	// Limit is how much there may be within it.
	Limit int64
	// Amount is what the send takes: 1 of sends.
	Amount uint32
	// Repeats says that the item counts each time, until Convert takes back all that it has.
	Repeats bool
	// InProgress says that the demand is a call, which counts until it ends. Of one key, all
	// demands are or none is.
	InProgress bool
	// Dialled says that such a call is dialled within another, by which it is named.
	Dialled bool
	// Share is how much of what is converted the limit grows to, in percent; 0 where it does not
	// grow.
	Share uint8
	// Warned is how many steps of Warn are reached, where that is to be told: Reserve sets it,
	// once a window for each.
	Warned uint8
	// warnedBefore is how many were told before.
	warnedBefore uint8
	// Item is the hash of one of the things that are counted, each once; 0 where amounts are
	// added up.
	Item uint64
	// Warn are the steps of the limit; nil where nothing is told.
	Warn *Steps

	// Shared is the part in which counters of several processes have the demand, by their own
	// clock, and 0 where they do not.
	Shared int64

	reserved reserved
}

// IsTooMuch reports whether the demand is over its limit by itself, as a send may be that costs
// more than all that may be spent. Nothing was sent for that, so it holds nothing.
func (d *Demand) IsTooMuch() bool { return int64(d.Amount) > d.Limit }

// ItemOnce is the hash of what the demand counts once, and 0 where it counts each time.
func (d *Demand) ItemOnce() uint64 {
	if d.Repeats {
		return 0
	}
	return d.Item
}

// IsReserved reports whether the demand is reserved and not given back.
func (d *Demand) IsReserved() bool { return d.reserved.epoch != 0 || d.Shared != 0 }

// reserved is what was added for a demand, and in which part; of a call, its number.
type reserved struct {
	part   int64
	amount uint32
	// epoch is that of the key: 0 before, and once it was taken back.
	epoch uint32
	// before is what the item was until then.
	before item
	// uses are those of an item that counts each time.
	uses *uses
}

// Refused says which demand was over its limit.
type Refused struct {
	// Index is its place among the demands.
	Index int
	// Used is how much there was before it.
	Used int64
	// RetryAfter is how long it takes until there is room for all demands of the key, if nothing
	// is added. It is negative where there never is: together they are over the limit itself; and
	// where the limit grows, since it may shrink as well.
	RetryAfter time.Duration
	// Unavailable says that the counters cannot be asked: nothing is known of the limits.
	Unavailable bool
}

// shardCount is the number of bits of a set of shards.
const shardCount = 64

// Counters are how much there was, by key. All methods may be called at once. The clock is that
// of the caller; one that goes back stands still.
type Counters struct {
	Hasher
	shards [shardCount]shard
	names  names
	// since is the time from which windows are told apart.
	since time.Time
}

// New returns empty counters, of a clock that begins at a time.
func New(since time.Time) *Counters {
	c := &Counters{since: since, Hasher: newHasher()}
	for i := range c.shards {
		s := &c.shards[i]
		s.counted, s.epoch, s.names = map[Key]*counted{}, 1, &c.names
	}
	return c
}

// Hash is the hash of the keys and items of these counters.
func (c *Counters) Hash() Hasher { return c.Hasher }

// Reserve reserves all demands, or none if one of them is over its limit: the first of these is
// in refused.
func (c *Counters) Reserve(at time.Time, demands []Demand) (refused Refused, ok bool) {
	now, locked := c.elapsed(at), c.lock(demands)
	defer c.unlock(locked)
	for i := range demands {
		if !c.shardOf(demands[i].Key).reserve(now, &demands[i]) {
			for k := i - 1; k >= 0; k-- {
				c.shardOf(demands[k].Key).undo(&demands[k])
			}
			return c.shardOf(demands[i].Key).refuse(now, demands, i), false
		}
	}
	for i := range demands {
		if d := &demands[i]; d.Warn != nil && !d.InProgress {
			c.shardOf(d.Key).counted[d.Key].warn(d)
		}
	}
	return Refused{}, true
}

// ReserveEach reserves each demand by itself, unless it is over its limit: those that are
// reserved say so.
func (c *Counters) ReserveEach(at time.Time, demands []Demand) {
	for i := range demands {
		c.Reserve(at, demands[i:i+1])
	}
}

// GiveBack takes back what was reserved: what was not sent does not count. What was
// taken back already stays so.
func (c *Counters) GiveBack(demands []Demand) {
	locked := c.lock(demands)
	defer c.unlock(locked)
	for i := range demands {
		d := &demands[i]
		s, epoch := c.shardOf(d.Key), d.reserved.epoch
		s.giveBack(d)
		if k := s.counted[d.Key]; k != nil && k.epoch == epoch {
			k.unwarn(d)
		}
	}
}

// Used is how much there is within the window of a demand's key, of items or of amounts, and
// whether there is room for the demand.
func (c *Counters) Used(at time.Time, d *Demand) (used int64, hasRoom bool) {
	s := c.shardOf(d.Key)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	now := c.elapsed(at)
	if d.InProgress {
		if p := s.callsAt(now, d.Key); p != nil {
			used = int64(len(p.byEnd))
		}
		return used, used < d.Limit
	}
	k, limit := s.counted[d.Key], s.limitOf(now, d)
	if k == nil {
		return 0, int64(d.Amount) <= limit
	}
	k.advance(d.part(now))
	return k.total, k.hasRoom(d, limit)
}

// Clear forgets what was counted for keys. What was reserved before is given back to nothing.
func (c *Counters) Clear(keys ...Key) {
	for _, key := range keys {
		c.clear(key)
	}
}

// ClearOwn is Clear: only this process counts here.
func (c *Counters) ClearOwn(keys ...Key) { c.Clear(keys...) }

func (c *Counters) clear(key Key) {
	s := c.shardOf(key)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.counted[key] != nil {
		delete(s.counted, key)
		s.epoch++
	}
}

// Len is the number of keys that are kept.
func (c *Counters) Len() int {
	n := 0
	for i := range c.shards {
		s := &c.shards[i]
		s.mutex.Lock()
		n += len(s.counted) + len(s.calls)
		s.mutex.Unlock()
	}
	return n
}

// elapsed is how long the clock has run.
func (c *Counters) elapsed(at time.Time) time.Duration { return max(at.Sub(c.since), 0) }

func (c *Counters) shardOf(key Key) *shard { return &c.shards[key[0]%shardCount] }

// lock locks the shards of demands, always in the same order, and returns which.
func (c *Counters) lock(demands []Demand) (locked uint64) {
	for i := range demands {
		locked |= 1 << (demands[i].Key[0] % shardCount)
	}
	for left := locked; left != 0; left &= left - 1 {
		c.shards[bits.TrailingZeros64(left)].mutex.Lock()
	}
	return locked
}

func (c *Counters) unlock(locked uint64) {
	for left := locked; left != 0; left &= left - 1 {
		c.shards[bits.TrailingZeros64(left)].mutex.Unlock()
	}
}
