package main

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
)

// write is one write of the API.
type write struct {
	product, method, path string
	parameters            []string
}

var pathVariable = regexp.MustCompile(`\{[^}]*\}`)

// key is the same for writes that differ only in the names of variables.
func (w *write) key() string {
	return w.product + " " + w.method + " " + pathVariable.ReplaceAllString(w.path, "{}")
}

// merge makes one sorted list. A write that is in several lists, as most are, has the
// path of the first and the parameters of all.
func merge(lists ...[]write) []write {
	byKey := map[string]write{}
	for _, w := range slices.Concat(lists...) {
		known, ok := byKey[w.key()]
		if !ok {
			known = write{product: w.product, method: w.method, path: w.path}
		}
		known.parameters = append(known.parameters, w.parameters...)
		byKey[w.key()] = known
	}
	writes := slices.Collect(maps.Values(byKey))
	for i := range writes {
		slices.Sort(writes[i].parameters)
		writes[i].parameters = slices.Compact(writes[i].parameters)
	}
	slices.SortFunc(writes, func(a, b write) int {
		return cmp.Or(cmp.Compare(a.product, b.product), cmp.Compare(a.path, b.path), cmp.Compare(a.method, b.method))
	})
	return writes
}
