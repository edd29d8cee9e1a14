package statements

import (
	"fmt"
	"slices"
	"time"

	"github.com/caddy-tollgate/tollgate/store"
)

// TrafficColumns are those of the tables of sends that were let through, one of which is by
// hours and one by days. A period is the number of the hour or day since 1970.
const TrafficColumns = trafficKey + ", sends"

// trafficKey are the columns that tell rows apart.
const trafficKey = "account, period, channel, territory, class"

// AddTraffic ends a statement that inserts into such a table: a row that there is gets more sends.
func AddTraffic(table string) string {
	return " ON CONFLICT (" + trafficKey + ") DO UPDATE SET sends = " + table + ".sends + excluded.sends"
}

// DeleteTraffic deletes some of the rows of periods before $1, no more than $2.
func DeleteTraffic(table string) string {
	return fmt.Sprintf("DELETE FROM %[1]s WHERE (%[2]s) IN (SELECT %[2]s FROM %[1]s WHERE period < $1 LIMIT $2)", table, trafficKey)
}

// Hour is the period of the hour in which a time is.
func Hour(t time.Time) int64 { return period(t, time.Hour) }

// Day is the period of the day in which a time is.
func Day(t time.Time) int64 { return period(t, 24*time.Hour) }

func period(t time.Time, length time.Duration) int64 { return t.Unix() / int64(length/time.Second) }

// trafficOf is a table of sends.
func trafficOf(table, hour, day string) counted {
	dimensions := store.TrafficDimensions
	if hour == "" {
		dimensions = slices.DeleteFunc(slices.Clone(dimensions), func(d store.Dimension) bool { return d == store.ByHour })
	}
	return counted{"sends", table, "CAST(sum(sends) AS bigint)", dimensions, map[store.Dimension]string{
		store.ByAccount:   "account",
		store.ByChannel:   "channel",
		store.ByTerritory: "territory",
		store.ByClass:     "class",
		store.ByHour:      hour,
		store.ByDay:       day,
	}}
}

// TrafficReport returns the statement of a report of sends, and its arguments: by the table of
// hours where the filter asks for it, else by that of days. A row is as that of Report.
func TrafficReport(hours, days string, f store.TrafficFilter, by []store.Dimension) (string, []any, error) {
	of, length := trafficOf(days, "", "CAST(period AS TEXT)"), 24*time.Hour
	if f.Hourly {
		of, length = trafficOf(hours, "CAST(period AS TEXT)", "CAST(period / 24 AS TEXT)"), time.Hour
	}
	var c conditions
	c.equal([]equal{{"account", f.Account}, {"channel", f.Channel}, {"territory", f.Territory}, {"class", f.Class}})
	if !f.From.IsZero() {
		c.add("period >= ", period(f.From, length))
	}
	if !f.To.IsZero() {
		c.add("period <= ", period(f.To.Add(-1), length)) // a period that begins at To is not before it
	}
	text, err := of.by(by, &c)
	return text, c.arguments, err
}
