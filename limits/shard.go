package limits

import (
	"sync"
	"time"
)

// shard is what is kept of some keys.
type shard struct {
	mutex   sync.Mutex
	counted map[Key]*counted
	// growth is what lets limits grow; nil where none has.
	growth map[Key]*growth
	// calls are those in progress, by key; lastCall is the number of the latest.
	calls    map[Key]*inProgress
	lastCall int64
	names    *names
	// swept is when what is over was let go last.
	swept time.Duration
	// epoch counts from 1 how often a key was cleared.
	epoch uint32
}

// counted is how much there was of one key.
type counted struct {
	window
	length time.Duration
	// ends is when the period ends; 0 where the window slides.
	ends time.Duration
	// items are the things that the window has; nil where amounts are added up. Some may be over.
	items *items
	// uses are what items have that count each time; nil where none does.
	uses map[uint64]*uses
	// epoch is that of the shard when it began.
	epoch uint32
}

// at is what there is of the key of a demand at a time.
func (s *shard) at(now time.Duration, d *Demand) *counted {
	s.sweep(now)
	k := s.counted[d.Key]
	if k == nil {
		k = newCounted(d)
		k.length, k.epoch = d.Window, s.epoch
		k.last, k.isPeriod = d.part(now), d.Period != 0
		s.counted[d.Key] = k
	}
	k.advance(d.part(now))
	if d.Period != 0 {
		k.ends = max(k.ends, now+d.Window)
	}
	return k
}

// reserve adds a demand unless it is over the limit, and reports whether it did.
func (s *shard) reserve(now time.Duration, d *Demand) bool {
	if d.InProgress {
		return s.beginCall(now, d)
	}
	k := s.at(now, d)
	if k.hasRoom(d, s.limitOf(now, d)) {
		k.add(d)
		return true
	}
	s.release(d.Key, k)
	return false
}

// refuse says of demands, of which nothing is reserved, which is over its limit, and when there
// is room for it and all others of its key.
func (s *shard) refuse(now time.Duration, demands []Demand, index int) Refused {
	d := &demands[index]
	if d.InProgress {
		return s.refuseCall(now, demands, index)
	}
	refused := Refused{Index: index, RetryAfter: -1}
	k := s.counted[d.Key]
	if k == nil {
		return refused // they are over the limit by themselves
	}
	refused.Used = k.total
	amount, kept := k.wanted(d.Key, demands)
	switch part := k.freedAt(amount, d.Limit, k.allParts(), &kept); {
	case part < 0 || d.Share > 0:
	case d.Period != 0:
		refused.RetryAfter = k.ends - now
	default:
		refused.RetryAfter = time.Duration(part*partLength(d.Window)) - now
	}
	return refused
}

// wanted is how much demands add to a key together, each item once, and what they keep of what
// there is: items that have their place already.
func (k *counted) wanted(key Key, demands []Demand) (amount int64, kept parts) {
	asked := map[uint64]bool{}
	for i := range demands {
		d := &demands[i]
		switch {
		case d.Key != key || asked[d.Item]:
		case d.Item == 0, d.Repeats:
			amount += int64(d.Amount)
		case k.has(d.Item):
			asked[d.Item] = true
			seen, _ := k.items.get(d.Item)
			kept[seen.latest%(steps+1)]++
		default:
			asked[d.Item] = true
			amount++
		}
	}
	return amount, kept
}

// limitOf is how much the limit of a demand allows. Few grow.
func (s *shard) limitOf(now time.Duration, d *Demand) int64 {
	if d.Share == 0 {
		return d.Limit
	}
	limit, _ := s.allowed(now, d)
	return limit
}

// hasRoom reports whether a demand is within its limit.
func (k *counted) hasRoom(d *Demand, limit int64) bool {
	return k.has(d.Item) || k.total+int64(d.Amount) <= limit
}

// has reports whether the window has an item.
func (k *counted) has(hash uint64) bool {
	seen, ok := k.items.get(hash)
	return ok && k.last-seen.latest <= k.before()
}

// add adds a demand. An item that the window has moves to the latest part.
func (k *counted) add(d *Demand) {
	if d.Repeats {
		k.addUse(d)
		return
	}
	if d.Item == 0 {
		part, added := k.window.add(d.Amount)
		d.reserved = reserved{part: part, amount: added, epoch: k.epoch}
		return
	}
	seen, _ := k.items.get(d.Item)
	d.reserved = reserved{part: k.last, before: seen, epoch: k.epoch}
	if k.has(d.Item) {
		k.remove(seen.latest, 1)
	} else {
		seen = item{first: k.last}
	}
	k.window.add(1)
	seen.latest = k.last
	seen.uses++
	k.items.set(d.Item, seen)
	k.countManyByPart()
	k.forget()
}

// undo takes back a demand that nothing came after, as if it had never been.
func (s *shard) undo(d *Demand) {
	if d.InProgress {
		s.giveBack(d)
		return
	}
	k := s.counted[d.Key]
	d.reserved.epoch = 0
	if k == nil {
		return // it took nothing, and its key had nothing else
	}
	if d.Repeats {
		s.giveBackUse(d)
		return
	}
	if d.Item == 0 {
		k.remove(d.reserved.part, d.reserved.amount)
		s.release(d.Key, k)
		return
	}
	k.remove(k.last, 1)
	before := d.reserved.before
	switch {
	case before.uses == 0:
		k.items.remove(d.Item)
	default:
		k.items.set(d.Item, before)
		if k.has(d.Item) {
			k.restore(before.latest)
		}
	}
	s.release(d.Key, k)
}

// giveBack takes back a demand. An item goes once all its uses were taken back: until then it is
// as if it had been used when it was seen last.
func (s *shard) giveBack(d *Demand) {
	k := s.counted[d.Key]
	epoch := d.reserved.epoch
	d.reserved.epoch = 0
	switch {
	case d.InProgress && epoch != 0:
		s.endCall(d.Key, d.reserved.part)
		return
	case k == nil || epoch != k.epoch:
		return
	case d.Repeats:
		s.giveBackUse(d)
		return
	case d.Item == 0:
		k.remove(d.reserved.part, d.reserved.amount)
		s.release(d.Key, k)
		return
	}
	seen, ok := k.items.get(d.Item)
	if !ok || d.reserved.part < seen.first {
		return
	}
	if seen.uses--; seen.uses > 0 {
		k.items.set(d.Item, seen)
		return
	}
	k.remove(seen.latest, 1)
	k.items.remove(d.Item)
	s.release(d.Key, k)
}

// release lets go of a key that has nothing left.
func (s *shard) release(key Key, k *counted) {
	if k.total == 0 && k.items.len() == 0 {
		delete(s.counted, key)
	}
}

// forget lets go of items that are over once they are most of them.
func (k *counted) forget() {
	if int64(k.items.len()) > 2*k.total+16 {
		k.items.removeBefore(k.last - k.before())
	}
}

// sweepInterval is how often keys are let go whose windows are over. No other key makes one go.
const sweepInterval = time.Minute

// sweep lets go of keys that have nothing left in their windows.
func (s *shard) sweep(now time.Duration) {
	if now-s.swept < sweepInterval {
		return
	}
	s.swept = now
	for key, k := range s.counted {
		if k.isOver(now) {
			delete(s.counted, key)
		}
	}
	for key, g := range s.growth {
		if g.isOver(now) {
			delete(s.growth, key)
		}
	}
	for key := range s.calls {
		s.callsAt(now, key)
	}
}

// isOver reports whether nothing is left of a key.
func (k *counted) isOver(now time.Duration) bool {
	if k.ends != 0 {
		return now >= k.ends
	}
	return partOf(now, k.length)-k.last > steps
}
