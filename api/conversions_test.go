package api_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier/twilio"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/policy"
)

// An application that sends codes of its own in messages says which numbers were verified.
func TestAConversionFreesWhatItsNumberTook(t *testing.T) {
	m := manage(t, `accounts:
  - id: acme
    at: {twilio: `+sidOne+`}
    messaging: [US]
    limits: [{name: codes, channel: messaging, amount: 2/1h, of: unverified, per: [account]}]
`)
	gates := gate.Gate{
		Carrier: twilio.Twilio{}, Product: "api", Rules: func() *gate.Rules { return &m.loader.Current().Rules },
		Counters: limits.New(time.Now()), Now: time.Now,
	}
	m.service.Explainer = func(*gate.Rules) func(string) *gate.Gate { return func(string) *gate.Gate { return &gates } }
	var counted []int64
	m.service.CountConversion = func(freed int64) { counted = append(counted, freed) }
	send := func() policy.Outcome {
		form := url.Values{"To": {"+12025550123"}, "From": {"+12025550199"}, "Body": {"123456"}}
		r := httptest.NewRequest(http.MethodPost, "http://api.twilio.com/2010-04-01/Accounts/"+sidOne+"/Messages.json", strings.NewReader(form.Encode()))
		r.RequestURI = r.URL.RequestURI()
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.SetBasicAuth(sidOne, "secret")
		return gates.Judge(r).Outcome
	}
	for i, want := range []policy.Outcome{policy.Allow, policy.Allow, policy.Deny} {
		if got := send(); got != want {
			t.Fatalf("message %d: %s", i, got)
		}
	}
	for _, c := range []struct {
		account, number string
		freed           int64
	}{{"acme", "+12025550124", 0}, {"acme", "+12025550123", 2}, {sidOne, "+12025550123", 0}} {
		var answer struct{ Freed int64 }
		m.must(t, "POST", "/conversions", `{"account": "`+c.account+`", "number": "`+c.number+`"}`, &answer)
		if answer.Freed != c.freed || counted[len(counted)-1] != c.freed {
			t.Errorf("%s of %s frees %d, want %d", c.number, c.account, answer.Freed, c.freed)
		}
	}
	if got := send(); got != policy.Allow {
		t.Errorf("after the conversion: %s", got)
	}
	for _, number := range []string{"12025550123", "a@b.example", "+", ""} {
		if response, text := m.ask(t, owner, "POST", "/conversions", `{"account": "acme", "number": "`+number+`"}`); response.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%q is answered %d %s", number, response.StatusCode, text)
		}
	}
	if len(counted) != 3 {
		t.Errorf("%d were counted", len(counted))
	}
}
