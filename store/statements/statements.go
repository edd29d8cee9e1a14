package statements

import (
	"strconv"
	"strings"

	"github.com/caddy-tollgate/tollgate/audit/refusals"
	"github.com/caddy-tollgate/tollgate/store"
)

// columnList is that of a statement.
var columnList = strings.Join(Columns, ", ")

// Insert begins the statement that adds rows of all columns, and IgnoreKnown ends it.
func Insert(table string) string { return "INSERT INTO " + table + " (" + columnList + ") " }

// IgnoreKnown leaves refusals as they are whose ID there is already.
const IgnoreKnown = " ON CONFLICT (id) DO NOTHING"

// Oldest is the condition of the refusals with an ID less than $1, no more than $2.
func Oldest(table string) string {
	return "id IN (SELECT id FROM " + table + " WHERE id < $1 ORDER BY id LIMIT $2)"
}

// Delete deletes the oldest refusals.
func Delete(table string) string { return "DELETE FROM " + table + " WHERE " + Oldest(table) }

// Forget empties the personal columns of an account, $1.
func Forget(table string) string {
	return "UPDATE " + table + " SET sender = '', destination = '', prefix = '', client = ''" +
		" WHERE account = $1 AND (sender <> '' OR destination <> '' OR prefix <> '' OR client <> '')"
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

// equal is a column and what it has to have; what is empty selects all.
type equal struct{ column, value string }

func (c *conditions) equal(all []equal) {
	for _, e := range all {
		if e.value != "" {
			c.add(e.column+" = ", e.value)
		}
	}
}

func (c *conditions) filter(f store.RefusalFilter) {
	c.equal(append(equalTo(f), equal{"key", f.Key}))
	if f.Key != "" {
		c.texts = append(c.texts, "key <> ''") // what the index is of
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
