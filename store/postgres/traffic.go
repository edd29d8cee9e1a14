package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/caddy-tollgate/tollgate/store"
)

const (
	putTrafficSince = "INSERT INTO tollgate_traffic_since (id, day) VALUES (1, $1) ON CONFLICT (id) DO NOTHING"
	putTraffic      = `INSERT INTO tollgate_traffic AS known (account, channel, territory, class, day)
		SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
		ON CONFLICT (account, channel, territory, class) DO UPDATE SET day = excluded.day WHERE excluded.day > known.day`
	selectTraffic = `SELECT account, channel, territory, class, day FROM tollgate_traffic
		WHERE $1 = '' OR account = $1 ORDER BY account, channel, territory, class`
)

// Traffic implements store.Store.
func (s *Store) Traffic() store.Traffic { return traffic{s} }

// traffic is what was let through.
type traffic struct{ store *Store }

// Record implements store.Traffic. All gates lock rows in one order, so none waits for another
// that waits for it. Each statement is a transaction of its own.
func (t traffic) Record(ctx context.Context, watched store.Day, seen []store.LastSend) error {
	ctx, cancel := withDeadline(ctx)
	defer cancel()
	seen = slices.Clone(seen)
	slices.SortFunc(seen, func(a, b store.LastSend) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Territory, b.Territory), cmp.Compare(a.Class, b.Class))
	})
	for {
		n := min(len(seen), rowsAtOnce)
		err := t.store.transact(ctx, writing, func(tx pgx.Tx) error {
			writes := new(pgx.Batch)
			writes.Queue(settings)
			writes.Queue(putTrafficSince, string(watched))
			if n > 0 {
				writes.Queue(putTraffic, trafficArrays(seen[:n])...)
			}
			return tx.SendBatch(ctx, writes).Close()
		})
		if err != nil {
			return fmt.Errorf("writing traffic to PostgreSQL: %w", err)
		}
		if seen = seen[n:]; len(seen) == 0 {
			return nil
		}
	}
}

// trafficArrays is an array for each column.
func trafficArrays(seen []store.LastSend) []any {
	columns := [5][]string{}
	for _, l := range seen {
		for i, text := range [...]string{l.Account, l.Channel, l.Territory, l.Class, string(l.Day)} {
			columns[i] = append(columns[i], text)
		}
	}
	return []any{columns[0], columns[1], columns[2], columns[3], columns[4]}
}

// Since implements store.Traffic.
func (t traffic) Since(ctx context.Context) (day store.Day, err error) {
	ctx, cancel := context.WithTimeout(ctx, stallTimeout)
	defer cancel()
	err = t.store.transact(ctx, oneMoment, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, "SELECT day FROM tollgate_traffic_since").Scan(&day)
	})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return "", nil
	case err != nil:
		return "", fmt.Errorf("reading traffic from PostgreSQL: %w", err)
	}
	return day, nil
}

// Query implements store.Traffic.
func (t traffic) Query(ctx context.Context, account string, yield func(store.LastSend) error) error {
	err := t.store.stream(ctx, oneMoment, func(r *reading) error {
		return r.rows(func(rows pgx.Rows) error {
			var l store.LastSend
			if err := rows.Scan(&l.Account, &l.Channel, &l.Territory, &l.Class, &l.Day); err != nil {
				return err
			}
			return r.yield(func() error { return yield(l) })
		}, selectTraffic, account)
	})
	if err != nil {
		return fmt.Errorf("reading traffic from PostgreSQL: %w", err)
	}
	return nil
}
