package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/caddy-tollgate/tollgate/store"
)

const (
	putCount = `INSERT INTO counters (key, part, item, numbers, over) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (key, part, item) DO UPDATE SET numbers = excluded.numbers, over = excluded.over`
	deleteCount = "DELETE FROM counters WHERE key = ? AND part = ? AND item = ?"
	// deleteCountsOver deletes so many at most: others wait for their turn to write.
	deleteCountsOver = `DELETE FROM counters WHERE (key, part, item) IN
		(SELECT key, part, item FROM counters WHERE over <= ? ORDER BY over LIMIT ?)`
	selectCounts = "SELECT key, part, item, numbers, over FROM counters WHERE over > ? ORDER BY key, part, item"
)

// countsOver is how many counts that are over a write deletes at most, beside as many as it writes.
const countsOver = 1000

// Counters are what the limits of the gate have counted.
func (s *Store) Counters() store.Counters { return (*counters)(s) }

type counters Store

// Write implements store.Counters.
func (c *counters) Write(ctx context.Context, now time.Time, counts []store.KeptCount) error {
	s := (*Store)(c)
	err := s.write(ctx, func(tx *sql.Tx) error {
		put, err := tx.PrepareContext(ctx, putCount)
		if err != nil {
			return err
		}
		defer put.Close()
		drop, err := tx.PrepareContext(ctx, deleteCount)
		if err != nil {
			return err
		}
		defer drop.Close()
		for i := range counts {
			k := &counts[i]
			if k.Numbers == nil {
				_, err = drop.ExecContext(ctx, k.Key[:], k.Part, int64(k.Item))
			} else {
				_, err = put.ExecContext(ctx, k.Key[:], k.Part, int64(k.Item), k.Numbers, k.Over.UnixNano())
			}
			if err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, deleteCountsOver, now.UnixNano(), len(counts)+countsOver)
		return err
	})
	if err != nil {
		return s.failed(ctx, "writing counters to", err)
	}
	return nil
}

// Read implements store.Counters.
func (c *counters) Read(ctx context.Context, now time.Time, yield func(store.KeptCount) error) error {
	return (*Store)(c).rows(ctx, "reading counters of", selectCounts, []any{now.UnixNano()}, func(rows *sql.Rows) (func() error, error) {
		var key []byte
		var item, over int64
		k := store.KeptCount{}
		err := rows.Scan(&key, &k.Part, &item, &k.Numbers, &over)
		if err == nil && len(key) != len(k.Key) {
			err = fmt.Errorf("a key of %d bytes", len(key))
		}
		copy(k.Key[:], key)
		k.Item, k.Over = uint64(item), time.Unix(0, over).UTC()
		return func() error { return yield(k) }, err
	})
}
