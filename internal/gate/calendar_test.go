package gate_test

import (
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

// berlin is the time zone of Europe/Berlin.
func berlin(t *testing.T) *policy.Zone {
	t.Helper()
	location, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return policy.NewZone(location)
}

func TestALimitOfADayIsFreeAtTheTurnInItsZone(t *testing.T) {
	for _, c := range []struct {
		unit       policy.Calendar
		turn       time.Time
		retryAfter string
	}{
		{policy.Day, time.Date(2026, 10, 25, 23, 0, 0, 0, time.UTC), "90000"}, // 25 hours
		{policy.Month, time.Date(2026, 10, 31, 23, 0, 0, 0, time.UTC), "2682000"},
	} {
		g := limitedGate(t, policy.Limit{Name: "quota", Amount: 1, Calendar: c.unit, Zone: berlin(t), Per: []policy.Dimension{{By: policy.ByAccount}}})
		now := c.turn.Add(-25 * time.Hour)
		if c.unit == policy.Month {
			now = time.Date(2026, 9, 30, 22, 0, 0, 0, time.UTC)
		}
		g.Now = func() time.Time { return now }
		first := g.Judge(bulk("SMS", "+12015550101"))
		if first.Outcome != policy.Allow {
			t.Fatalf("a %s: the first is %s", c.unit, first.Reason)
		}
		second := g.Judge(bulk("SMS", "+12015550102"))
		if got := header(second.Refusal.Header, "Retry-After"); second.Outcome != policy.Deny || got != c.retryAfter {
			t.Errorf("a %s: %s, to try again after %s, want %s", c.unit, second.Outcome, got, c.retryAfter)
		}
		now = c.turn.Add(-1)
		if d := g.Judge(bulk("SMS", "+12015550102")); d.Outcome != policy.Deny {
			t.Errorf("a %s: %s before the turn", c.unit, d.Outcome)
		}
		now = c.turn
		if d := g.Judge(bulk("SMS", "+12015550102")); d.Outcome != policy.Allow {
			t.Errorf("a %s: %s at the turn", c.unit, d.Reason)
		}
		first.GiveBack()
		if d := g.Judge(bulk("SMS", "+12015550103")); d.Outcome != policy.Deny {
			t.Errorf("a %s: what was given back after the turn counts for the next", c.unit)
		}
	}
}

// header is a field of a refusal, or nothing.
func header(fields []carrier.Field, name string) string {
	for _, field := range fields {
		if field.Name == name {
			return field.Value
		}
	}
	return ""
}
