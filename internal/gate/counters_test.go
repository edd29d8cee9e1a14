package gate_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/policy"
)

// away are counters that cannot be asked.
type away struct{ *limits.Counters }

func (away) Reserve(time.Time, []limits.Demand) (limits.Refused, bool) {
	return limits.Refused{Unavailable: true}, false
}

func (away) Used(time.Time, *limits.Demand) (used int64, hasRoom bool) { return -1, true }

func TestWhatLimitsCountIsNotSentWhileTheCountersAreAway(t *testing.T) {
	post := func(path, body string) *http.Request {
		r := newBenchRequest(http.MethodPost, body)
		r.Request.URL.Path = strings.Replace(r.Request.URL.Path, "/Messages.json", path, 1)
		r.reset()
		r.Request.RequestURI = r.Request.URL.RequestURI()
		return r.Request
	}
	all, recorded := perAccount(5), perAccount(5)
	recorded.Monitor = true
	for _, c := range []struct {
		name    string
		limit   policy.Limit
		request *http.Request
		outcome policy.Outcome
		reason  policy.Reason
	}{
		{"a message", all, bulk("SMS", "+12015550101"), policy.Deny, carrier.CountersUnavailable},
		{"a call for help", all, post("/Calls.json", "To=911&From=%2B12015550199&Url=https%3A%2F%2Fa.example"), policy.Allow, policy.EmergencyCall},
		{"a message to where nothing is open", all, bulk("SMS", "+447400123456"), policy.Deny, policy.TerritoryNotEnabled},
		{"a message that a limit only records", recorded, bulk("SMS", "+12015550101"), policy.Allow, policy.Enabled},
	} {
		g := limitedGate(t, c.limit)
		g.Counters = away{limits.New(g.Now())}
		d := g.Judge(c.request)
		if d.Outcome != c.outcome || d.Reason != c.reason {
			t.Errorf("%s: %s %s", c.name, d.Outcome, d.Reason)
		}
		if isAway := c.reason == carrier.CountersUnavailable; isAway && (d.Refusal.Status != http.StatusServiceUnavailable || d.Refusal.Code != 20503 || d.Reserved()) {
			t.Errorf("%s: %d %d", c.name, d.Refusal.Status, d.Refusal.Code)
		}
	}
}

// An explanation says nothing of how much is used while that is unknown.
func TestAnExplanationLeavesOutWhatIsUnknown(t *testing.T) {
	g := limitedGate(t, perAccount(5))
	for known, counters := range map[bool]gate.Counters{true: limits.New(g.Now()), false: away{limits.New(g.Now())}} {
		g.Counters = counters
		e := g.Explain(&gate.Question{Account: benchAccount, Channel: policy.Messaging, To: "+12015550101"})
		says := slices.ContainsFunc(e.Steps, func(s policy.Step) bool { return strings.Contains(s.Text, "are used") })
		if e.Outcome != policy.Allow || says != known {
			t.Errorf("known: %t: %s, %+v", known, e.Outcome, e.Steps)
		}
	}
}
