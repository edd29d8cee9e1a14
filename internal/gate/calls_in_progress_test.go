package gate_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/policy"
)

// lineGate has a limit of calls in progress of each account, and a clock to turn.
func lineGate(t *testing.T, amount int64, change func(*policy.Definition)) (g *gate.Gate, now *time.Time) {
	t.Helper()
	g = callGate(t, func(d *policy.Definition) {
		d.MaxCall, d.Accounts[0].MaxCall = 0, 0
		d.Limits = []policy.Limit{{Name: "lines", Of: policy.InProgress, Amount: amount, Per: []policy.Dimension{{By: policy.ByAccount}}}}
		if change != nil {
			change(d)
		}
	})
	began := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	now = &began
	g.Counters = limits.New(began)
	g.Now = func() time.Time { return *now }
	return g, now
}

// callWith is a request for a call.
func callWith(body string) *http.Request {
	r := newRequest("api.twilio.com", callsPath, formType, body)
	r.SetBasicAuth(benchAccount, "secret")
	return r
}

func TestACallIsInProgressUntilItsEndIsReported(t *testing.T) {
	g, _ := lineGate(t, 1, nil)
	first := g.Judge(callWith(aCall))
	if first.Outcome != policy.Allow || !first.CountsCalls() {
		t.Fatalf("%s %s", first.Outcome, first.Reason)
	}
	g.NameCalls(first, "CA1")
	refused := func() bool {
		d := g.Judge(callWith(aCall))
		isRefused := d.Outcome == policy.Deny && d.Reason == policy.LimitExceeded && d.Rule == "operator limit lines" && d.Refusal.Status == http.StatusTooManyRequests
		d.GiveBack()
		return isRefused
	}
	if !refused() {
		t.Fatal("a second call passed")
	}
	g.EndCall(benchAccount, "CA2")
	g.EndCall("AC22222222222222222222222222222222", "CA1")
	if !refused() {
		t.Error("another call ended it")
	}
	if d := g.Judge(bulk("SMS", "+12015550101")); d.Outcome != policy.Allow || d.IsLimited() {
		t.Errorf("a message: %s %s", d.Outcome, d.Reason)
	}
	if g.EndCall(benchAccount, "CA1"); refused() {
		t.Error("it has not ended")
	}
}

func TestACallIsInProgressForAsLongAsItMayRingAndLast(t *testing.T) {
	for _, c := range []struct {
		name, body string
		change     func(*policy.Definition)
		want       time.Duration
	}{
		{"where nothing is stated", aCall, nil, 4*time.Hour + 10*time.Minute},
		{"by its own limit", aCall + "&TimeLimit=60", nil, 11 * time.Minute},
		{"by a longer one", aCall + "&TimeLimit=43200", nil, 12*time.Hour + 10*time.Minute},
		{"by one that is unclear", aCall + "&TimeLimit=60&TimeLimit=30", nil, 4*time.Hour + 10*time.Minute},
		{"by max_call", aCall, func(d *policy.Definition) { d.MaxCall = 15 * time.Minute }, 25 * time.Minute},
		{"by its own limit within max_call", aCall + "&TimeLimit=60", func(d *policy.Definition) { d.MaxCall = 15 * time.Minute }, 11 * time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, now := lineGate(t, 1, c.change)
			if d := g.Judge(callWith(c.body)); d.Outcome != policy.Allow {
				t.Fatalf("%s %s", d.Outcome, d.Reason)
			}
			*now = now.Add(c.want - time.Nanosecond)
			if d := g.Judge(callWith(c.body)); d.Outcome != policy.Deny || d.RetryAfter != time.Nanosecond {
				t.Errorf("%s before it is over, again after %s", d.Outcome, d.RetryAfter)
			}
			*now = now.Add(time.Nanosecond)
			if d := g.Judge(callWith(c.body)); d.Outcome != policy.Allow {
				t.Errorf("%s once it is over", d.Outcome)
			}
		})
	}
}

// A call that begins as a short one may be changed to last for longer.
func TestACallInProgressIsProlonged(t *testing.T) {
	const (
		short = "CA11111111111111111111111111111111"
		other = "CA22222222222222222222222222222222"
	)
	hour, day := 70*time.Minute, 4*time.Hour+10*time.Minute
	for _, c := range []struct {
		name, path, body string
		want             time.Duration // from the change on
	}{
		{"by a longer time", "Calls/" + short + ".json", "TimeLimit=3600", hour},
		{"in small letters", "Calls/" + strings.ToLower(short) + "/.json", "TimeLimit=3600", hour},
		{"by one that is unclear", "Calls/" + short, "TimeLimit=3600&TimeLimit=30", day},
		{"by a shorter one, which may not come to be", "Calls/" + short + ".json", "TimeLimit=1", 11*time.Minute - time.Second},
		{"by none", "Calls/" + short + ".json", "Status=completed", 11*time.Minute - time.Second},
		{"of another call", "Calls/" + other + ".json", "TimeLimit=3600", 11*time.Minute - time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, now := lineGate(t, 1, nil)
			g.NameCalls(g.Judge(callWith(aCall+"&TimeLimit=60")), short)
			*now = now.Add(time.Second)
			r := newRequest("api.twilio.com", "/2010-04-01/Accounts/"+strings.ToLower(benchAccount)+"/"+c.path, formType, c.body)
			r.SetBasicAuth(benchAccount, "secret")
			if d := g.Judge(r); d.Outcome != policy.Allow {
				t.Fatalf("%s %s", d.Outcome, d.Reason)
			}
			if d := g.Judge(callWith(aCall)); d.Outcome != policy.Deny || d.RetryAfter != c.want {
				t.Errorf("%s, again after %s", d.Outcome, d.RetryAfter)
			}
			g.EndCall(benchAccount, short)
			if d := g.Judge(callWith(aCall)); d.Outcome != policy.Allow {
				t.Errorf("%s once it has ended", d.Outcome)
			}
		})
	}
}

// A call that the gate refuses for another reason was never in progress.
func TestACallThatCannotBeLimitedIsNotInProgress(t *testing.T) {
	g, _ := lineGate(t, 1, func(d *policy.Definition) { d.MaxCall = 15 * time.Minute })
	if d := g.Judge(callWith(aCall + "&TimeLimit=never")); d.Outcome != policy.Deny {
		t.Fatal("it passed")
	}
	if d := g.Judge(callWith(aCall)); d.Outcome != policy.Allow {
		t.Errorf("%s %s", d.Outcome, d.Reason)
	}
}

func TestExplainSaysHowManyCallsAreInProgress(t *testing.T) {
	g, _ := lineGate(t, 1, nil)
	g.Judge(callWith(aCall))
	e := g.Explain(&gate.Question{Account: benchAccount, Channel: policy.Voice, To: "+12015550123"})
	if last := e.Steps[len(e.Steps)-1]; last.Text != "limit lines allows 1 call in progress per account, of which 1 is used" || e.Reason != policy.LimitExceeded {
		t.Errorf("%s: %q", e.Reason, last.Text)
	}
}

// After an error of the carrier's own, a call has a line for as long as it may ring, and no longer
// than it may last.
func TestACallThatTheCarrierFailedHasALineForAsLongAsItMayRing(t *testing.T) {
	for _, c := range []struct {
		name, body string
		begun      time.Duration // until when it has its line
	}{
		{"a call", aCall, 10 * time.Minute},
		{"one that is to be long", aCall + "&TimeLimit=7200", 10 * time.Minute},
	} {
		g, now := lineGate(t, 1, nil)
		began := *now
		failed := g.Judge(callWith(c.body))
		g.FailCalls(failed)
		for _, later := range []time.Duration{0, c.begun - time.Second, c.begun} {
			*now = began.Add(later)
			d := g.Judge(callWith(aCall))
			if passes := d.Outcome == policy.Allow; passes != (later >= c.begun) {
				t.Errorf("%s: another %s later passes is %t", c.name, later, passes)
			}
			d.GiveBack()
		}
	}
}
