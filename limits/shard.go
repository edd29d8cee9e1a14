package limits

import (
	"sync"
	"time"
)

// shard is what is kept of some keys.
type shard struct {
	mutex   sync.Mutex
	counted map[Key]*counted
	// calls are those in progress, by key; lastCall is the number of the latest.
	calls    map[Key]*inProgress
	lastCall int64
	names    *names
	// swept is when what is over was let go last.
	swept time.Duration
}

// counted is how much there was of one key.
type counted struct {
	window
	length time.Duration
	// items are the things that the window has, by their hashes; nil where amounts are added up.
	// Some may be over.
	items map[uint64]item
}

// item is one of the things that are counted once. The window has it in its latest part.
type item struct {
	// first and latest are the parts in which it was seen since it was last over.
	first, latest int64
	// uses is how often it was, except what was given back.
	uses int
}

// at is what there is of the key of a demand at a time.
func (s *shard) at(now time.Duration, d *Demand) *counted {
	s.sweep(now)
	k := s.counted[d.Key]
	if k == nil {
		k = &counted{length: d.Window}
		k.last = partOf(now, d.Window)
		if d.Item != 0 {
			k.items = map[uint64]item{}
		}
		s.counted[d.Key] = k
	}
	k.advance(partOf(now, d.Window))
	return k
}

// reserve adds a demand unless it is over the limit, and reports whether it did.
func (s *shard) reserve(now time.Duration, d *Demand) bool {
	if d.InProgress {
		return s.beginCall(now, d)
	}
	k := s.at(now, d)
	if k.hasRoom(d) {
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
	if part := k.freedAt(amount, d.Limit, &kept); part >= 0 {
		refused.RetryAfter = time.Duration(part*partLength(d.Window)) - now
	}
	return refused
}

// wanted is how much demands add to a key together, each item once, and what they keep of what
// there is: items that have their place already.
func (k *counted) wanted(key Key, demands []Demand) (amount int64, kept parts) {
	items := map[uint64]bool{}
	for i := range demands {
		d := &demands[i]
		switch {
		case d.Key != key || items[d.Item]:
		case d.Item == 0:
			amount += int64(d.Amount)
		case k.has(d.Item):
			items[d.Item] = true
			kept[k.items[d.Item].latest%(steps+1)]++
		default:
			items[d.Item] = true
			amount++
		}
	}
	return amount, kept
}

// hasRoom reports whether a demand is within its limit.
func (k *counted) hasRoom(d *Demand) bool {
	return k.has(d.Item) || k.total+int64(d.Amount) <= d.Limit
}

// has reports whether the window has an item.
func (k *counted) has(hash uint64) bool {
	seen, ok := k.items[hash]
	return ok && k.last-seen.latest <= steps
}

// add adds a demand. An item that the window has moves to the latest part.
func (k *counted) add(d *Demand) {
	if d.Item == 0 {
		part, added := k.window.add(d.Amount)
		d.reserved = reserved{part: part, amount: added, held: true}
		return
	}
	seen := k.items[d.Item]
	d.reserved = reserved{part: k.last, before: seen, held: true}
	if k.has(d.Item) {
		k.remove(seen.latest, 1)
	} else {
		seen = item{first: k.last}
	}
	k.window.add(1)
	seen.latest = k.last
	seen.uses++
	k.items[d.Item] = seen
	k.forget()
}

// undo takes back a demand that nothing came after, as if it had never been.
func (s *shard) undo(d *Demand) {
	if d.InProgress {
		s.giveBack(d)
		return
	}
	k := s.counted[d.Key]
	d.reserved.held = false
	if d.Item == 0 {
		k.remove(d.reserved.part, d.reserved.amount)
		s.release(d.Key, k)
		return
	}
	k.remove(k.last, 1)
	before := d.reserved.before
	switch {
	case before.uses == 0:
		delete(k.items, d.Item)
	default:
		k.items[d.Item] = before
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
	isHeld := d.reserved.held
	d.reserved.held = false
	switch {
	case d.InProgress && isHeld:
		s.endCall(d.Key, d.reserved.part)
		return
	case k == nil || !isHeld:
		return
	case d.Item == 0:
		k.remove(d.reserved.part, d.reserved.amount)
		s.release(d.Key, k)
		return
	}
	seen, ok := k.items[d.Item]
	if !ok || d.reserved.part < seen.first {
		return
	}
	if seen.uses--; seen.uses > 0 {
		k.items[d.Item] = seen
		return
	}
	k.remove(seen.latest, 1)
	delete(k.items, d.Item)
	s.release(d.Key, k)
}

// release lets go of a key that has nothing left.
func (s *shard) release(key Key, k *counted) {
	if k.total == 0 && len(k.items) == 0 {
		delete(s.counted, key)
	}
}

// forget lets go of items that are over once they are most of them.
func (k *counted) forget() {
	if int64(len(k.items)) <= 2*k.total+16 {
		return
	}
	for hash, seen := range k.items {
		if k.last-seen.latest > steps {
			delete(k.items, hash)
		}
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
		if partOf(now, k.length)-k.last > steps {
			delete(s.counted, key)
		}
	}
	for key := range s.calls {
		s.callsAt(now, key)
	}
}
