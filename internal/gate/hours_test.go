package gate_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/policy"
)

// quiet lets messages pass from 8 to 21 o'clock of the number's own time.
func quiet() policy.Limit {
	return policy.Limit{Name: "quiet", Kind: policy.Messages, Hours: policy.Hours{From: 8 * 60, To: 21 * 60}}
}

// Of New York, 13:00 UTC is 8 o'clock in November; Anchorage is four hours behind, and Honolulu five.
var eightInNewYork = time.Date(2026, 11, 30, 13, 0, 0, 0, time.UTC)

func TestWhatIsOutsideOfTheHoursIsRefusedUntilTheyBegin(t *testing.T) {
	g := limitedGate(t, quiet())
	now := eightInNewYork.Add(-time.Second)
	g.Now = func() time.Time { return now }
	d := g.Judge(bulk("SMS", "+12125550101"))
	if d.Outcome != policy.Deny || d.Reason != policy.LimitExceeded || d.Rule != "operator limit quiet" ||
		d.Refusal.Status != http.StatusTooManyRequests || d.Refusal.Code != 20429 || header(d.Refusal.Header, "Retry-After") != "1" {
		t.Errorf("before they begin: %s %s %q %+v", d.Outcome, d.Reason, d.Rule, d.Refusal)
	}
	now = eightInNewYork
	if d := g.Judge(bulk("SMS", "+12125550101")); d.Outcome != policy.Allow {
		t.Errorf("when they begin: %s", d.Reason)
	}
	d = g.Judge(bulk("SMS", "+12125550101", "+18085550101"))
	if d.Outcome != policy.Deny || d.To != "+18085550101" || header(d.Refusal.Header, "Retry-After") != "18000" {
		t.Errorf("of two, one is not within them: %s of %s", d.Outcome, d.To)
	}
}

// What is refused for the hour takes nothing of a limit that counts.
func TestWhatIsOutsideOfTheHoursTakesNothing(t *testing.T) {
	g := limitedGate(t, perAccount(1), quiet())
	now := eightInNewYork.Add(-time.Hour)
	g.Now = func() time.Time { return now }
	if d := g.Judge(bulk("SMS", "+12125550101")); d.Outcome != policy.Deny || d.Rule != "operator limit quiet" || d.IsLimited() {
		t.Errorf("%s by %q, reserved %t", d.Outcome, d.Rule, d.IsLimited())
	}
	now = eightInNewYork
	if d := g.Judge(bulk("SMS", "+12125550101")); d.Outcome != policy.Allow {
		t.Errorf("%s by %q", d.Outcome, d.Rule)
	}
}

func TestHoursThatOnlyRecordRefuseNothing(t *testing.T) {
	limit := quiet()
	limit.Monitor = true
	g := limitedGate(t, limit, perAccount(10))
	g.Now = func() time.Time { return eightInNewYork.Add(-1) }
	if d := g.Judge(bulk("SMS", "+12125550101")); d.Outcome != policy.Monitor || d.Rule != "operator limit quiet" || !d.IsLimited() {
		t.Errorf("%s by %q, reserved %t", d.Outcome, d.Rule, d.IsLimited())
	}
}

// A code that a person has just asked for comes at any hour, except by hours for verifications, and
// a call for help always.
func TestHoursAreOfTheSendsOfTheirKind(t *testing.T) {
	message := "http://api.twilio.com/2010-04-01/Accounts/" + benchAccount + "/Messages.json"
	call := "http://api.twilio.com/2010-04-01/Accounts/" + benchAccount + "/Calls.json"
	const verify = "https://verify.twilio.com/v2/Services/VA11111111111111111111111111111111/Verifications"
	const number = "To=%2B12125550101"
	for _, c := range []struct {
		kind         policy.SendKind
		target, form string
		outcome      policy.Outcome
	}{
		{policy.AnySend, message, number, policy.Deny},
		{policy.AnySend, call, number, policy.Deny},
		{policy.AnySend, call, "To=911", policy.Allow},
		{policy.AnySend, verify, number, policy.Allow},
		{policy.Messages, message, number, policy.Deny},
		{policy.Messages, call, number, policy.Allow},
		{policy.Verifications, verify, number, policy.Deny},
		{policy.Verifications, message, number, policy.Allow},
	} {
		limit := quiet()
		limit.Kind = c.kind
		g := limitedGate(t, limit)
		g.Now = func() time.Time { return eightInNewYork.Add(-1) }
		r := httptest.NewRequest(http.MethodPost, c.target, strings.NewReader(c.form+"&Channel=sms&From=%2B12015550199&Body=Hello&Url=https%3A%2F%2Fa.example"))
		r.RequestURI = r.URL.RequestURI()
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.SetBasicAuth(benchAccount, "secret")
		if d := g.Judge(r); d.Outcome != c.outcome {
			t.Errorf("hours of %q, %s to %s: %s %s", c.kind, c.target, c.form, d.Outcome, d.Reason)
		}
	}
}

func TestExplainSaysWhatTimeItIsAtTheDestination(t *testing.T) {
	monitored := quiet()
	monitored.Monitor = true
	for _, c := range []struct {
		limit   policy.Limit
		at      time.Time
		outcome policy.Outcome
		finding policy.Finding
		says    string
	}{
		{quiet(), eightInNewYork, policy.Allow, policy.Passes, "limit quiet allows sends of messaging from 08:00 to 21:00 at the destination, where it is 08:00 in America/New_York"},
		{quiet(), eightInNewYork.Add(-1), policy.Deny, policy.Denies, "limit quiet allows sends of messaging from 08:00 to 21:00 at the destination, where it is 07:59 in America/New_York"},
		{monitored, eightInNewYork.Add(-1), policy.Monitor, policy.Records, "limit quiet allows sends of messaging from 08:00 to 21:00 at the destination, where it is 07:59 in America/New_York, and what is outside of them is only recorded"},
	} {
		e := limitedGate(t, c.limit).Explain(&gate.Question{Account: benchAccount, To: "+12125550101", At: c.at})
		if last := e.Steps[len(e.Steps)-1]; e.Outcome != c.outcome || last.Outcome != c.finding || last.Text != c.says || last.Decides != (c.outcome != policy.Allow) {
			t.Errorf("%s %+v", e.Outcome, last)
		}
	}
}
