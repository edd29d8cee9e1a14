package limits

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"time"
)

// Key is what a limit counts by: its name and the values of its dimensions, as a hash of 128 bits
// that differs from process to process.
type Key [2]uint64

// Demand is what one send asks of one limit.
type Demand struct {
	Key Key
	// Window is how long the limit looks back. Of one key it is always the same. Of a call in
	// progress it is how long the call may last.
	Window time.Duration
	// Limit is how much there may be within it.
	Limit int64
	// Amount is what the send takes: 1 of sends.
	Amount uint32
	// InProgress says that the demand is a call, which counts until it ends. Of one key, all
	// demands are or none is.
	InProgress bool
	// Item is the hash of one of the things that are counted, each once; 0 where amounts are
	// added up.
	Item uint64

	reserved reserved
}

// reserved is what was added for a demand, and in which part; of a call, its number.
type reserved struct {
	part   int64
	amount uint32
	// held is false before, and once it was taken back.
	held bool
	// before is what the item was until then.
	before item
}

// Refused says which demand was over its limit.
type Refused struct {
	// Index is its place among the demands.
	Index int
	// Used is how much there was before it.
	Used int64
	// RetryAfter is how long it takes until there is room for all demands of the key, if nothing
	// is added. It is negative where there never is: together they are over the limit itself.
	RetryAfter time.Duration
}

// shardCount is the number of bits of a set of shards.
const shardCount = 64

// Counters are how much there was, by key. All methods may be called at once. The clock is that
// of the caller; one that goes back stands still.
type Counters struct {
	shards [shardCount]shard
	seeds  [2]maphash.Seed
	names  names
	// since is the time from which windows are told apart.
	since time.Time
}

// New returns empty counters, of a clock that begins at a time.
func New(since time.Time) *Counters {
	c := &Counters{since: since, seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}}
	for i := range c.shards {
		c.shards[i].counted, c.shards[i].names = map[Key]*counted{}, &c.names
	}
	return c
}

// Key is that of a limit and of the values of its dimensions, in their order.
func (c *Counters) Key(limit string, values ...string) Key {
	var room [128]byte
	text := appendText(room[:0], limit)
	for _, value := range values {
		text = appendText(text, value)
	}
	return Key{maphash.Bytes(c.seeds[0], text), maphash.Bytes(c.seeds[1], text)}
}

// appendText appends a text behind its length, so that no two lists of texts are written alike.
func appendText(to []byte, text string) []byte {
	return append(binary.LittleEndian.AppendUint32(to, uint32(len(text))), text...)
}

// Item is the hash of a thing that is counted once.
func (c *Counters) Item(text string) uint64 { return max(maphash.String(c.seeds[0], text), 1) }

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
	return Refused{}, true
}

// GiveBack takes back what was reserved: what was not sent does not count. What was
// taken back already stays so.
func (c *Counters) GiveBack(demands []Demand) {
	locked := c.lock(demands)
	defer c.unlock(locked)
	for i := range demands {
		c.shardOf(demands[i].Key).giveBack(&demands[i])
	}
}

// Used is how much there is within the window of a demand's key, of items or of amounts, and
// whether there is room for the demand.
func (c *Counters) Used(at time.Time, d *Demand) (used int64, hasRoom bool) {
	s := c.shardOf(d.Key)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if d.InProgress {
		if p := s.callsAt(c.elapsed(at), d.Key); p != nil {
			used = int64(len(p.byEnd))
		}
		return used, used < d.Limit
	}
	k := s.counted[d.Key]
	if k == nil {
		return 0, int64(d.Amount) <= d.Limit
	}
	k.advance(partOf(c.elapsed(at), d.Window))
	return k.total, k.hasRoom(d)
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
