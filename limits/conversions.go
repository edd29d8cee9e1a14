package limits

import "time"

// uses are how much one item has of a key, by part, the oldest first. All of it goes when the item
// is converted, and what comes after that is kept in others: what was reserved before is not
// given back of them.
type uses struct{ list []use }

// use is how much was added in a part.
type use struct {
	part   int64
	amount uint32
}

// addUse adds a demand whose item counts each time.
func (k *counted) addUse(d *Demand) {
	part, added := k.window.add(d.Amount)
	u := k.uses[d.Item]
	if u == nil {
		u = new(uses)
		k.uses[d.Item] = u
	}
	u.add(part, added, k.before())
	d.reserved = reserved{part: part, amount: added, epoch: k.epoch, uses: u}
	k.forgetUses()
}

// add adds an amount to the latest part, and forgets those that are over: only so many count
// beside it.
func (u *uses) add(part int64, amount uint32, before int64) {
	over := 0
	for over < len(u.list) && part-u.list[over].part > before {
		over++
	}
	u.list = u.list[over:]
	if last := len(u.list) - 1; last >= 0 && u.list[last].part == part {
		u.list[last].amount += amount
		return
	}
	u.list = append(u.list, use{part, amount})
}

// giveBackUse takes back a demand whose item counts each time, unless the item was converted since.
func (s *shard) giveBackUse(d *Demand) {
	k := s.counted[d.Key]
	if k == nil || k.uses[d.Item] != d.reserved.uses {
		return
	}
	u := d.reserved.uses
	for i := range u.list {
		if u.list[i].part == d.reserved.part {
			u.list[i].amount -= d.reserved.amount
			k.remove(d.reserved.part, d.reserved.amount)
		}
	}
	if k.ofItem(u) == 0 {
		delete(k.uses, d.Item)
	}
	s.release(d.Key, k)
}

// ofItem is how much an item has within the window.
func (k *counted) ofItem(u *uses) (amount int64) {
	for _, use := range u.list {
		if k.last-use.part <= k.before() {
			amount += int64(use.amount)
		}
	}
	return amount
}

// forgetUses lets go of items whose uses are over once they are most of them.
func (k *counted) forgetUses() {
	if int64(len(k.uses)) <= 2*k.total+16 {
		return
	}
	for item, u := range k.uses {
		if k.ofItem(u) == 0 {
			delete(k.uses, item)
		}
	}
}

// Convert takes back all that the item of a demand has within its window, however often it counted,
// and returns how much that was. What is converted lets a limit with a share grow.
func (c *Counters) Convert(at time.Time, d *Demand) (freed int64) {
	s := c.shardOf(d.Key)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	now := c.elapsed(at)
	k := s.counted[d.Key]
	if k == nil || k.uses[d.Item] == nil {
		return 0
	}
	k.advance(d.part(now))
	u := k.uses[d.Item]
	freed = k.ofItem(u)
	for _, use := range u.list {
		k.remove(use.part, use.amount)
	}
	delete(k.uses, d.Item)
	s.release(d.Key, k)
	if freed > 0 && d.Share > 0 {
		s.grow(now, d)
	}
	return freed
}
