package numbering

import "sync"

// TollFraud is a set of ranges that are known for toll fraud: someone has a
// share in what calls to them cost, or they lie in networks whose calls cost so
// much that an operator may. It is immutable.
type TollFraud struct {
	sources PrefixMap[string]
}

// TollFraudRange is one of the ranges.
type TollFraudRange struct {
	Prefix string // the digits its numbers begin with, without "+"
	// Source names the list that has the range and what is known of it, in words
	// for people.
	Source string
}

// NewTollFraud returns the set of the ranges. Of two with the same prefix the
// later one is named as the source.
func NewTollFraud(ranges []TollFraudRange) *TollFraud {
	entries := make([]PrefixEntry[string], len(ranges))
	for i, r := range ranges {
		entries[i] = PrefixEntry[string]{r.Prefix, r.Source}
	}
	return &TollFraud{NewPrefixMap(entries)}
}

func (t *TollFraud) isEmpty() bool { return len(t.sources.values) == 0 }

// DefaultTollFraud returns the ranges that are built in.
func DefaultTollFraud() *TollFraud { return defaultTollFraud() }

var defaultTollFraud = sync.OnceValue(func() *TollFraud {
	ranges := make([]TollFraudRange, len(tollFraudTable))
	for i, row := range tollFraudTable {
		ranges[i] = TollFraudRange{row.prefix, "built-in list of toll fraud ranges, " + row.what + " (" + row.known + ")"}
	}
	return NewTollFraud(ranges)
})
