package sqlite

import (
	"context"
	"database/sql"
	"time"

	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/statements"
)

// The tables of sends that were let through.
const (
	trafficHours = "traffic_hours"
	trafficDays  = "traffic_days"
)

// addTraffic adds one row to a table.
func addTraffic(table string) string {
	return "INSERT INTO " + table + " (" + statements.TrafficColumns + ") VALUES (?, ?, ?, ?, ?, ?)" + statements.AddTraffic(table)
}

// Count implements store.Traffic.
func (t *traffic) Count(ctx context.Context, added []store.SendCount) error {
	s := (*Store)(t)
	err := s.write(ctx, func(tx *sql.Tx) error {
		for _, to := range []struct {
			table  string
			period func(time.Time) int64
		}{{trafficHours, statements.Hour}, {trafficDays, statements.Day}} {
			put, err := tx.PrepareContext(ctx, addTraffic(to.table))
			if err != nil {
				return err
			}
			defer put.Close()
			for _, c := range added {
				if _, err := put.ExecContext(ctx, c.Account, to.period(c.Hour), c.Channel, c.Territory, c.Class, c.Count); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return s.failed(ctx, "writing traffic to", err)
	}
	return nil
}

// Report implements store.Traffic.
func (t *traffic) Report(ctx context.Context, f store.TrafficFilter, by []store.Dimension, yield func(store.Counted) error) error {
	text, arguments, err := statements.TrafficReport(trafficHours, trafficDays, f, by)
	if err != nil {
		return err
	}
	return (*Store)(t).rows(ctx, "reading traffic of", text, arguments, func(rows *sql.Rows) (func() error, error) {
		count, err := statements.ScanCount(by, rows.Scan)
		return func() error { return yield(count) }, err
	})
}

// DeleteBefore implements store.Traffic.
func (t *traffic) DeleteBefore(ctx context.Context, hour, day time.Time) error {
	s := (*Store)(t)
	for table, before := range map[string]int64{trafficHours: statements.Hour(hour), trafficDays: statements.Day(day)} {
		for step := int64(deletedAtOnce); step == deletedAtOnce; {
			err := s.write(ctx, func(tx *sql.Tx) (err error) {
				step, err = affected(tx.ExecContext(ctx, statements.DeleteTraffic(table), before, deletedAtOnce))
				return err
			})
			if err != nil {
				return s.failed(ctx, "deleting traffic of", err)
			}
		}
	}
	return nil
}
