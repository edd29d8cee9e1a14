//go:build linux

package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// description says how it was measured, in a paragraph or two.
func (r result) description() string {
	var versions []string
	for _, name := range slices.SortedFunc(maps.Keys(r.Versions), func(a, b string) int { return cmp.Compare(strings.ToLower(a), strings.ToLower(b)) }) {
		versions = append(versions, name+" "+strings.TrimPrefix(r.Versions[name], "go"))
	}
	return wrap(fmt.Sprintf("Measured %s. On %d processors of %s, %s, with %s.", r.origins(), r.Processors, r.CPU, r.Kernel, strings.Join(versions, ", "))) +
		"\n" + wrap(fmt.Sprintf("Blocks of %s, %d connections; a round in which other processes used more than %.0f%% of the machine does not count. "+
		"A ratio is the median of the ratios of rounds.", r.Block, r.Connections, 100*r.Busy))
}

// origins says when what was measured, and of which commit.
func (r result) origins() string {
	var order []origin
	groups := map[origin][]string{}
	note := func(o origin, name string) {
		if groups[o] == nil {
			order = append(order, o)
		}
		if !slices.Contains(groups[o], name) {
			groups[o] = append(groups[o], name)
		}
	}
	for _, c := range r.Scenarios {
		note(c.origin, cmp.Or(c.Series, c.Name))
	}
	if r.Decisions != nil {
		note(r.Decisions.origin, "decisions")
	}
	var list []string
	for _, o := range order {
		text := o.Date + " at commit " + o.Commit
		if len(order) > 1 {
			text += " (" + strings.Join(groups[o], ", ") + ")"
		}
		list = append(list, text)
	}
	return strings.Join(list, ", ")
}

// wrap breaks a paragraph into lines as the pages of the documentation have them.
func wrap(text string) string {
	const widest = 90
	var wrapped strings.Builder
	width := 0
	for _, word := range strings.Fields(text) {
		switch {
		case width == 0:
		case width+1+len(word) > widest:
			wrapped.WriteByte('\n')
			width = 0
		default:
			wrapped.WriteByte(' ')
			width++
		}
		wrapped.WriteString(word)
		width += len(word)
	}
	wrapped.WriteByte('\n')
	return wrapped.String()
}
