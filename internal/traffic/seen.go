package traffic

import (
	"context"
	"hash/maphash"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
)

// Seen is what was let through and is not in a store yet. All methods may be called at once.
type Seen struct {
	seed    maphash.Seed
	current atomic.Pointer[day]

	// changing is held while the day changes, and for nothing that takes time: requests wait
	// for it.
	changing sync.Mutex
	// earlier are the days before, until the store has them.
	earlier []*day
	// writing is held while the store is written to.
	writing sync.Mutex
}

// day is what was let through on one day.
type day struct {
	number int64 // of days since 1970
	shards [shards]shard
	// ended is how often it was written since it ended.
	ended int
}

// shards are parts of the accounts, so that requests seldom wait for each other.
const shards = 64

type shard struct {
	mu       sync.RWMutex
	accounts map[string]*reached
}

// reached are the territories that an account's sends went to, as bits by kind.
type reached struct {
	bits    [kinds]words
	written [kinds][wordCount]uint64 // those that the store has
}

// kinds are the channels, and in place of calls their classes, which come last.
const kinds = int(policy.ChannelCount) + int(policy.ClassCount)

func kindOf(channel policy.Channel, class policy.Class) int {
	if channel == policy.Voice {
		return int(policy.ChannelCount) + int(class)
	}
	return int(channel)
}

// wordsOf are a kind as a store has it.
func wordsOf(kind int) (channel, class string) {
	if kind >= int(policy.ChannelCount) {
		return policy.Voice.String(), policy.Class(kind - int(policy.ChannelCount)).String()
	}
	return policy.Channel(kind).String(), ""
}

const wordCount = (numbering.MaxTerritories + 63) / 64

type words [wordCount]atomic.Uint64

// New returns one that has seen nothing.
func New(now time.Time) *Seen {
	s := &Seen{seed: maphash.MakeSeed()}
	s.current.Store(newDay(dayOf(now)))
	return s
}

func newDay(number int64) *day {
	d := &day{number: number}
	for i := range d.shards {
		d.shards[i].accounts = make(map[string]*reached)
	}
	return d
}

// dayOf is the day of a time, in UTC.
func dayOf(t time.Time) int64 { return t.Unix() / (24 * 60 * 60) }

// Day is the day of a time as a store has it.
func Day(t time.Time) store.Day { return store.Day(t.UTC().Format(time.DateOnly)) }

func (d *day) name() store.Day { return Day(time.Unix(d.number*24*60*60, 0)) }

// Add remembers that a send of an account, by its own ID, was let through. The zero territory
// is none. Where the clock is set back, the day stays.
func (s *Seen) Add(account string, to gate.Reached, now time.Time) {
	if to.Territory == 0 || account == "" {
		return
	}
	d := s.current.Load()
	if number := dayOf(now); number > d.number {
		d = s.begin(number)
	}
	word, bit := &d.of(s.seed, account).bits[kindOf(to.Channel, to.Class)][to.Territory/64], uint64(1)<<(to.Territory%64)
	if word.Load()&bit == 0 {
		word.Or(bit)
	}
}

// begin begins a day, unless it has begun.
func (s *Seen) begin(number int64) *day {
	s.changing.Lock()
	defer s.changing.Unlock()
	d := s.current.Load()
	if number <= d.number {
		return d
	}
	s.earlier = append(s.earlier, d)
	d = newDay(number)
	s.current.Store(d)
	return d
}

// of is what an account has reached on the day.
func (d *day) of(seed maphash.Seed, account string) *reached {
	shard := &d.shards[maphash.String(seed, account)%shards]
	shard.mu.RLock()
	r := shard.accounts[account]
	shard.mu.RUnlock()
	if r != nil {
		return r
	}
	shard.mu.Lock()
	defer shard.mu.Unlock()
	if r = shard.accounts[account]; r == nil {
		r = new(reached)
		shard.accounts[account] = r
	}
	return r
}

// Write gives a store what it does not have yet, and that it is watched. What the store does
// not take is given to it again. A day that has ended is given once more the next time: a request
// may have begun before it ended.
func (s *Seen) Write(ctx context.Context, to store.Traffic, now time.Time) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.changing.Lock()
	days := append(slices.Clone(s.earlier), s.current.Load())
	s.changing.Unlock()
	for _, d := range days {
		if err := d.write(ctx, to, Day(now)); err != nil {
			return err
		}
		if d != days[len(days)-1] {
			s.ended(d)
		}
	}
	return nil
}

// ended drops a day that was written twice since it ended.
func (s *Seen) ended(d *day) {
	if d.ended++; d.ended < 2 {
		return
	}
	s.changing.Lock()
	defer s.changing.Unlock()
	s.earlier = slices.DeleteFunc(s.earlier, func(other *day) bool { return other == d })
}

// write gives a store what it does not have of the day. While it does, requests go on.
func (d *day) write(ctx context.Context, to store.Traffic, watched store.Day) error {
	var seen []store.LastSend
	var writes []func()
	for i := range d.shards {
		shard := &d.shards[i]
		shard.mu.RLock()
		for account, r := range shard.accounts {
			seen, writes = r.unwritten(account, d.name(), seen, writes)
		}
		shard.mu.RUnlock()
	}
	if err := to.Record(ctx, watched, seen); err != nil {
		return err
	}
	for _, written := range writes {
		written()
	}
	return nil
}

// unwritten appends what the store does not have, and what is to be done once it has.
func (r *reached) unwritten(account string, on store.Day, seen []store.LastSend, writes []func()) ([]store.LastSend, []func()) {
	for kind := range r.bits {
		channel, class := wordsOf(kind)
		for i := range r.bits[kind] {
			added := r.bits[kind][i].Load() &^ r.written[kind][i]
			if added == 0 {
				continue
			}
			writes = append(writes, func() { r.written[kind][i] |= added })
			var territories policy.Set
			territories[i] = added
			for t := range territories.All() {
				seen = append(seen, store.LastSend{Account: account, Channel: channel, Territory: t.String(), Class: class, Day: on})
			}
		}
	}
	return seen, writes
}
