//go:build linux

package main

import (
	"fmt"
	"math"
	"strings"
)

// target is what a ratio is to be at most.
type target struct {
	figure       string
	scenario     string
	base, system string
	most         float64
}

// The bases as the targets mean them: "bare" is a reverse_proxy without options, "with
// the same options" is one that forwards as the gate does.
var targets = []target{
	{"allowed, `GOGC=100`, to a bare `reverse_proxy`", "allowed", "Caddy without options", "Tollgate, GOGC=100", 0.58},
	{"allowed, as shipped, to a `reverse_proxy` with the same options", "allowed", "Caddy", "Tollgate", 0.52},
	{"TLS to the carrier, `GOGC=100`", "tls", "Caddy", "Tollgate, GOGC=100", 0.60},
	{"TLS to the carrier, as shipped", "tls", "Caddy", "Tollgate", 0.55},
	{"`transport tollgate`, `GOGC=100`, to a bare `reverse_proxy`", "allowed", "Caddy without options", "Tollgate, transport tollgate, GOGC=100", 0.85},
	{"access log on both sides, destinations masked, as shipped", "log", "Caddy", "Tollgate", 0.68},
	{"refused, `GOGC=100`, to `respond` with the same header", "refused", "respond", "Tollgate, GOGC=100", 1.08},
	{"refused, `GOGC=100`, to `respond` with 4 header fields", "refused", "respond, 4 headers", "Tollgate, GOGC=100", 1.42},
	{"refused, as shipped, to `respond` with 4 header fields", "refused", "respond, 4 headers", "Tollgate", 1.20},
}

// reached is the ratio that a target is about; NaN if it was not measured.
func (r result) reached(t target) float64 {
	for _, c := range r.Scenarios {
		if c.Name == t.scenario {
			return median(summarize(c.system(t.base), c.system(t.system), r.Busy).ratios)
		}
	}
	return math.NaN()
}

// system finds one that took part by its name.
func (c scenarioResult) system(name string) systemResult {
	for _, s := range c.Systems {
		if s.Name == name {
			return s
		}
	}
	return systemResult{}
}

// notMeasured stands in the place of "yes" and "no".
const notMeasured = "not measured"

// targetTable has a row for each target. What the table shows is what is compared.
func (r result) targetTable() string {
	var text strings.Builder
	text.WriteString("| ratio of CPU time | target | measured | reached |\n|---|---:|---:|---|\n")
	for _, t := range targets {
		ratio := math.Round(100*r.reached(t)) / 100
		switch {
		case math.IsNaN(ratio):
			fmt.Fprintf(&text, "| %s | ≤ %.2f | | %s |\n", t.figure, t.most, notMeasured)
		case ratio <= t.most:
			fmt.Fprintf(&text, "| %s | ≤ %.2f | %.2f | yes |\n", t.figure, t.most, ratio)
		default:
			fmt.Fprintf(&text, "| %s | ≤ %.2f | %.2f | no |\n", t.figure, t.most, ratio)
		}
	}
	return text.String()
}

// overview has a row for each system and a column for each scenario.
func (r result) overview() string {
	var columns []scenarioResult
	for _, c := range r.Scenarios {
		if c.Series == "" {
			columns = append(columns, c)
		}
	}
	var text strings.Builder
	text.WriteString("| |")
	for _, c := range columns {
		fmt.Fprintf(&text, " %s |", c.Title)
	}
	text.WriteString("\n|---|" + strings.Repeat("---:|", len(columns)) + "\n")
	for _, s := range systems {
		cells, any := "", false
		for _, c := range columns {
			ratio := median(summarize(c.Systems[0], c.system(s.name), r.Busy).ratios)
			if math.IsNaN(ratio) {
				cells += " |"
				continue
			}
			cells, any = cells+fmt.Sprintf(" %.2f |", ratio), true
		}
		if any {
			fmt.Fprintf(&text, "| %s |%s\n", s.name, cells)
		}
	}
	return text.String()
}
