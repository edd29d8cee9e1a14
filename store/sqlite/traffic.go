package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/caddy-tollgate/tollgate/store"
)

const (
	putTrafficSince = "INSERT INTO traffic_since (id, day) VALUES (1, ?) ON CONFLICT (id) DO NOTHING"
	putTraffic      = `INSERT INTO traffic (account, channel, territory, class, day) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (account, channel, territory, class) DO UPDATE SET day = excluded.day WHERE excluded.day > day`
	selectTraffic = `SELECT account, channel, territory, class, day FROM traffic
		WHERE ?1 = '' OR account = ?1 ORDER BY account, channel, territory, class`
)

// Traffic implements store.Store.
func (s *Store) Traffic() store.Traffic { return (*traffic)(s) }

// traffic is what was let through.
type traffic Store

// recordedAtOnce is how many rows one transaction writes at most: a change of permissions waits
// for it.
const recordedAtOnce = 5000

// Record implements store.Traffic.
func (t *traffic) Record(ctx context.Context, watched store.Day, seen []store.LastSend) error {
	s := (*Store)(t)
	for {
		n := min(len(seen), recordedAtOnce)
		err := s.write(ctx, func(tx *sql.Tx) error {
			if _, err := tx.ExecContext(ctx, putTrafficSince, watched); err != nil || n == 0 {
				return err
			}
			put, err := tx.PrepareContext(ctx, putTraffic)
			if err != nil {
				return err
			}
			defer put.Close()
			for _, l := range seen[:n] {
				if _, err := put.ExecContext(ctx, l.Account, l.Channel, l.Territory, l.Class, l.Day); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return s.failed(ctx, "writing traffic to", err)
		}
		if seen = seen[n:]; len(seen) == 0 {
			return nil
		}
	}
}

// Since implements store.Traffic.
func (t *traffic) Since(ctx context.Context) (day store.Day, err error) {
	s := (*Store)(t)
	err = s.reader.QueryRowContext(ctx, "SELECT day FROM traffic_since").Scan(&day)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", nil
	case err != nil:
		return "", s.failed(ctx, "reading traffic of", err)
	}
	return day, nil
}

// Query implements store.Traffic.
func (t *traffic) Query(ctx context.Context, account string, yield func(store.LastSend) error) error {
	return (*Store)(t).rows(ctx, "reading traffic of", selectTraffic, []any{account}, func(rows *sql.Rows) (func() error, error) {
		var l store.LastSend
		err := rows.Scan(&l.Account, &l.Channel, &l.Territory, &l.Class, &l.Day)
		return func() error { return yield(l) }, err
	})
}
