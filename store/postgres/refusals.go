package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/caddy-tollgate/tollgate/audit/refusals"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/statements"
)

// refusalTable is where refusals are.
const refusalTable = "tollgate_refusals"

// refusalTables are all that are read for a report. Triggers of the database keep the counts.
var refusalTables = statements.RefusalTables{Rows: refusalTable, Hours: "tollgate_refusal_hours", Totals: "tollgate_refusal_totals"}

// insertRefusals adds refusals, by an array for each column.
var insertRefusals = func() string {
	var arrays []string
	for i := range statements.Columns {
		of := "text"
		if i >= statements.Texts {
			of = "bigint"
		}
		arrays = append(arrays, fmt.Sprintf("$%d::%s[]", i+1, of))
	}
	return statements.Insert(refusalTable) + "SELECT * FROM unnest(" + strings.Join(arrays, ", ") + ")" + statements.IgnoreKnown
}()

// refusalLog is the log of refusals of a store.
type refusalLog struct{ store *Store }

// Refusals implements store.Store.
func (s *Store) Refusals() store.RefusalLog { return refusalLog{s} }

// Append implements store.RefusalLog. It takes no lock that a change waits for. Each statement is
// a transaction, in which all gates lock the counts in one order.
func (l refusalLog) Append(ctx context.Context, added []refusals.Refusal) error {
	ctx, cancel := withDeadline(ctx)
	defer cancel()
	for some := range slices.Chunk(added, rowsAtOnce) {
		err := l.store.transact(ctx, writing, func(tx pgx.Tx) error {
			writes := new(pgx.Batch)
			writes.Queue(settings)
			writes.Queue(insertRefusals, arraysOf(some)...)
			return tx.SendBatch(ctx, writes).Close()
		})
		if err != nil {
			return fmt.Errorf("writing refusals to PostgreSQL: %w", err)
		}
	}
	return nil
}

// arraysOf is an array for each column.
func arraysOf(added []refusals.Refusal) []any {
	var arrays []any
	for column := range statements.Texts {
		texts := make([]string, len(added))
		for i := range added {
			texts[i] = statements.Text(column, &added[i])
		}
		arrays = append(arrays, texts)
	}
	times, revisions := make([]int64, len(added)), make([]int64, len(added))
	for i := range added {
		times[i], revisions[i] = added[i].Time.UnixNano(), added[i].Revision
	}
	return append(arrays, times, revisions)
}

// Query implements store.RefusalLog.
func (l refusalLog) Query(ctx context.Context, q store.RefusalQuery, yield func(refusals.Refusal) error) error {
	n := statements.Narrow(refusalTables, q)
	if there, err := l.narrow(ctx, n); err != nil || !there {
		return err
	}
	text, arguments := n.Select()
	err := l.store.stream(ctx, oneMoment, func(r *reading) error {
		return r.rows(func(rows pgx.Rows) error {
			found, err := statements.Scan(rows.Scan)
			if err != nil {
				return err
			}
			return r.yield(func() error { return yield(found) })
		}, text, arguments...)
	})
	if err != nil {
		return fmt.Errorf("reading refusals from PostgreSQL: %w", err)
	}
	return nil
}

// narrow narrows a query down, and reports whether there may be any refusals.
func (l refusalLog) narrow(ctx context.Context, n *statements.Narrowing) (there bool, err error) {
	ctx, cancel := withDeadline(ctx)
	defer cancel()
	there = true
	if text, arguments := n.CountPrefix(); text != "" {
		var count int64
		if err := l.store.pool.QueryRow(ctx, text, arguments...).Scan(&count); err != nil {
			return false, fmt.Errorf("looking for refusals in PostgreSQL: %w", l.store.explain(err))
		}
		there = n.FoundPrefix(count)
	}
	if text, arguments := n.Days(); there && text != "" {
		rows, _ := l.store.pool.Query(ctx, text, arguments...) // its error is that of the rows
		var first, end *int64
		_, err := pgx.ForEachRow(rows, []any{&first, &end}, func() error {
			there = n.FoundDays(first, end) && there
			return nil
		})
		if err != nil {
			return false, fmt.Errorf("looking for refusals in PostgreSQL: %w", l.store.explain(err))
		}
	}
	return there, nil
}

// Report implements store.RefusalLog.
func (l refusalLog) Report(ctx context.Context, f store.RefusalFilter, by []store.Dimension, limit int, yield func(store.Counted) error) error {
	text, arguments, err := statements.Report(refusalTables, f, by, limit)
	if err != nil {
		return err
	}
	if err := l.store.report(ctx, text, arguments, by, yield); err != nil {
		return fmt.Errorf("counting refusals in PostgreSQL: %w", err)
	}
	return nil
}

// DeleteBefore implements store.RefusalLog.
func (l refusalLog) DeleteBefore(ctx context.Context, before time.Time) (deleted int64, err error) {
	if deleted, err = l.store.delete(ctx, statements.Delete(refusalTable), refusals.FirstID(before)); err != nil {
		return deleted, fmt.Errorf("deleting refusals from PostgreSQL: %w", err)
	}
	return deleted, nil
}

// Forget implements store.RefusalLog. The server's files have what was deleted until it
// vacuums the table, and its backups for longer.
func (l refusalLog) Forget(ctx context.Context, account string) (changed int64, err error) {
	changed, err = l.store.write(ctx, statements.Forget(refusalTable), account)
	if err != nil {
		return 0, fmt.Errorf("deleting personal fields of refusals from PostgreSQL: %w", err)
	}
	return changed, nil
}
