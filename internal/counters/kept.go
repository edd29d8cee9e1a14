package counters

import (
	"slices"
	"sync"
	"time"

	"github.com/caddy-tollgate/tollgate/limits"
)

// Kept are counters that know what of them a store does not have yet. All methods may be called
// at once.
type Kept struct {
	*limits.Counters
	changed [shards]changes

	// turn is of those who write and read the store.
	turn     sync.Mutex
	restored bool
	// unwritten is what the store did not take.
	unwritten []limits.Place
}

// shards keep requests from waiting for each other.
const shards = 64

// changes are the places that have changed since they were last written, each perhaps many times.
type changes struct {
	mutex  sync.Mutex
	places []limits.Place
	// distinct is how many of the places were different when that was last looked at.
	distinct int
}

// New returns counters that are empty.
func New(now time.Time) *Kept { return &Kept{Counters: limits.NewKept(now)} }

// fewChanges is how many changes are noted before it is looked at how many are different.
const fewChanges = 1 << 12

// note notes that a place has changed. What is noted stays in proportion to what is different, for
// however long it is not written.
func (k *Kept) note(p limits.Place) {
	c := &k.changed[p.Key[0]%shards]
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.places = append(c.places, p); len(c.places) > 2*c.distinct+fewChanges {
		c.places = distinct(c.places)
		c.distinct = len(c.places)
	}
}

// distinct are places in their order, each once.
func distinct(places []limits.Place) []limits.Place {
	slices.SortFunc(places, limits.Place.Compare)
	return slices.Compact(places)
}

// noteDemands notes what demands may have changed.
func (k *Kept) noteDemands(demands []limits.Demand) {
	for i := range demands {
		d := &demands[i]
		if d.InProgress {
			k.note(limits.Place{Key: d.Key, Part: limits.CallsPart})
			continue
		}
		k.note(limits.Place{Key: d.Key, Part: limits.KeyPart})
		if d.Item != 0 {
			k.note(limits.Place{Key: d.Key, Part: limits.ItemPart, Item: d.Item})
		}
	}
}

// noteCalls notes that calls of some keys may have changed.
func (k *Kept) noteCalls(keys []limits.Key) {
	for _, key := range keys {
		k.note(limits.Place{Key: key, Part: limits.CallsPart})
	}
}

// Reserve reserves all demands, or none if one of them is over its limit.
func (k *Kept) Reserve(at time.Time, demands []limits.Demand) (limits.Refused, bool) {
	refused, ok := k.Counters.Reserve(at, demands)
	if ok {
		k.noteDemands(demands)
	}
	return refused, ok
}

// ReserveEach reserves each demand by itself, unless it is over its limit.
func (k *Kept) ReserveEach(at time.Time, demands []limits.Demand) {
	k.Counters.ReserveEach(at, demands)
	k.noteDemands(demands)
}

// GiveBack takes back what was reserved.
func (k *Kept) GiveBack(demands []limits.Demand) {
	k.Counters.GiveBack(demands)
	k.noteDemands(demands)
}

// Clear forgets what was counted for keys.
func (k *Kept) Clear(keys ...limits.Key) {
	for _, key := range keys {
		had := k.PlacesOf(key)
		k.Counters.Clear(key)
		for _, place := range had {
			k.note(place)
		}
	}
}

// ClearOwn is Clear: only this process counts here.
func (k *Kept) ClearOwn(keys ...limits.Key) { k.Clear(keys...) }

// LastCalls states how long the calls that demands reserved may last, from a time on.
func (k *Kept) LastCalls(at time.Time, demands []limits.Demand, lasts time.Duration) {
	k.Counters.LastCalls(at, demands, lasts)
	k.noteDemands(demands)
}

// NameCalls gives the calls that demands reserved a name.
func (k *Kept) NameCalls(demands []limits.Demand, name limits.Key) {
	k.Counters.NameCalls(demands, name)
	k.noteDemands(demands)
}

// EndCalls ends the calls of a name, and reports whether there were any.
func (k *Kept) EndCalls(name limits.Key) bool {
	keys := k.KeysOfCalls(name)
	ended := k.Counters.EndCalls(name)
	k.noteCalls(keys)
	return ended
}

// EndDialled ends the calls that the call of a name has dialled.
func (k *Kept) EndDialled(name limits.Key) {
	keys := k.KeysOfCalls(name)
	k.Counters.EndDialled(name)
	k.noteCalls(keys)
}

// ProlongCalls states that the calls of a name may last for some time from a time on.
func (k *Kept) ProlongCalls(at time.Time, name limits.Key, lasts time.Duration) {
	k.Counters.ProlongCalls(at, name, lasts)
	k.noteCalls(k.KeysOfCalls(name))
}

// Convert takes back all that the item of a demand has.
func (k *Kept) Convert(at time.Time, d *limits.Demand) (freed int64) {
	freed = k.Counters.Convert(at, d)
	k.noteDemands([]limits.Demand{*d})
	if freed > 0 && d.Share > 0 {
		k.note(limits.Place{Key: d.Key, Part: limits.GrowthPart})
		k.note(limits.Place{Key: d.Key, Part: limits.ConvertedPart, Item: d.Item})
	}
	return freed
}
