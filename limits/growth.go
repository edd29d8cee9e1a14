package limits

import "time"

// growthDays is for how many days it is known how much was converted.
const growthDays = 14

// growth is how many items were converted of a key. It outlives what is counted of the key.
type growth struct {
	// converted are those of the window that ends now, each once: no item lets a limit grow
	// by being converted again and again.
	converted counted
	// best is the most that any window had, by day, at the place of the day modulo their count.
	best [growthDays]int64
	// day is the latest of them, from 0 of the clock.
	day int64
}

// dayOf is the number of the day that a time is in.
func dayOf(now time.Duration) int64 { return int64(now / (24 * time.Hour)) }

// grow records that the item of a demand was converted.
func (s *shard) grow(now time.Duration, d *Demand) {
	g := s.growth[d.Key]
	if g == nil {
		g = &growth{converted: counted{length: d.Window, items: new(items)}, day: dayOf(now)}
		if s.growth == nil {
			s.growth = map[Key]*growth{}
		}
		s.growth[d.Key] = g
	}
	g.advance(now)
	g.converted.add(&Demand{Item: d.Item})
	today := &g.best[g.day%growthDays]
	*today = max(*today, g.converted.total)
}

// advance forgets the days that are over, and what is no longer in the window.
func (g *growth) advance(now time.Duration) {
	g.converted.advance(partOf(now, g.converted.length))
	day := dayOf(now)
	for past := max(g.day+1, day-growthDays+1); past <= day; past++ {
		g.best[past%growthDays] = 0
	}
	g.day = max(g.day, day)
}

// most is the most that was converted in one window: in that which ends now, or one that ended
// within the last days.
func (g *growth) most(now time.Duration) int64 {
	g.advance(now)
	most := g.converted.total
	for _, best := range g.best {
		most = max(most, best)
	}
	return most
}

// isOver reports whether nothing is left that lets a limit grow.
func (g *growth) isOver(now time.Duration) bool {
	return dayOf(now)-g.day >= growthDays && partOf(now, g.converted.length)-g.converted.last > steps
}

// allowed is how much the limit of a demand allows, and the most that was converted in one window.
func (s *shard) allowed(now time.Duration, d *Demand) (limit, most int64) {
	if d.Share == 0 || s.growth[d.Key] == nil {
		return d.Limit, 0
	}
	most = s.growth[d.Key].most(now)
	return max(d.Limit, most*int64(d.Share)/100), most
}

// Allowed is how much the limit of a demand allows now: what it states, or its share of the most
// items that were converted in one window of the last 14 days.
func (c *Counters) Allowed(at time.Time, d *Demand) (limit, most int64) {
	s := c.shardOf(d.Key)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.allowed(c.elapsed(at), d)
}
