//go:build linux

package main

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// tables are the results in Markdown: a table for each scenario, for each series and for
// the decisions.
func (r result) tables() string {
	var text strings.Builder
	if list := r.targetTable(); !strings.Contains(list, notMeasured) { // a part of a run has not all
		fmt.Fprintf(&text, "targets:\n\n%s\n", list)
	}
	for _, c := range r.Scenarios {
		if c.Series == "" {
			fmt.Fprintf(&text, "%s:\n\n%s\n", c.Title, c.table(r.Busy))
		}
	}
	for _, name := range r.seriesNames() {
		fmt.Fprintf(&text, "%s:\n\n%s\n", name, r.seriesTable(name))
	}
	if r.Decisions != nil {
		fmt.Fprintf(&text, "decisions:\n\n%s\n", r.decisionTable())
	}
	fmt.Fprintf(&text, "%s\n", r.description())
	for _, caution := range r.cautions() {
		fmt.Fprintf(&text, "\n**%s**\n", caution)
	}
	return text.String()
}

// table of a scenario.
func (c scenarioResult) table(busy float64) string {
	var text strings.Builder
	text.WriteString("| | µs CPU | ratio | quartiles | req/s | p50, p99 ms | at half the rate | MB | rounds |\n")
	text.WriteString("|---|---:|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, s := range c.Systems {
		if len(s.Missing) > 0 {
			fmt.Fprintf(&text, "| %s | not installed: %s | | | | | | | |\n", s.Name, strings.Join(s.Missing, ", "))
			continue
		}
		sum := summarize(c.Systems[0], s, busy)
		if len(sum.ratios) == 0 {
			fmt.Fprintf(&text, "| %s | | | | | | | | 0 of %d |\n", s.Name, len(s.Rounds))
			continue
		}
		half := ""
		if sum.paced > 0 {
			half = fmt.Sprintf("%.2f, %.1f", sum.paced50/1000, sum.paced/1000)
		}
		fmt.Fprintf(&text, "| %s | %.1f | **%.2f** | %.2f to %.2f | %s | %.2f, %.1f | %s | %.0f | %d of %d |\n",
			s.Name, sum.cpu, median(sum.ratios), quantile(sum.ratios, 0.25), quantile(sum.ratios, 0.75), thousands(sum.rate),
			sum.p50/1000, sum.p99/1000, half, sum.megabytes, len(sum.ratios), len(s.Rounds))
	}
	return text.String()
}

// thousands writes a number without digits that mean nothing: 12,300.
func thousands(value float64) string {
	n := int(math.Round(value/100)) * 100
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d,%03d", n/1000, n%1000)
}

// seriesNames are the names of the series, in the order of the run.
func (r result) seriesNames() (names []string) {
	for _, c := range r.Scenarios {
		if c.Series != "" && !slices.Contains(names, c.Series) {
			names = append(names, c.Series)
		}
	}
	return names
}

// point is one of a series: medians of Caddy and of the gate.
type point struct {
	x          int
	base, gate summary
}

// points of a series. All of one point were measured in turn; points, one after the other.
func (r result) points(series string) (list []point) {
	for _, c := range r.Scenarios {
		if c.Series == series && len(c.Systems) == 2 {
			list = append(list, point{c.X, summarize(c.Systems[0], c.Systems[0], r.Busy), summarize(c.Systems[0], c.Systems[1], r.Busy)})
		}
	}
	return list
}

// seriesTable has a row for each point.
func (r result) seriesTable(series string) string {
	var text strings.Builder
	fmt.Fprintf(&text, "| %s | Caddy, µs CPU | Tollgate, µs CPU | ratio | quartiles | Tollgate, MB |\n", series)
	text.WriteString("|---:|---:|---:|---:|---:|---:|\n")
	for _, p := range r.points(series) {
		fmt.Fprintf(&text, "| %d | %.1f | %.1f | **%.2f** | %.2f to %.2f | %.0f |\n", p.x, p.base.cpu, p.gate.cpu,
			median(p.gate.ratios), quantile(p.gate.ratios, 0.25), quantile(p.gate.ratios, 0.75), p.gate.megabytes)
	}
	return text.String()
}

// decisionTable has a row for each library, and a column for each number of accounts.
func (r result) decisionTable() string {
	accounts := map[int]bool{}
	cells := map[string]map[int]decision{}
	var libraries []string
	for _, d := range r.Decisions.List {
		name := strings.TrimSpace(d.Library + " " + d.Version)
		if cells[name] == nil {
			cells[name] = map[int]decision{}
			libraries = append(libraries, name)
		}
		cells[name][d.Accounts], accounts[d.Accounts] = d, true
	}
	columns := slices.Sorted(maps.Keys(accounts))
	var text strings.Builder
	text.WriteString("| accounts")
	for _, n := range columns {
		fmt.Fprintf(&text, " | %d", n)
	}
	text.WriteString(" |\n|---" + strings.Repeat("|---:", len(columns)) + "|\n")
	for _, name := range libraries {
		fmt.Fprintf(&text, "| %s", name)
		for _, n := range columns {
			d := cells[name][n]
			fmt.Fprintf(&text, " | %.0f ns, %d allocations", d.Nanoseconds, d.Allocations)
		}
		text.WriteString(" |\n")
	}
	return text.String()
}

// Limits beyond which results are not worth quoting.
const (
	controlOff = 0.03 // how far from 1 the control may be
	fewestKept = 8    // rounds
)

// cautions says what is wrong with the results, if anything.
func (r result) cautions() (list []string) {
	few := false
	for _, c := range r.Scenarios {
		for n, s := range c.Systems {
			sum := summarize(c.Systems[0], s, r.Busy)
			few = few || len(s.Missing) == 0 && len(sum.ratios) < fewestKept
			if off := math.Abs(median(sum.ratios) - 1); n == 1 && c.Series == "" && off > controlOff {
				list = append(list, fmt.Sprintf("The control of %q is off by %.0f%%: do not quote these figures.", c.Title, 100*off))
			}
		}
	}
	if few {
		list = append(list, fmt.Sprintf("Do not quote rows with fewer than %d rounds: ask for more on a quieter machine.", fewestKept))
	}
	return list
}
