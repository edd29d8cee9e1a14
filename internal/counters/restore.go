package counters

import (
	"context"
	"encoding/binary"
	"errors"
	"time"

	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/store"
)

// Restore puts back what a store has kept, once, before anything is counted. What it cannot read
// of a key is left out: unreadable says why, of the first of how many. Until it has read all of the
// store, Write writes nothing.
func (k *Kept) Restore(ctx context.Context, from store.Counters, now time.Time) (unreadable int, why, err error) {
	k.turn.Lock()
	defer k.turn.Unlock()
	if k.restored {
		return 0, nil, nil
	}
	err = from.Read(ctx, now, func(count store.KeptCount) error {
		if err := k.restore(now, &count); err != nil {
			if unreadable++; why == nil {
				why = err
			}
		}
		return nil
	})
	k.restored = err == nil
	return unreadable, why, err
}

func (k *Kept) restore(now time.Time, count *store.KeptCount) error {
	r := limits.Row{Over: count.Over}
	r.Key = KeyOf(count.Key)
	r.Part, r.Item = limits.Part(count.Part), count.Item
	for left := count.Numbers; len(left) > 0; {
		n, length := binary.Varint(left)
		if length <= 0 {
			return errors.New("reading a count: its numbers end within one")
		}
		r.Numbers, left = append(r.Numbers, n), left[length:]
	}
	return k.Counters.Restore(now, r)
}

// KeyOf is the key that a store has as bytes.
func KeyOf(kept [16]byte) limits.Key {
	return limits.Key{binary.BigEndian.Uint64(kept[:]), binary.BigEndian.Uint64(kept[8:])}
}
