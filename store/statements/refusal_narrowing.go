package statements

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/store"
)

// fewRefusals is up to how many refusals are read one by one and sorted, where reading all of
// them in their order would take longer.
const fewRefusals = 1000

// Narrowing is what is found out before refusals are read: reading all to find none takes long.
type Narrowing struct {
	tables RefusalTables
	query  store.RefusalQuery
	few    bool // have the prefix
}

// Narrow begins to narrow a query down.
func Narrow(tables RefusalTables, q store.RefusalQuery) *Narrowing {
	return &Narrowing{tables: tables, query: q}
}

// CountPrefix is the statement that counts the refusals with the prefix of the query, up to a
// bound. It is empty if the query has no prefix.
func (n *Narrowing) CountPrefix() (string, []any) {
	if n.query.Prefix == "" {
		return "", nil
	}
	var c conditions
	c.beginsWith(n.query.Prefix)
	text := "SELECT count(*) FROM (SELECT 1 FROM " + n.tables.Rows + c.where() + " LIMIT " + c.argument(fewRefusals+1) + ") AS few"
	return text, c.arguments
}

// FoundPrefix takes that count, and reports whether there are any.
func (n *Narrowing) FoundPrefix(count int64) bool {
	n.few = count <= fewRefusals
	return count > 0
}

// Days is the statement that finds, by the counts, in which days refusals are that the query may
// select: for each of the counts the first second and the one after the last, NULL if there
// are none. It is empty if no counts tell apart what the query selects by.
func (n *Narrowing) Days() (string, []any) {
	needed := neededFor(n.query.RefusalFilter, nil)
	var c conditions
	var texts []string
	add := func(table string, length time.Duration, some []equal) {
		var own conditions
		own.arguments = c.arguments
		own.equal(some)
		c.arguments = own.arguments
		texts = append(texts, fmt.Sprintf("SELECT min(period) * %[1]d, (max(period) + 1) * %[1]d FROM %[2]s%[3]s",
			int64(length/time.Second), table, own.where()))
	}
	if n.query.Account != "" {
		if len(needed) > 1 { // an index has those of an account alone
			add(n.tables.Hours, time.Hour, equalTo(n.query.RefusalFilter))
		}
		return strings.Join(texts, ""), c.arguments
	}
	for _, part := range parts {
		of := []equal{{"part", part.name}, {"unit", "day"}}
		known := len(of)
		for _, e := range equalTo(n.query.RefusalFilter) {
			if e.value != "" && slices.Contains(part.dimensions, store.Dimension(e.column)) {
				of = append(of, e)
			}
		}
		if len(of) > known {
			add(n.tables.Totals, 24*time.Hour, of)
		}
	}
	return strings.Join(texts, " UNION ALL "), c.arguments
}

// FoundDays takes a row of that statement, and reports whether there may be any refusals. IDs are
// made a moment before or after the time of a refusal.
func (n *Narrowing) FoundDays(first, end *int64) bool {
	if first == nil || end == nil {
		return false
	}
	const moment = time.Hour
	if from := time.Unix(*first, 0).Add(-moment); from.After(n.query.From) {
		n.query.From = from
	}
	if to := time.Unix(*end, 0).Add(moment); n.query.To.IsZero() || to.Before(n.query.To) {
		n.query.To = to
	}
	return n.query.From.Before(n.query.To)
}

// Select returns the statement of the query, and its arguments.
func (n *Narrowing) Select() (string, []any) {
	var c conditions
	c.filter(n.query.RefusalFilter)
	if n.query.Before != "" {
		c.add("id < ", n.query.Before)
	}
	if n.few {
		var few conditions
		few.arguments = c.arguments
		few.beginsWith(n.query.Prefix)
		c.arguments = few.arguments
		c.texts = append(c.texts, "id IN (SELECT id FROM "+n.tables.Rows+few.where()+")")
	}
	text := "SELECT " + columnList + " FROM " + n.tables.Rows + c.where() + " ORDER BY id DESC"
	if n.query.Limit > 0 {
		text += " LIMIT " + c.argument(n.query.Limit)
	}
	return text, c.arguments
}

// beginsWith selects by an index. Texts are compared by their bytes, and the last character is
// behind all others.
func (c *conditions) beginsWith(prefix string) {
	c.add("prefix >= ", prefix)
	c.add("prefix < ", prefix+"\U0010FFFF")
}
