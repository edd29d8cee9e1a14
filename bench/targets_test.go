//go:build linux

package main

import (
	"slices"
	"strings"
	"testing"
)

func TestATargetIsReachedByWhatWasMeasured(t *testing.T) {
	row := func(gate float64) string {
		r := result{Scenarios: []scenarioResult{{Name: "tls", Systems: []systemResult{
			{Name: "Caddy", Rounds: []round{{CPU: []float64{100}}}},
			{Name: "Tollgate", Rounds: []round{{CPU: []float64{gate}}}},
		}}}}
		for line := range strings.Lines(r.targetTable()) {
			if strings.HasPrefix(line, "| TLS to the carrier, as shipped") {
				return line
			}
		}
		return ""
	}
	for gate, want := range map[float64]string{55.4: "≤ 0.55 | 0.55 | yes |", 55.6: "≤ 0.55 | 0.56 | no |"} {
		if got := row(gate); !strings.Contains(got, want) {
			t.Errorf("%.1f of 100: got %q, want %q", gate, got, want)
		}
	}
	if got := (result{}).targetTable(); strings.Count(got, "| not measured |") != len(targets) {
		t.Errorf("of nothing:\n%s", got)
	}
}

func TestTargetsAreOfSystemsThatTakePart(t *testing.T) {
	for _, target := range targets {
		if !slices.ContainsFunc(scenarios, func(c scenario) bool {
			return c.name == target.scenario && slices.Contains(c.systems, target.base) && slices.Contains(c.systems, target.system)
		}) {
			t.Errorf("%q is not measured", target.figure)
		}
	}
}
