package gate_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Servers that hand headers on as variables know one name for several headers.
func TestARequestThatSomeServerTakesForAnotherIsRefused(t *testing.T) {
	g := benchGate(t)
	g.AnyProduct = true
	for _, c := range []struct {
		header string
		denied bool
	}{
		{"X-HTTP-Method-Override", true},
		{"X-HTTP-Verb", true},
		{"X-Original-URL", true},
		{"x-rewrite-url", true},
		{"X_HTTP_Method_Override", true},
		{"x_original-url", true},
		{"X.Http.Verb", true},
		{"X~REWRITE~URL", true},
		{"Content_Type", true},
		{"content_length", true},
		{"Transfer_Encoding", true},
		{"X-Request-Id", false},
		{"X-Forwarded-Host", false},
		{"X-Http-Verbs", false},
		{"Content-Language", false},
		{"If_Match", false},
	} {
		t.Run(c.header, func(t *testing.T) {
			r := newRequest("api.twilio.com", "/2010-04-01/Accounts/"+benchAccount+"/Messages.json", formType, "To=%2B12015550123")
			r.Header.Set(c.header, "GET")
			d := g.Judge(r)
			if denied := d.Outcome == policy.Deny && d.Reason == carrier.MethodOverride; denied != c.denied {
				t.Errorf("in a header: %s %s", d.Outcome, d.Reason)
			}
			r = newRequest("api.twilio.com", "/2010-04-01/Accounts/"+benchAccount+"/Messages.json", formType, "To=%2B12015550123")
			r.Trailer = http.Header{http.CanonicalHeaderKey(c.header): nil}
			d = g.Judge(r)
			if denied := d.Outcome == policy.Deny && d.Reason == carrier.TrailerForbidden; denied != c.denied {
				t.Errorf("in a trailer: %s %s", d.Outcome, d.Reason)
			}
		})
	}
}

// A target is written into a line.
func TestATargetMustFitIntoARequestLine(t *testing.T) {
	g := benchGate(t)
	for _, c := range []struct {
		query       string
		read, write bool // passes
	}{
		{"a=b+c%20d&&=&e='%7E~[]|{}^`\\", true, true},
		{"a b", false, false},
		{"a HTTP/1.0", false, false},
		{"a\tb", false, false},
		{"a\x7fb", false, false},
		{"a=\"", true, false},
		{"a=<b>", true, false},
		{"a#b", true, false},
		{"a=\xc3\xa9", true, false},
		{"a=\xff", true, false},
	} {
		for method, passes := range map[string]bool{http.MethodGet: c.read, http.MethodPost: c.write} {
			t.Run(method+" "+c.query, func(t *testing.T) {
				r := httptest.NewRequest(method, "/2010-04-01/Accounts/"+benchAccount+"/Messages.json", strings.NewReader("To=%2B12015550123"))
				if method == http.MethodGet {
					r.Body, r.ContentLength = http.NoBody, 0
				}
				r.Host = "api.twilio.com"
				r.Header.Set("Content-Type", formType)
				r.URL.RawQuery = c.query
				r.RequestURI = r.URL.RequestURI()
				d := g.Judge(r)
				if (d.Outcome == policy.Allow) != passes {
					t.Errorf("%s %s", d.Outcome, d.Reason)
				}
				if !passes && d.Reason != carrier.TargetAmbiguous {
					t.Errorf("for %s", d.Reason)
				}
			})
		}
	}
}
