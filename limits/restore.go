package limits

import (
	"container/heap"
	"errors"
	"fmt"
	"math"
	"time"
)

var errRow = errors.New("it is not what a gate of this version has written")

// Restore puts back what was kept of a place, unless that has something, or its key is over. Of one
// key, rows come in the order of their places.
func (c *Counters) Restore(at time.Time, r Row) error {
	s := c.shardOf(r.Key)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if err := s.restore(c.elapsed(at), r.Place, r.Numbers); err != nil {
		return fmt.Errorf("restoring part %d of a key of limits: %w", r.Part, err)
	}
	return nil
}

func (s *shard) restore(now time.Duration, p Place, n []int64) error {
	if has, _ := s.numbersOf(p); has != nil {
		return nil
	}
	k, g := s.counted[p.Key], s.growth[p.Key]
	switch p.Part {
	case KeyPart:
		return s.restoreKey(now, p.Key, n)
	case ItemPart:
		return k.restoreItemOrUses(p.Item, n)
	case GrowthPart:
		return s.restoreGrowth(now, p.Key, n)
	case ConvertedPart:
		if g == nil {
			return nil
		}
		return g.converted.restoreItem(p.Item, n)
	case CallsPart:
		return s.restoreCalls(now, p.Key, n)
	}
	return errRow
}

// isWindow reports whether a window may have a length and a latest part. By a clock that was ahead
// when they were written, nothing would ever be over.
func isWindow(now time.Duration, length, last int64) bool {
	return length > 0 && length <= math.MaxInt64-steps && last >= 0 && last <= math.MaxInt64/partLength(time.Duration(length))-steps-1 &&
		time.Duration(last*partLength(time.Duration(length))) <= now+time.Duration(length)
}

func (s *shard) restoreKey(now time.Duration, key Key, n []int64) error {
	if len(n) < 6 || len(n)%2 != 0 {
		return errRow
	}
	form, length, last, ends := n[0], n[1], n[2], n[3]
	switch {
	case ends == 0 && !isWindow(now, length, last), length <= 0, ends < 0:
		return errRow
	case n[4] < 0, n[4] > math.MaxUint32, n[5] < 0, n[5] > math.MaxUint8:
		return errRow
	}
	d := &Demand{}
	switch form {
	case once:
		d.Item = 1
	case often:
		d.Item, d.Repeats = 1, true
	case sums:
	default:
		return errRow
	}
	k := newCounted(d)
	k.length, k.last, k.ends, k.epoch = time.Duration(length), last, time.Duration(ends), s.epoch
	k.isPeriod, k.warned, k.told = ends != 0, uint32(n[4]), uint8(n[5])
	for i := 6; i < len(n); i += 2 {
		if form != sums || !k.restoreAmount(n[i], n[i+1]) {
			return errRow
		}
	}
	if !k.isOver(now) {
		s.counted[key] = k
	}
	return nil
}

// restoreAmount adds what was counted in a part, unless that is over, and reports whether it makes
// sense.
func (k *counted) restoreAmount(part, amount int64) bool {
	if part < 0 || part > k.last || amount < 0 || amount > math.MaxUint32 {
		return false
	}
	if k.last-part <= k.before() {
		k.parts[part%(steps+1)] += uint32(amount)
		k.total += amount
	}
	return true
}

func (k *counted) restoreItemOrUses(hash uint64, n []int64) error {
	switch {
	case k == nil: // it is over
		return nil
	case k.uses != nil:
		return k.restoreUses(hash, n)
	case k.items != nil:
		return k.restoreItem(hash, n)
	}
	return errRow
}

func (k *counted) restoreUses(hash uint64, n []int64) error {
	if len(n)%2 != 0 {
		return errRow
	}
	u := new(uses)
	u.list = u.room[:0]
	for i := 0; i < len(n); i += 2 {
		if !k.restoreAmount(n[i], n[i+1]) {
			return errRow
		}
		u.list = append(u.list, use{n[i], uint32(n[i+1])})
	}
	k.uses[hash] = u
	return nil
}

func (k *counted) restoreItem(hash uint64, n []int64) error {
	if len(n) != 3 {
		return errRow
	}
	seen := item{first: n[0], latest: n[1], uses: int(n[2])}
	if seen.first < 0 || seen.latest < seen.first || seen.latest > k.last {
		return errRow
	}
	if k.last-seen.latest > k.before() {
		return nil
	}
	k.items.set(hash, seen)
	k.restore(seen.latest)
	return nil
}

func (s *shard) restoreGrowth(now time.Duration, key Key, n []int64) error {
	if len(n) != 3+growthDays || !isWindow(now, n[0], n[1]) || n[2] < 0 || n[2] > dayOf(now)+1 {
		return errRow
	}
	g := &growth{converted: counted{length: time.Duration(n[0]), items: new(items)}, day: n[2]}
	g.converted.last = n[1]
	copy(g.best[:], n[3:])
	if g.isOver(now) {
		return nil
	}
	if s.growth == nil {
		s.growth = map[Key]*growth{}
	}
	s.growth[key] = g
	return nil
}

func (s *shard) restoreCalls(now time.Duration, key Key, n []int64) error {
	const each = 5
	if len(n)%each != 0 {
		return errRow
	}
	p := &inProgress{byID: map[int64]*call{}}
	for ; len(n) > 0; n = n[each:] {
		begun := &call{id: n[0], ends: time.Duration(n[1]), dialled: n[2] == 1, name: Key{uint64(n[3]), uint64(n[4])}}
		switch {
		case p.byID[begun.id] != nil:
			return errRow
		case begun.ends <= now:
			continue
		}
		p.byID[begun.id] = begun
		heap.Push(p, begun)
	}
	if len(p.byEnd) == 0 {
		return nil
	}
	for id, begun := range p.byID {
		s.lastCall = max(s.lastCall, id)
		if begun.name != (Key{}) {
			s.names.add(begun.name, namedCall{key, id})
		}
	}
	if s.calls == nil {
		s.calls = map[Key]*inProgress{}
	}
	s.calls[key] = p
	return nil
}
