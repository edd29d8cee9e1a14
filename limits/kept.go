package limits

import (
	"slices"
	"time"
)

// NewKept returns counters whose keys, items and parts are the same in every process, so that what
// they have counted may be kept for the next one.
func NewKept(now time.Time) *Counters {
	c := New(now.Add(-time.Duration(now.UnixNano()))) // 1970, by the monotonic clock of this process
	c.Hasher = Hasher{}
	return c
}

// Part says which part of what is counted for a key is kept in one row.
type Part uint8

// The parts, in the order in which they are restored.
const (
	// KeyPart is the window, with the amounts that are added up.
	KeyPart Part = iota + 1
	// ItemPart is an item that the window has, or what one has that counts each time.
	ItemPart
	// GrowthPart is what a limit grows by, and ConvertedPart an item that was converted.
	GrowthPart
	ConvertedPart
	// CallsPart are the calls in progress.
	CallsPart
)

// Place is where a row belongs.
type Place struct {
	Key  Key
	Part Part
	// Item is 0 of parts that a key has once.
	Item uint64
}

// Row is what is kept of a place.
type Row struct {
	Place
	// Numbers mean what the part says; nil where there is nothing.
	Numbers []int64
	// Over is when nothing is left of it, unless something is added.
	Over time.Time
}

// The ways in which a window counts, as they are kept.
const (
	sums  = iota // amounts are added up
	once         // items, each once
	often        // items, each time
)

// Rows calls yield with what there is at places, which are in their order. Those of one key are as of
// one moment.
func (c *Counters) Rows(places []Place, yield func(Row)) {
	for len(places) > 0 {
		n := 1
		for n < len(places) && places[n].Key == places[0].Key {
			n++
		}
		for _, row := range c.rowsOf(places[:n]) {
			yield(row)
		}
		places = places[n:]
	}
}

// rowsOf are those of places of one key.
func (c *Counters) rowsOf(places []Place) []Row {
	s := c.shardOf(places[0].Key)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	rows := make([]Row, len(places))
	for i, p := range places {
		rows[i] = Row{Place: p}
		if numbers, over := s.numbersOf(p); numbers != nil {
			rows[i].Numbers, rows[i].Over = numbers, time.Unix(0, int64(over)).UTC()
		}
	}
	return rows
}

// PlacesOf are all places of a key that have something.
func (c *Counters) PlacesOf(key Key) (places []Place) {
	s := c.shardOf(key)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if k := s.counted[key]; k != nil {
		places = append(places, Place{key, KeyPart, 0})
		for item := range k.uses {
			places = append(places, Place{key, ItemPart, item})
		}
		k.items.each(func(item uint64) { places = append(places, Place{key, ItemPart, item}) })
	}
	if g := s.growth[key]; g != nil {
		places = append(places, Place{key, GrowthPart, 0})
		g.converted.items.each(func(item uint64) { places = append(places, Place{key, ConvertedPart, item}) })
	}
	if s.calls[key] != nil {
		places = append(places, Place{key, CallsPart, 0})
	}
	return places
}

// KeysOfCalls are the keys of the calls in progress that have a name.
func (c *Counters) KeysOfCalls(name Key) (keys []Key) {
	for _, one := range c.names.of(name) {
		keys = append(keys, one.key)
	}
	return keys
}

// numbersOf are those of a place, and when they are over.
func (s *shard) numbersOf(p Place) (numbers []int64, over time.Duration) {
	k, g := s.counted[p.Key], s.growth[p.Key]
	switch {
	case p.Part == KeyPart && k != nil:
		return k.numbers(), k.over()
	case p.Part == ItemPart && k != nil && k.uses != nil:
		if u := k.uses[p.Item]; u != nil {
			return u.numbers(), k.over()
		}
	case p.Part == ItemPart && k != nil:
		if seen, ok := k.items.get(p.Item); ok {
			return seen.numbers(), k.over()
		}
	case p.Part == GrowthPart && g != nil:
		return g.numbers(), g.over()
	case p.Part == ConvertedPart && g != nil:
		if seen, ok := g.converted.items.get(p.Item); ok {
			return seen.numbers(), g.converted.over()
		}
	case p.Part == CallsPart && s.calls[p.Key] != nil:
		return s.calls[p.Key].numbers()
	}
	return nil, 0
}

// numbers are how the window counts, its length, its latest part, when its period ends, what was
// told and when, and of sums each part with its amount.
func (k *counted) numbers() []int64 {
	list := []int64{sums, int64(k.length), k.last, int64(k.ends), int64(k.warned), int64(k.told)}
	switch {
	case k.items != nil:
		list[0] = once
	case k.uses != nil:
		list[0] = often
	default:
		for part := k.last - k.before(); part <= k.last; part++ {
			if amount := k.parts[max(part, 0)%(steps+1)]; part >= 0 && amount > 0 {
				list = append(list, part, int64(amount))
			}
		}
	}
	return list
}

// over is when nothing is left of what was counted last.
func (k *counted) over() time.Duration {
	if k.ends != 0 {
		return k.ends
	}
	return time.Duration((k.last + steps + 1) * partLength(k.length))
}

// numbers are the parts in which an item was seen first and last, and how often it was.
func (i item) numbers() []int64 { return []int64{i.first, i.latest, int64(i.uses)} }

// numbers are each part with what was added in it.
func (u *uses) numbers() []int64 {
	list := []int64{}
	for _, use := range u.list {
		list = append(list, use.part, int64(use.amount))
	}
	return list
}

// numbers are the length of the window, its latest part, the latest day, and the most of each of
// the last days.
func (g *growth) numbers() []int64 {
	return append([]int64{int64(g.converted.length), g.converted.last, g.day}, g.best[:]...)
}

func (g *growth) over() time.Duration {
	return max(g.converted.over(), time.Duration(g.day+growthDays)*24*time.Hour)
}

// numbers are of each call its number, when it ends, whether it was dialled, and its name.
func (p *inProgress) numbers() (numbers []int64, over time.Duration) {
	for _, c := range p.byEnd {
		dialled := int64(0)
		if c.dialled {
			dialled = 1
		}
		numbers = append(numbers, c.id, int64(c.ends), dialled, int64(c.name[0]), int64(c.name[1]))
		over = max(over, c.ends)
	}
	return numbers, over
}

// each calls yield with the hash of each item.
func (s *items) each(yield func(hash uint64)) {
	if s == nil {
		return
	}
	for i := range s.few {
		yield(s.few[i].hash)
	}
	for hash := range s.many {
		yield(hash)
	}
}

// Compare orders places by key, and those of a key in the order in which they are restored.
func (p Place) Compare(other Place) int {
	return slices.Compare([]uint64{p.Key[0], p.Key[1], uint64(p.Part), p.Item},
		[]uint64{other.Key[0], other.Key[1], uint64(other.Part), other.Item})
}
