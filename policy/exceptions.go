package policy

import (
	"slices"
	"strings"
)

// exceptions are the prefixes that a rule does not match: sorted, none within another, so
// that a number has one at most, and a search finds it.
type exceptions []string

func newExceptions(prefixes []string) exceptions {
	var list exceptions
	for _, prefix := range slices.Sorted(slices.Values(prefixes)) {
		if len(list) == 0 || !strings.HasPrefix(prefix, list[len(list)-1]) {
			list = append(list, prefix)
		}
	}
	return list
}

// of returns the exception that has the number, or "".
func (e exceptions) of(digits string) string {
	if len(e) == 0 {
		return ""
	}
	// What sorts between a prefix of the number and the number begins with that prefix.
	i, found := slices.BinarySearch(e, digits)
	switch {
	case found:
		return e[i]
	case i > 0 && strings.HasPrefix(digits, e[i-1]):
		return e[i-1]
	}
	return ""
}
