package feed

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// List is the prefixes of one feed, in order and each once, and since when the feed has had each.
// It never changes. A nil one is empty.
type List struct {
	prefixes []prefix
	since    []uint32 // in seconds since 1970
}

// newList makes a list of prefixes that a feed has had since a time, in any order.
func newList(prefixes []prefix, since time.Time) *List {
	slices.Sort(prefixes)
	l := &List{prefixes: slices.Clip(slices.Compact(prefixes))}
	l.since = make([]uint32, len(l.prefixes))
	for i := range l.since {
		l.since[i] = uint32(since.Unix())
	}
	return l
}

// Len is how many prefixes the list has.
func (l *List) Len() int {
	if l == nil {
		return 0
	}
	return len(l.prefixes)
}

// Row is a prefix of a list.
type Row struct {
	// Prefix is digits that numbers begin with, without "+".
	Prefix string `json:"prefix"`
	// Since when the feed has had it.
	Since time.Time `json:"since"`
}

// All yields the rows in the order of their digits.
func (l *List) All(yield func(Row) bool) {
	for i := range l.Len() {
		if !yield(Row{l.prefixes[i].String(), time.Unix(int64(l.since[i]), 0).UTC()}) {
			return
		}
	}
}

// WriteRows writes the rows as CSV, so that ReadRows reads them.
func (l *List) WriteRows(w io.Writer) error {
	out := bufio.NewWriter(w)
	out.WriteString(rowsHead + "\n")
	for row := range l.All {
		fmt.Fprintf(out, "+%s,%s\n", row.Prefix, row.Since.Format(time.RFC3339))
	}
	return out.Flush()
}

// rowsHead is the first line of rows as CSV.
const rowsHead = "prefix,since"

// ReadRows reads what WriteRows writes. The rows were checked when they were first read.
func ReadRows(text []byte) (*List, error) {
	head, rows, _ := strings.Cut(string(text), "\n")
	if head != rowsHead {
		return nil, errors.New("it has no rows of a feed")
	}
	l := new(List)
	for line := range strings.Lines(rows) {
		digits, at, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, "+")), ",")
		since, err := time.Parse(time.RFC3339, at)
		if err != nil || digits == "" || strings.Trim(digits, "0123456789") != "" {
			return nil, fmt.Errorf("%q is not a row of a feed", line)
		}
		l.prefixes, l.since = append(l.prefixes, prefixOf(digits)), append(l.since, uint32(since.Unix()))
	}
	return l, nil
}

// keepSince takes over, of the prefixes that the list before has too, since when that has them.
func (l *List) keepSince(before *List) {
	for i, j := 0, 0; i < l.Len() && j < before.Len(); {
		switch {
		case l.prefixes[i] < before.prefixes[j]:
			i++
		case l.prefixes[i] > before.prefixes[j]:
			j++
		default:
			l.since[i] = before.since[j]
			i, j = i+1, j+1
		}
	}
}

// equals reports whether another list has the same prefixes.
func (l *List) equals(other *List) bool {
	return l.Len() == other.Len() && (l.Len() == 0 || slices.Equal(l.prefixes, other.prefixes))
}

// Difference returns the prefixes that only the other list has, and those that only this one has.
func (l *List) Difference(other *List) (added, removed []string) {
	i, j := 0, 0
	for i < l.Len() || j < other.Len() {
		switch {
		case j == other.Len() || i < l.Len() && l.prefixes[i] < other.prefixes[j]:
			removed = append(removed, l.prefixes[i].String())
			i++
		case i == l.Len() || l.prefixes[i] > other.prefixes[j]:
			added = append(added, other.prefixes[j].String())
			j++
		default:
			i, j = i+1, j+1
		}
	}
	return added, removed
}

// leastChange is by how many prefixes a list may change whatever its length: of three, one is a
// third.
const leastChange = 5

// CheckChange returns an error if another list would be larger or smaller than this one by more
// than a share of it, in percent, and by more than leastChange. Of an empty one, nothing is known.
func (l *List) CheckChange(other *List, percent int) error {
	before, now := l.Len(), other.Len()
	change := max(now-before, before-now)
	if before == 0 || change <= leastChange || change*100 <= percent*before {
		return nil
	}
	return fmt.Errorf("it has %d prefixes, and the last one that was good %d: that changes by more than %d%%; state a larger max_change if it is meant", now, before, percent)
}
