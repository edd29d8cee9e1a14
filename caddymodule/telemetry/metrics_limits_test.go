package telemetry

import (
	"fmt"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/policy"
)

func TestRequestsOverALimitAreCountedByItsName(t *testing.T) {
	for range 2 {
		countLimit(&gate.Decision{Verdict: policy.Verdict{Outcome: policy.Deny}, Limit: "block-test"})
	}
	countLimit(&gate.Decision{Verdict: policy.Verdict{Outcome: policy.Monitor}, Limit: "block-test"})
	countLimit(&gate.Decision{Verdict: policy.Verdict{Outcome: policy.Deny}})
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(limitsExceeded)
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	counted := map[string]float64{}
	for _, series := range families[0].GetMetric() { // the labels are sorted by their names
		counted[series.GetLabel()[0].GetValue()+" "+series.GetLabel()[1].GetValue()] = series.GetCounter().GetValue()
	}
	if counted["block-test deny"] != 2 || counted["block-test monitor"] != 1 || len(counted) != 2 {
		t.Errorf("these are counted: %v", counted)
	}
}

func TestNamesOfLimitsAreFewLabels(t *testing.T) {
	t.Cleanup(func() { limitNames.known = nil })
	for i := range maxLimitNames {
		limitLabel(fmt.Sprint("limit-", i))
	}
	if got := limitLabel("one-more"); got != "" {
		t.Errorf("of more names than are labels, one is %q", got)
	}
	if got := limitLabel("limit-7"); got != "limit-7" {
		t.Errorf("a name that is a label becomes %q", got)
	}
}
