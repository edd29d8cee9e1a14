package numbering

import (
	"slices"
	"strings"
)

// TollFraudOf returns the prefixes of the built-in toll-fraud ranges in a territory: of each
// range that is not within another. The numbers of a range are of no other kind.
func TollFraudOf(t Territory) (prefixes []Prefix) {
	for _, row := range tollFraudTable {
		isWithin := slices.ContainsFunc(tollFraudTable, func(other tollFraudRow) bool {
			return other.prefix != row.prefix && strings.HasPrefix(row.prefix, other.prefix)
		})
		if !isWithin && slices.Contains(Default().Lookup(row.prefix).Territories, t) {
			prefixes = append(prefixes, Prefix{row.prefix, true})
		}
	}
	return prefixes
}
