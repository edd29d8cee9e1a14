//go:build linux

package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/caddy-tollgate/tollgate/bench/chart"
)

// Where the documentation has what a run has seen, from the root of the repository. What
// lies between the marks is written by this program alone.
const (
	page      = "docs/performance.md"
	charts    = "docs/performance"
	pageBegin = "<!-- written by go run ./bench -write docs -->\n"
	pageEnd   = "<!-- end of what it writes -->\n"
)

// writeDocs writes the page and the charts from the results that are kept.
func writeDocs() error {
	r, err := readResult(filepath.Join(root, keptResults))
	if err != nil {
		return err
	}
	if err := os.RemoveAll(filepath.Join(root, charts)); err != nil {
		return err
	}
	for name, text := range r.charts() {
		file := filepath.Join(root, charts, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return err
		}
	}
	file := filepath.Join(root, page)
	before, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	after, err := r.fill(string(before))
	if err != nil {
		return err
	}
	return os.WriteFile(file, []byte(after), 0o644)
}

// fill replaces what stands between the marks of a page.
func (r result) fill(text string) (string, error) {
	head, rest, ok := strings.Cut(text, pageBegin)
	_, tail, closed := strings.Cut(rest, pageEnd)
	if !ok || !closed {
		return "", fmt.Errorf("%s lacks the marks %q and %q", page, pageBegin, pageEnd)
	}
	return head + pageBegin + "\n" + r.section() + "\n" + pageEnd + tail, nil
}

// section is what the page says.
func (r result) section() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s\n### Targets\n\n%s\n### At a glance\n\n%s\n%s", r.description(), r.targetTable(),
		wrap("Ratios of CPU time a request; where nothing is refused to Caddy's `reverse_proxy` with the same options, "+
			"and of refusals to `respond` with the same header."), r.overview())
	for _, caution := range r.cautions() {
		fmt.Fprintf(&text, "\n%s", wrap("**"+caution+"**"))
	}
	for _, c := range r.Scenarios {
		if c.Series == "" {
			fmt.Fprintf(&text, "\n### %s\n\n![%s](performance/%s.svg)\n\n%s", capital(c.Title), c.alternative(), c.Name, c.table(r.Busy))
		}
	}
	for _, name := range r.seriesNames() {
		fmt.Fprintf(&text, "\n### Growth with %s\n\n![Lines: CPU time a request of Tollgate and of Caddy, by %s](performance/%s)\n\n%s",
			name, name, fileOf(name), r.seriesTable(name))
	}
	if r.Decisions != nil {
		fmt.Fprintf(&text, "\n### The decision alone\n\n%s\n%s", wrap("Beside general policy engines as libraries, "+
			"which are told the territory: whether an account may send a message there."), r.decisionTable())
	}
	return text.String()
}

// alternative is what the chart of a scenario shows, for those who do not see it.
func (c scenarioResult) alternative() string {
	return fmt.Sprintf("Bars: CPU time a request, %s, as ratio to %s", c.Title, c.Systems[0].Name)
}

func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// fileOf is the chart of a series.
func fileOf(series string) string { return strings.ReplaceAll(series, " ", "-") + ".svg" }

// charts are the drawings, by the names of their files.
func (r result) charts() map[string]string {
	files := map[string]string{}
	for _, c := range r.Scenarios {
		if c.Series != "" {
			continue
		}
		var bars []chart.Bar
		for _, s := range c.Systems {
			if ratios := summarize(c.Systems[0], s, r.Busy).ratios; len(ratios) > 0 {
				bars = append(bars, chart.Bar{Name: s.Name, Low: quantile(ratios, 0.25), Median: median(ratios), Top: quantile(ratios, 0.75)})
			}
		}
		files[c.Name+".svg"] = chart.Bars("CPU time a request, "+c.Title+"; "+c.Systems[0].Name+" is 1", bars)
	}
	for _, name := range r.seriesNames() {
		var places []string
		lines := []chart.Line{{Name: "Tollgate"}, {Name: "Caddy"}}
		for _, p := range r.points(name) {
			if math.IsNaN(p.gate.cpu) || math.IsNaN(p.base.cpu) {
				continue
			}
			places = append(places, fmt.Sprint(p.x))
			lines[0].Values, lines[1].Values = append(lines[0].Values, p.gate.cpu), append(lines[1].Values, p.base.cpu)
		}
		files[fileOf(name)] = chart.Lines("µs of CPU time a request, by "+name, places, lines)
	}
	return files
}
