package refusalsql

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/audit/refusals"
	"github.com/caddy-tollgate/tollgate/store"
)

// columnList is that of a statement.
var columnList = strings.Join(Columns, ", ")

// Insert begins the statement that adds rows of all columns, and IgnoreKnown ends it.
func Insert(table string) string { return "INSERT INTO " + table + " (" + columnList + ") " }

// IgnoreKnown leaves refusals as they are whose ID there is already.
const IgnoreKnown = " ON CONFLICT (id) DO NOTHING"

// Delete deletes some of the refusals with an ID less than $1, no more than $2.
func Delete(table string) string {
	return "DELETE FROM " + table + " WHERE id IN (SELECT id FROM " + table + " WHERE id < $1 ORDER BY id LIMIT $2)"
}

// Forget empties the personal columns of an account, $1.
func Forget(table string) string {
	return "UPDATE " + table + " SET sender = '', destination = '', prefix = '', client = ''" +
		" WHERE account = $1 AND (sender <> '' OR destination <> '' OR prefix <> '' OR client <> '')"
}

// Select returns the statement of a query, and its arguments.
func Select(table string, q store.RefusalQuery) (string, []any) {
	var c conditions
	c.filter(q.RefusalFilter)
	if q.Before != "" {
		c.add("id < ", q.Before)
	}
	text := "SELECT " + columnList + " FROM " + table + c.where() + " ORDER BY id DESC"
	if q.Limit > 0 {
		text += " LIMIT " + c.argument(q.Limit)
	}
	return text, c.arguments
}

// expressions are the values of the dimensions, each a text.
var expressions = map[store.Dimension]string{
	store.ByAccount:   "account",
	store.ByChannel:   "channel",
	store.ByTerritory: "territory",
	store.ByClass:     "class",
	store.ByReason:    "reason",
	store.ByOutcome:   "outcome",
	store.ByHour:      "CAST(time / 3600000000000 AS TEXT)", // hours since 1970
}

// dimensions lists the dimensions for an error.
func dimensions() string {
	var names []string
	for _, dimension := range store.Dimensions {
		names = append(names, string(dimension))
	}
	return strings.Join(names, ", ")
}

// Report returns the statement of a report, and its arguments. A row has a text for each
// dimension, and the count.
func Report(table string, f store.RefusalFilter, by []store.Dimension) (string, []any, error) {
	if len(by) == 0 {
		return "", nil, fmt.Errorf("counting refusals: %w: say by what to count, such as %s", store.ErrQuery, store.ByTerritory)
	}
	var values, places []string
	for i, dimension := range by {
		expression, ok := expressions[dimension]
		if !ok {
			return "", nil, fmt.Errorf("counting refusals: %w: unknown dimension %q: must be one of %s", store.ErrQuery, dimension, dimensions())
		}
		if slices.Contains(by[:i], dimension) {
			return "", nil, fmt.Errorf("counting refusals: %w: the dimension %q is already specified", store.ErrQuery, dimension)
		}
		if dimension == store.ByAccount && (len(by) > 1 || !f.From.IsZero()) {
			// So that SQLite does not read all refusals in the order of accounts, one by one, to
			// save the sorting of a few.
			expression += " || ''"
		}
		values, places = append(values, expression), append(places, strconv.Itoa(i+1))
	}
	var c conditions
	c.filter(f)
	order := strings.Join(places, ", ")
	return "SELECT " + strings.Join(values, ", ") + ", count(*) FROM " + table + c.where() +
		" GROUP BY " + order + " ORDER BY count(*) DESC, " + order, c.arguments, nil
}

// ScanCount reads a row of a report by the method of a driver.
func ScanCount(by []store.Dimension, scan func(...any) error) (store.RefusalCount, error) {
	found := store.RefusalCount{Values: make([]string, len(by))}
	var targets []any
	for i := range by {
		targets = append(targets, &found.Values[i])
	}
	if err := scan(append(targets, &found.Count)...); err != nil {
		return store.RefusalCount{}, fmt.Errorf("reading a count of refusals: %w", err)
	}
	for i, dimension := range by {
		if dimension != store.ByHour {
			continue
		}
		hours, err := strconv.ParseInt(found.Values[i], 10, 64)
		if err != nil {
			return store.RefusalCount{}, fmt.Errorf("reading a count of refusals: %w", err)
		}
		found.Values[i] = time.Unix(hours*3600, 0).UTC().Format(time.RFC3339)
	}
	return found, nil
}

// conditions are those of a statement, with its arguments.
type conditions struct {
	texts     []string
	arguments []any
}

// argument adds an argument and returns its place. SQLite and PostgreSQL both know $1.
func (c *conditions) argument(value any) string {
	c.arguments = append(c.arguments, value)
	return "$" + strconv.Itoa(len(c.arguments))
}

func (c *conditions) add(text string, value any) {
	c.texts = append(c.texts, text+c.argument(value))
}

func (c *conditions) filter(f store.RefusalFilter) {
	for _, equal := range []struct{ column, value string }{
		{"account", f.Account}, {"channel", f.Channel}, {"territory", f.Territory}, {"class", f.Class},
		{"reason", f.Reason}, {"outcome", f.Outcome}, {"key", f.Key},
	} {
		if equal.value != "" {
			c.add(equal.column+" = ", equal.value)
		}
	}
	if f.Prefix != "" {
		place := c.argument(f.Prefix)
		c.texts = append(c.texts, "substr(prefix, 1, length("+place+")) = "+place)
	}
	if !f.From.IsZero() {
		c.add("id >= ", refusals.FirstID(f.From))
	}
	if !f.To.IsZero() {
		c.add("id < ", refusals.FirstID(f.To))
	}
}

func (c *conditions) where() string {
	if len(c.texts) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(c.texts, " AND ")
}
