package postgres

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/caddy-tollgate/tollgate/store"
)

const (
	raiseHolds = "UPDATE tollgate_holds_number SET number = number + 1"
	putHolds   = `INSERT INTO tollgate_holds AS known (id, document, changed, over, number)
		SELECT told.*, tollgate_holds_number.number
		FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) AS told, tollgate_holds_number
		ON CONFLICT (id) DO UPDATE SET document = excluded.document, changed = excluded.changed, over = excluded.over, number = excluded.number
		WHERE excluded.changed > known.changed`
	deleteHolds   = "DELETE FROM tollgate_holds WHERE over <= $1"
	selectHolds   = "SELECT id, document, changed, over FROM tollgate_holds WHERE number > $1 ORDER BY number, id"
	numberOfHolds = "SELECT number FROM tollgate_holds_number"
	setHoldSecret = "UPDATE tollgate_holds_number SET secret = $1 WHERE secret = ''"
	holdSecret    = "SELECT secret FROM tollgate_holds_number"
)

// Holds implements store.Store.
func (s *Store) Holds() store.Holds { return holds{s} }

// holds are what limits hold.
type holds struct{ store *Store }

// Write implements store.Holds. One gate at a time writes: each updates the number first.
func (h holds) Write(ctx context.Context, now time.Time, list []store.KeptHold) error {
	ctx, cancel := withDeadline(ctx)
	defer cancel()
	var ids, documents []string
	var changed []int64
	var over []*int64
	for i := range list {
		k := &list[i]
		ids, documents, changed = append(ids, k.ID), append(documents, string(k.Document)), append(changed, k.Changed.UnixNano())
		var end *int64
		if !k.Over.IsZero() {
			nanoseconds := k.Over.UnixNano()
			end = &nanoseconds
		}
		over = append(over, end)
	}
	err := h.store.transact(ctx, writing, func(tx pgx.Tx) error {
		writes := new(pgx.Batch)
		writes.Queue(settings)
		writes.Queue(raiseHolds)
		writes.Queue(putHolds, ids, documents, changed, over)
		writes.Queue(deleteHolds, now.UnixNano())
		return tx.SendBatch(ctx, writes).Close()
	})
	if err != nil {
		return fmt.Errorf("writing holds to PostgreSQL: %w", err)
	}
	return nil
}

// Changes implements store.Holds.
func (h holds) Changes(ctx context.Context, after int64, yield func(store.KeptHold) error) (last int64, err error) {
	err = h.store.stream(ctx, oneMoment, func(r *reading) error {
		if err := r.tx.QueryRow(r.ctx, numberOfHolds).Scan(&last); err != nil || last == after {
			return err
		}
		return r.rows(func(rows pgx.Rows) error {
			var k store.KeptHold
			var document string
			var changed int64
			var over *int64
			if err := rows.Scan(&k.ID, &document, &changed, &over); err != nil {
				return err
			}
			k.Document, k.Changed = []byte(document), time.Unix(0, changed).UTC()
			if over != nil {
				k.Over = time.Unix(0, *over).UTC()
			}
			return r.yield(func() error { return yield(k) })
		}, selectHolds, after)
	})
	if err != nil {
		return 0, fmt.Errorf("reading holds from PostgreSQL: %w", err)
	}
	return last, nil
}

// Secret implements store.Holds. Of gates that propose one at once, all wait for the first, and then
// read what it has written.
func (h holds) Secret(ctx context.Context, proposed []byte) ([]byte, error) {
	ctx, cancel := withDeadline(ctx)
	defer cancel()
	var text string
	err := h.store.transact(ctx, writing, func(tx pgx.Tx) error {
		asks := new(pgx.Batch)
		asks.Queue(settings)
		asks.Queue(setHoldSecret, hex.EncodeToString(proposed))
		asks.Queue(holdSecret).QueryRow(func(row pgx.Row) error { return row.Scan(&text) })
		return tx.SendBatch(ctx, asks).Close()
	})
	if err != nil {
		return nil, fmt.Errorf("reading the secret of holds from PostgreSQL: %w", err)
	}
	return hex.DecodeString(text)
}
