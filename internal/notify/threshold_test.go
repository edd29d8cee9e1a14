package notify

import (
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/incident"
)

func TestAThresholdIsToldInAFewLines(t *testing.T) {
	of := Threshold{Gate: "gate-1", Threshold: incident.Threshold{
		ID: "k3v7", Account: "AC1", Name: "acme", Rule: "operator limit bill", Limit: "500.00 of spend within a month of UTC per account, territory",
		Step: "80%", Used: "400.00", Channel: "messaging", At: at,
		Values: []incident.DimensionValue{{Dimension: "account", Value: "AC1"}, {Dimension: "territory", Value: "US"}, {Dimension: "header:X-User", Value: "a\nlook: b"}},
	}}
	n := of.Notice()
	if n.ID != "threshold-k3v7" || n.Kind != incident.Reached || !strings.Contains(string(n.Body), `"type":"threshold.reached"`) || !strings.Contains(string(n.Body), `"reached":"400.00"`) {
		t.Errorf("it is %+v", n)
	}
	want := `Threshold reached: 80% of operator limit bill, account acme (AC1)
limit: 500.00 of spend within a month of UTC per account, territory
reached: 400.00
territory: US
header:X-User: a look: b
at: 2026-11-30 03:00:12 UTC
gate: gate-1
look: tollgate explain --running --account AC1 --channel messaging <number>`
	if n.Text != want {
		t.Errorf("told is\n%s", n.Text)
	}
}
