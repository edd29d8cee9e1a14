package statements

import (
	"slices"
	"time"

	"github.com/caddy-tollgate/tollgate/store"
)

// RefusalTables are those of an engine.
type RefusalTables struct {
	// Rows has the refusals.
	Rows string
	// Hours counts those of each account by the hour, in the order of accounts.
	Hours string
	// Totals counts those of all accounts by the hour and by the day, in parts.
	Totals string
}

// parts are those of the totals, with the dimensions that each tells apart besides the hour.
var parts = []struct {
	name       string
	dimensions []store.Dimension
}{
	{"reasons", []store.Dimension{store.ByChannel, store.ByReason, store.ByOutcome}},
	{"places", []store.Dimension{store.ByChannel, store.ByTerritory, store.ByClass}},
	{"accounts", []store.Dimension{store.ByAccount}},
}

// Report returns the statement of a report of refusals of at most so many rows, 0 for all, and its
// arguments. A row has a text for each dimension, and the count. It reads counts where these tell apart all that is asked for
// and the time begins and ends with an hour; else it counts the refusals.
func Report(tables RefusalTables, f store.RefusalFilter, by []store.Dimension, limit int) (string, []any, error) {
	text, arguments, err := reportOf(tables, f, by)
	if err == nil && limit > 0 {
		c := conditions{arguments: arguments}
		text += " LIMIT " + c.argument(limit)
		arguments = c.arguments
	}
	return text, arguments, err
}

func reportOf(tables RefusalTables, f store.RefusalFilter, by []store.Dimension) (string, []any, error) {
	if !wholePeriods(f, time.Hour) || f.Key != "" || f.Prefix != "" {
		return reportOfRows(tables.Rows, f, by)
	}
	if f.Account != "" {
		return reportOfCounts(tables.Hours, new(conditions), f, by, time.Hour)
	}
	needed := neededFor(f, by)
	for _, part := range parts {
		if !containsAll(part.dimensions, needed) {
			continue
		}
		unit, length := "hour", time.Hour
		if wholePeriods(f, 24*time.Hour) && !slices.Contains(by, store.ByHour) {
			unit, length = "day", 24*time.Hour
		}
		var c conditions
		c.equal([]equal{{"part", part.name}, {"unit", unit}})
		return reportOfCounts(tables.Totals, &c, f, by, length)
	}
	return reportOfRows(tables.Rows, f, by)
}

// neededFor are the dimensions by which a report counts or selects, but the hour and the day.
func neededFor(f store.RefusalFilter, by []store.Dimension) []store.Dimension {
	needed := slices.DeleteFunc(slices.Clone(by), func(d store.Dimension) bool { return d == store.ByHour || d == store.ByDay })
	for _, e := range equalTo(f) {
		if e.value != "" {
			needed = append(needed, store.Dimension(e.column))
		}
	}
	return needed
}

func containsAll(all, some []store.Dimension) bool {
	return !slices.ContainsFunc(some, func(d store.Dimension) bool { return !slices.Contains(all, d) })
}

// wholePeriods reports whether a filter begins and ends with a period, to the millisecond.
func wholePeriods(f store.RefusalFilter, length time.Duration) bool {
	for _, bound := range []time.Time{f.From, f.To} {
		if !bound.IsZero() && bound.UnixMilli()%length.Milliseconds() != 0 {
			return false
		}
	}
	return true
}

// reportOfCounts sums up counts by periods.
func reportOfCounts(table string, c *conditions, f store.RefusalFilter, by []store.Dimension, length time.Duration) (string, []any, error) {
	c.equal(equalTo(f))
	if !f.From.IsZero() {
		c.add("period >= ", period(f.From, length))
	}
	if !f.To.IsZero() {
		c.add("period < ", period(f.To, length))
	}
	hour, day := "CAST(period AS TEXT)", "CAST(period / 24 AS TEXT)"
	if length == 24*time.Hour {
		hour, day = "", hour
	}
	text, err := counted{"refusals", table, "CAST(sum(refusals) AS bigint)", store.Dimensions, countedBy(hour, day)}.by(by, c)
	return text, c.arguments, err
}

// reportOfRows counts the refusals themselves.
func reportOfRows(table string, f store.RefusalFilter, by []store.Dimension) (string, []any, error) {
	values := countedBy("CAST(time / 3600000000000 AS TEXT)", "CAST(time / 86400000000000 AS TEXT)")
	if len(by) > 1 || !f.From.IsZero() {
		// So that SQLite does not read all refusals in the order of accounts, one by one, to save the
		// sorting of a few.
		values[store.ByAccount] += " || ''"
	}
	var c conditions
	c.filter(f)
	text, err := counted{"refusals", table, "count(*)", store.Dimensions, values}.by(by, &c)
	return text, c.arguments, err
}

// countedBy are the values of the dimensions of refusals, each a text. Those of the hour and the
// day, by their numbers since 1970, are given.
func countedBy(hour, day string) map[store.Dimension]string {
	return map[store.Dimension]string{
		store.ByAccount:   "account",
		store.ByChannel:   "channel",
		store.ByTerritory: "territory",
		store.ByClass:     "class",
		store.ByReason:    "reason",
		store.ByOutcome:   "outcome",
		store.ByHour:      hour,
		store.ByDay:       day,
	}
}

// equalTo are the columns that the refusals and their counts have in common.
func equalTo(f store.RefusalFilter) []equal {
	return []equal{
		{"account", f.Account}, {"channel", f.Channel}, {"territory", f.Territory}, {"class", f.Class},
		{"reason", f.Reason}, {"outcome", f.Outcome},
	}
}
