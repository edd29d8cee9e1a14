//go:build linux

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sampleResult is a run of two rounds.
var sampleResult = result{
	circumstances: circumstances{CPU: "a processor", Processors: 2, Kernel: "Linux 6", Versions: map[string]string{"Go": "go1.26"}, Block: "300ms", Connections: 32, Busy: 0.05},
	Scenarios: []scenarioResult{
		{Name: "allowed", Title: "allowed and forwarded", origin: origin{"2026-11-28", "abc"}, Systems: []systemResult{
			{Name: "Caddy", Rounds: []round{{Requests: 300, Seconds: 0.3, CPU: []float64{100}}, {Requests: 300, Seconds: 0.3, CPU: []float64{100}}}},
			{Name: "Caddy forward_auth", Rounds: []round{{Requests: 150, Seconds: 0.3, CPU: []float64{50, 140}, PacedP50: 1000, PacedP99: 3000}, {Requests: 150, Seconds: 0.3, CPU: []float64{50, 160}, PacedP50: 1000, PacedP99: 3000}}},
			{Name: "nginx + Lua", Missing: []string{"nginx", "libnginx-mod-http-lua"}},
		}},
		{Series: "accounts", X: 10, origin: origin{"2026-11-29", "def"}, Systems: []systemResult{{Name: "Caddy", Rounds: []round{{Seconds: 1, CPU: []float64{100}}}}, {Name: "Tollgate", Rounds: []round{{Seconds: 1, CPU: []float64{60}}}}}},
	},
	Decisions: &decisions{origin{"2026-11-29", "def"}, []decision{{Library: "OPA", Version: "v1.2.3", Accounts: 10, Nanoseconds: 4000, Allocations: 60}}},
}

func TestASectionHasARowForEachSystemAndSaysWhatIsMissing(t *testing.T) {
	got, err := sampleResult.fill("before\n" + pageBegin + "old\n" + pageEnd + "after\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"before\n", "after\n",
		"| Caddy forward_auth | 200.0 | **2.00** | 1.95 to 2.05 | 500 | 0.00, 0.0 | 1.00, 3.0 | 0 | 2 of 2 |\n",
		"| nginx + Lua | not installed: nginx, libnginx-mod-http-lua |",
		"| 10 | 100.0 | 60.0 | **0.60** | 0.60 to 0.60 | 0 |\n",
		"| OPA v1.2.3 | 4000 ns, 60 allocations |\n",
		"Do not quote rows with fewer than 8 rounds",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "\nold\n") {
		t.Error("what stood between the marks is still there")
	}
	if _, err := sampleResult.fill("no marks"); err == nil {
		t.Error("a page without marks is filled")
	}
	if charts := sampleResult.charts(); charts["allowed.svg"] == "" || charts["accounts.svg"] == "" {
		t.Errorf("charts are %v", charts)
	}
}

// Without results that are kept, the page has its marks for those to come.
func TestThePageShowsTheResultsThatAreKept(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, page))
	if err != nil {
		t.Fatal(err)
	}
	if !exists(filepath.Join(root, keptResults)) {
		if _, err := sampleResult.fill(string(text)); err != nil {
			t.Error(err)
		}
		return
	}
	r, err := readResult(filepath.Join(root, keptResults))
	if err != nil {
		t.Fatal(err)
	}
	if filled, err := r.fill(string(text)); err != nil || filled != string(text) {
		t.Errorf("%s is not what %s has (go run ./bench -write docs writes it): %v", page, keptResults, err)
	}
	for name, want := range r.charts() {
		if got, err := os.ReadFile(filepath.Join(root, charts, name)); err != nil || string(got) != want {
			t.Errorf("%s/%s is not what %s has (go run ./bench -write docs writes it): %v", charts, name, keptResults, err)
		}
	}
}
