package counters

import (
	"context"
	"encoding/binary"
	"time"

	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/store"
)

// batch is how many rows are written at once: other changes of the store wait for that long.
const batch = 5000

// Write gives a store what it does not have yet. What it does not take is given to it the next time.
func (k *Kept) Write(ctx context.Context, to store.Counters, now time.Time) error {
	k.turn.Lock()
	defer k.turn.Unlock()
	if !k.restored {
		return nil // what the store has is not known yet
	}
	places := k.take()
	for len(places) > 0 {
		part := places[:min(len(places), batch)]
		if err := to.Write(ctx, now, k.counts(part)); err != nil {
			k.unwritten = places
			return err
		}
		places = places[len(part):]
	}
	return nil
}

// take takes all places that have changed, in their order.
func (k *Kept) take() []limits.Place {
	places := k.unwritten
	k.unwritten = nil
	for i := range k.changed {
		c := &k.changed[i]
		c.mutex.Lock()
		places = append(places, c.places...)
		c.places, c.distinct = nil, 0
		c.mutex.Unlock()
	}
	return distinct(places)
}

// counts are what there is at places.
func (k *Kept) counts(places []limits.Place) []store.KeptCount {
	counts := make([]store.KeptCount, 0, len(places))
	k.Rows(places, func(r limits.Row) {
		count := store.KeptCount{Part: uint8(r.Part), Item: r.Item, Over: r.Over}
		binary.BigEndian.PutUint64(count.Key[:], r.Key[0])
		binary.BigEndian.PutUint64(count.Key[8:], r.Key[1])
		if r.Numbers != nil {
			count.Numbers = []byte{}
			for _, n := range r.Numbers {
				count.Numbers = binary.AppendVarint(count.Numbers, n)
			}
		}
		counts = append(counts, count)
	})
	return counts
}
