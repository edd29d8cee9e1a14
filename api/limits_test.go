package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier/twilio"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/policy"
)

// limitPage has what tests read of a list of limits.
type limitPage struct {
	Items []struct {
		Name, Level, Words, Kind string
		Use                      *struct {
			Values        map[string]string
			Used, Allowed string
			Fill          float64
			Hold          *struct{ ID, State string }
		}
	}
}

func (p *limitPage) lines() (lines []string) {
	for _, l := range p.Items {
		line := l.Level + " " + l.Name
		if u := l.Use; u != nil {
			line += fmt.Sprintf(" %s of %s (%.2f)", u.Used, u.Allowed, u.Fill)
			if u.Values["block:3"] != "" {
				line += " " + u.Values["block:3"]
			}
			if u.Hold != nil {
				line += " " + u.Hold.State
			}
		}
		lines = append(lines, line)
	}
	return lines
}

func TestLimitsAreListedWithHowFullTheyAre(t *testing.T) {
	m := manage(t, `limits:
  - {name: burst, amount: 10/1h, per: [account]}
  - {name: block, amount: 2/1h, per: [account, "block:3"], action: deny, for: 15m}
  - {name: sender, amount: 9/1h, per: [sender]}
  - {name: user, amount: 9/1h, per: ["header:X-User-Id"]}
  - {name: quiet, channel: messaging, hours: 00:00-23:59, zone: UTC}
  - {name: told, amount: 8/1h, per: [account], action: notify}
accounts:
  - id: acme
    at: {twilio: `+sidOne+`}
    messaging: [US]
    limits: [{name: burst, amount: 8/1h, per: [account]}]
`)
	counters := limits.New(time.Now())
	gates := gate.Gate{
		Carrier: twilio.Twilio{}, Product: "api", Rules: func() *gate.Rules { return &m.loader.Current().Rules },
		Counters: counters, Holds: limits.NewHolds(), Now: time.Now,
	}
	m.service.Explainer = func(*gate.Rules) func(string) *gate.Gate { return func(string) *gate.Gate { return &gates } }
	for i, want := range []policy.Outcome{policy.Allow, policy.Allow, policy.Deny} {
		form := url.Values{"To": {fmt.Sprint("+1202555010", i)}, "From": {"+12025550199"}, "Body": {"Hello"}}
		r := httptest.NewRequest(http.MethodPost, "http://api.twilio.com/2010-04-01/Accounts/"+sidOne+"/Messages.json", strings.NewReader(form.Encode()))
		r.RequestURI = r.URL.RequestURI()
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.SetBasicAuth(sidOne, "secret")
		if got := gates.Judge(r).Outcome; got != want {
			t.Fatalf("message %d: %s", i, got)
		}
	}
	for _, c := range []struct {
		says, query string
		want        []string
	}{
		{"of the account alone", "", []string{"account acme burst 2 of 8 (0.25)", "operator block", "operator sender", "operator user", "operator quiet", "operator told 2 of 8 (0.25)"}},
		{"of a number that is held", "&number=%2B12025550109", []string{"account acme burst 2 of 8 (0.25)", "operator block 2 of 2 (1.00) +12025550xxx held", "operator sender", "operator user", "operator quiet", "operator told 2 of 8 (0.25)"}},
		{"of another number and a sender", "&number=%2B12025560109&sender=%2B12025550199", []string{"account acme burst 2 of 8 (0.25)", "operator block 0 of 2 (0.00) +12025560xxx", "operator sender 2 of 9 (0.22)", "operator user", "operator quiet", "operator told 2 of 8 (0.25)"}},
	} {
		var page limitPage
		m.must(t, "GET", "/limits?account=acme"+c.query, "", &page)
		if got := page.lines(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.says, got, c.want)
		}
	}
	if used := func() (page limitPage) { m.must(t, "GET", "/limits?account=acme", "", &page); return }().Items[0].Use.Used; used != "2" {
		t.Errorf("asking counts: %s", used)
	}
	for path, status := range map[string]int{"account=acme&number=hello": 422, "account=beta": 422, "": 422} {
		if response, text := m.ask(t, owner, "GET", "/limits?"+path, ""); response.StatusCode != status {
			t.Errorf("%s: %d %s", path, response.StatusCode, text)
		}
	}
	if response, _ := m.ask(t, principal("bob", access.Viewer, "beta"), "GET", "/limits?account=acme", ""); response.StatusCode != http.StatusForbidden {
		t.Errorf("of another account: %d", response.StatusCode)
	}
}
