package sqlite

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/audit/refusals"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/statements"
)

// refusalTable is where refusals are.
const refusalTable = "refusals"

// deletedAtOnce is how many refusals one transaction deletes at most: a change of permissions
// waits for it.
const deletedAtOnce = 5000

// insertRefusal adds one refusal.
var insertRefusal = statements.Insert(refusalTable) +
	"VALUES (?" + strings.Repeat(", ?", len(statements.Columns)-1) + ")" + statements.IgnoreKnown

// Refusals implements store.Store.
func (s *Store) Refusals() store.RefusalLog { return (*refusalLog)(s) }

// refusalLog is the log of refusals of a store.
type refusalLog Store

// Append implements store.RefusalLog. SQLite waits for a file that another program has locked
// whatever becomes of the context, so it is left to itself then: what it still writes is the
// same if it comes again.
func (l *refusalLog) Append(ctx context.Context, added []refusals.Refusal) error {
	written := make(chan error, 1)
	go func() { written <- (*Store)(l).putRefusals(ctx, added) }()
	select {
	case err := <-written:
		return err
	case <-ctx.Done():
		return (*Store)(l).failed(ctx, "writing refusals to", ctx.Err())
	}
}

func (s *Store) putRefusals(ctx context.Context, added []refusals.Refusal) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		put := tx.StmtContext(ctx, s.putRefusal)
		values := make([]any, len(statements.Columns))
		var inserted []string
		for i := range added {
			r := &added[i]
			for column := range statements.Texts {
				values[column] = statements.Text(column, r)
			}
			values[statements.Texts], values[statements.Texts+1] = r.Time.UnixNano(), r.Revision
			changed, err := affected(put.ExecContext(ctx, values...))
			if err != nil {
				return err
			}
			if changed == 1 { // else it is known
				inserted = append(inserted, statements.Text(0, r))
			}
		}
		return countInserted(ctx, tx, inserted)
	})
	if err != nil {
		return s.failed(ctx, "writing refusals to", err)
	}
	return nil
}

// Query implements store.RefusalLog.
func (l *refusalLog) Query(ctx context.Context, q store.RefusalQuery, yield func(refusals.Refusal) error) error {
	n := statements.Narrow(refusalTables, q)
	if there, err := l.narrow(ctx, n); err != nil || !there {
		return err
	}
	text, arguments := n.Select()
	return l.read(ctx, text, arguments, func(rows *sql.Rows) (func() error, error) {
		r, err := statements.Scan(rows.Scan)
		return func() error { return yield(r) }, err
	})
}

// narrow narrows a query down, and reports whether there may be any refusals.
func (l *refusalLog) narrow(ctx context.Context, n *statements.Narrowing) (there bool, err error) {
	there = true
	if text, arguments := n.CountPrefix(); text != "" {
		err = l.read(ctx, text, arguments, func(rows *sql.Rows) (func() error, error) {
			var count int64
			err := rows.Scan(&count)
			return func() error { there = n.FoundPrefix(count); return nil }, err
		})
	}
	if text, arguments := n.Days(); err == nil && there && text != "" {
		err = l.read(ctx, text, arguments, func(rows *sql.Rows) (func() error, error) {
			var first, end *int64
			err := rows.Scan(&first, &end)
			return func() error { there = n.FoundDays(first, end) && there; return nil }, err
		})
	}
	return there, err
}

// Report implements store.RefusalLog.
func (l *refusalLog) Report(ctx context.Context, f store.RefusalFilter, by []store.Dimension, limit int, yield func(store.Counted) error) error {
	text, arguments, err := statements.Report(refusalTables, f, by, limit)
	if err != nil {
		return err
	}
	return l.read(ctx, text, arguments, func(rows *sql.Rows) (func() error, error) {
		count, err := statements.ScanCount(by, rows.Scan)
		return func() error { return yield(count) }, err
	})
}

// read runs a query of refusals.
func (l *refusalLog) read(ctx context.Context, text string, arguments []any, scan func(*sql.Rows) (yield func() error, err error)) error {
	return (*Store)(l).rows(ctx, "reading refusals of", text, arguments, scan)
}

// DeleteBefore implements store.RefusalLog.
func (l *refusalLog) DeleteBefore(ctx context.Context, before time.Time) (deleted int64, err error) {
	s := (*Store)(l)
	for {
		var step int64
		err := s.write(ctx, func(tx *sql.Tx) (err error) {
			oldest := []any{refusals.FirstID(before), deletedAtOnce}
			if err := execute(ctx, tx, discountOldest, oldest...); err != nil {
				return err
			}
			step, err = affected(tx.ExecContext(ctx, statements.Delete(refusalTable), oldest...))
			return err
		})
		if err != nil {
			return deleted, s.failed(ctx, "deleting refusals of", err)
		}
		if deleted += step; step < deletedAtOnce {
			return deleted, nil
		}
	}
}

// Forget implements store.RefusalLog, as the audit log does.
func (l *refusalLog) Forget(ctx context.Context, account string) (changed int64, err error) {
	s := (*Store)(l)
	err = s.write(ctx, func(tx *sql.Tx) (err error) {
		changed, err = affected(tx.ExecContext(ctx, statements.Forget(refusalTable), account))
		return err
	})
	if err != nil {
		return 0, s.failed(ctx, "deleting from the refusals of", err)
	}
	return changed, s.emptyWriteAheadLog(ctx)
}
