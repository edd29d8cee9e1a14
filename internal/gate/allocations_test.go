package gate_test

import (
	"net/http"
	"testing"

	"github.com/caddy-tollgate/tollgate/policy"
)

// An allocation costs more than its own time: the collector has to find and free it.
func TestJudgingAnOrdinaryRequestAllocatesLittle(t *testing.T) {
	const message = "To=%2B12015550123&From=%2B12025550199&Body=Your+code+is+123456."
	for _, c := range []struct {
		name, method, form string
		outcome            policy.Outcome
		most               float64
	}{
		// The record, the body, what is decoded of it, and the numbers of the destination.
		{"a message", http.MethodPost, message, policy.Allow, 4},
		// The record.
		{"a read", http.MethodGet, "", policy.Allow, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, r := benchGate(t), newBenchRequest(c.method, c.form)
			judge := func() {
				if c.form != "" {
					r.reset()
				}
				if d := g.Judge(r.Request); d.Outcome != c.outcome {
					t.Fatal(d.Reason)
				}
			}
			judge() // fills caches
			if n := testing.AllocsPerRun(100, judge); n > c.most {
				t.Errorf("%v allocations, want at most %v", n, c.most)
			}
		})
	}
}
