package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/statements"
)

// The tables of sends that were let through.
const (
	trafficHours = "tollgate_traffic_hours"
	trafficDays  = "tollgate_traffic_days"
)

// addTraffic adds rows to a table, each once, in the order in which all gates lock them.
func addTraffic(table string) string {
	return "INSERT INTO " + table + " (" + statements.TrafficColumns + `)
		SELECT account, period, channel, territory, class, CAST(sum(sends) AS bigint)
		FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[]) AS added (` + statements.TrafficColumns + `)
		GROUP BY 1, 2, 3, 4, 5 ORDER BY account COLLATE "C", period, channel COLLATE "C", territory COLLATE "C", class COLLATE "C"` +
		statements.AddTraffic(table)
}

// Count implements store.Traffic.
func (t traffic) Count(ctx context.Context, added []store.SendCount) error {
	ctx, cancel := withDeadline(ctx)
	defer cancel()
	err := t.store.transact(ctx, writing, func(tx pgx.Tx) error {
		writes := new(pgx.Batch)
		writes.Queue(settings)
		writes.Queue(addTraffic(trafficHours), countArrays(added, statements.Hour)...)
		writes.Queue(addTraffic(trafficDays), countArrays(added, statements.Day)...)
		return tx.SendBatch(ctx, writes).Close()
	})
	if err != nil {
		return fmt.Errorf("writing traffic to PostgreSQL: %w", err)
	}
	return nil
}

// countArrays is an array for each column.
func countArrays(added []store.SendCount, period func(time.Time) int64) []any {
	n := len(added)
	accounts, channels, territories, classes := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	periods, sends := make([]int64, n), make([]int64, n)
	for i, c := range added {
		accounts[i], channels[i], territories[i], classes[i] = c.Account, c.Channel, c.Territory, c.Class
		periods[i], sends[i] = period(c.Hour), c.Count
	}
	return []any{accounts, periods, channels, territories, classes, sends}
}

// Report implements store.Traffic.
func (t traffic) Report(ctx context.Context, f store.TrafficFilter, by []store.Dimension, yield func(store.Counted) error) error {
	text, arguments, err := statements.TrafficReport(trafficHours, trafficDays, f, by)
	if err != nil {
		return err
	}
	if err := t.store.report(ctx, text, arguments, by, yield); err != nil {
		return fmt.Errorf("reading traffic from PostgreSQL: %w", err)
	}
	return nil
}

// DeleteBefore implements store.Traffic.
func (t traffic) DeleteBefore(ctx context.Context, hour, day time.Time) error {
	for table, before := range map[string]int64{trafficHours: statements.Hour(hour), trafficDays: statements.Day(day)} {
		if _, err := t.store.delete(ctx, statements.DeleteTraffic(table), before); err != nil {
			return fmt.Errorf("deleting traffic from PostgreSQL: %w", err)
		}
	}
	return nil
}
