package statements

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/store"
)

// units are those by which the totals are counted, with their lengths.
var units = []struct {
	name   string
	length time.Duration
}{
	{"hour", time.Hour},
	{"day", 24 * time.Hour},
}

// hourColumns tell the rows of the hours apart.
const hourColumns = "account, period, channel, territory, class, reason, outcome"

// totalColumns tell the rows of the totals apart.
const totalColumns = "part, unit, " + hourColumns

// CountRefusals are the statements that add some refusals to the counts, by a condition of their
// rows, or with the sign "-" take them away.
func CountRefusals(tables RefusalTables, sign, condition string) []string {
	hours := fmt.Sprintf("SELECT account, time / %d AS period, channel, territory, class, reason, outcome, %scount(*) AS refusals FROM %s WHERE %s GROUP BY 1, 2, 3, 4, 5, 6, 7",
		time.Hour.Nanoseconds(), sign, tables.Rows, condition)
	var totals []string
	for _, part := range parts {
		for _, unit := range units {
			totals = append(totals, fmt.Sprintf("SELECT '%s', '%s', %s, sum(refusals) FROM changed GROUP BY 3, 4, 5, 6, 7, 8, 9",
				part.name, unit.name, totalOf(part.dimensions, unit.length)))
		}
	}
	return []string{
		"INSERT INTO " + tables.Hours + " (" + hourColumns + ", refusals) " + hours + addTo(tables.Hours, hourColumns),
		"WITH changed AS MATERIALIZED (" + hours + ") INSERT INTO " + tables.Totals + " (" + totalColumns + ", refusals) " +
			strings.Join(totals, " UNION ALL ") + addTo(tables.Totals, totalColumns),
	}
}

// addTo ends a statement that inserts into a table of counts: a row that there is gets more.
func addTo(table, columns string) string {
	return " ON CONFLICT (" + columns + ") DO UPDATE SET refusals = " + table + ".refusals + excluded.refusals"
}

// totalOf are the values of the columns of the hours. Those that are not told apart are empty.
func totalOf(dimensions []store.Dimension, length time.Duration) string {
	var values []string
	for column := range strings.SplitSeq(hourColumns, ", ") {
		switch {
		case column == "period":
			column = fmt.Sprint("period / ", int64(length/time.Hour))
		case !slices.Contains(dimensions, store.Dimension(column)):
			column = "''"
		}
		values = append(values, column)
	}
	return strings.Join(values, ", ")
}
