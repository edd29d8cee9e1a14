package statements

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/store"
)

// counted is what a report counts.
type counted struct {
	// what it is, for errors.
	what string
	// table has the rows, and count is the expression that counts them.
	table, count string
	// dimensions are those that there are, and expressions their values, each a text.
	dimensions  []store.Dimension
	expressions map[store.Dimension]string
}

// by is the statement that counts by some dimensions what some conditions select, most first.
func (of counted) by(by []store.Dimension, c *conditions) (string, error) {
	if len(by) == 0 {
		return "", fmt.Errorf("counting %s: %w: say by what to count, such as %s", of.what, store.ErrQuery, store.ByTerritory)
	}
	var values, places []string
	for i, dimension := range by {
		if !slices.Contains(of.dimensions, dimension) {
			return "", fmt.Errorf("counting %s: %w: unknown dimension %q: must be one of %s", of.what, store.ErrQuery, dimension, listed(of.dimensions))
		}
		if slices.Contains(by[:i], dimension) {
			return "", fmt.Errorf("counting %s: %w: the dimension %q is already specified", of.what, store.ErrQuery, dimension)
		}
		values, places = append(values, of.expressions[dimension]), append(places, strconv.Itoa(i+1))
	}
	order := strings.Join(places, ", ")
	return "SELECT " + strings.Join(values, ", ") + ", " + of.count + " FROM " + of.table + c.where() +
		" GROUP BY " + order + " ORDER BY " + of.count + " DESC, " + order, nil
}

// listed are dimensions for an error.
func listed(dimensions []store.Dimension) string {
	var names []string
	for _, dimension := range dimensions {
		names = append(names, string(dimension))
	}
	return strings.Join(names, ", ")
}

// periods are the dimensions that are counted since 1970, and how they are written.
var periods = map[store.Dimension]struct {
	length time.Duration
	layout string
}{
	store.ByHour: {time.Hour, time.RFC3339},
	store.ByDay:  {24 * time.Hour, time.DateOnly},
}

// ScanCount reads a row of a report by the method of a driver.
func ScanCount(by []store.Dimension, scan func(...any) error) (store.Counted, error) {
	found := store.Counted{Values: make([]string, len(by))}
	var targets []any
	for i := range by {
		targets = append(targets, &found.Values[i])
	}
	if err := scan(append(targets, &found.Count)...); err != nil {
		return store.Counted{}, fmt.Errorf("reading a count: %w", err)
	}
	for i, dimension := range by {
		period, isPeriod := periods[dimension]
		if !isPeriod {
			continue
		}
		number, err := strconv.ParseInt(found.Values[i], 10, 64)
		if err != nil {
			return store.Counted{}, fmt.Errorf("reading a count: %w", err)
		}
		found.Values[i] = time.Unix(number*int64(period.length/time.Second), 0).UTC().Format(period.layout)
	}
	return found, nil
}
