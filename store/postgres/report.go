package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/statements"
)

// report runs a statement that counts by some dimensions.
func (s *Store) report(ctx context.Context, text string, arguments []any, by []store.Dimension, yield func(store.Counted) error) error {
	return s.stream(ctx, oneMoment, func(r *reading) error {
		// The server sends nothing until it has counted all.
		r.stalled.Reset(callTimeout)
		return r.rows(func(rows pgx.Rows) error {
			count, err := statements.ScanCount(by, rows.Scan)
			if err != nil {
				return err
			}
			return r.yield(func() error { return yield(count) })
		}, text, arguments...)
	})
}

// delete runs a statement that deletes what is before its first argument, in steps of no more
// than its second one.
func (s *Store) delete(ctx context.Context, statement string, before any) (deleted int64, err error) {
	for {
		step, err := s.write(ctx, statement, before, int64(rowsAtOnce))
		if deleted += step; err != nil || step < rowsAtOnce {
			return deleted, err
		}
	}
}

// write runs one statement in a transaction, and returns how many rows it changed.
func (s *Store) write(ctx context.Context, statement string, arguments ...any) (changed int64, err error) {
	ctx, cancel := withDeadline(ctx)
	defer cancel()
	err = s.transact(ctx, writing, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, settings); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, statement, arguments...)
		changed = tag.RowsAffected()
		return err
	})
	return changed, err
}
