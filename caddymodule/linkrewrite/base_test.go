package linkrewrite

import (
	"context"
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
)

func TestTheBaseOfLinksIsTheWayTheRequestCame(t *testing.T) {
	for _, c := range []struct {
		name, host, original, judged string
		secure                       bool
		want                         string
	}{
		{"plainly", "gate.internal:8080", "/v2/Services", "/v2/Services", false, "http://gate.internal:8080"},
		{"over TLS", "gate.internal", "/v2/Services", "/v2/Services", true, "https://gate.internal"},
		{"below a prefix", "gate.internal", "/verify/v2/Services", "/v2/Services", false, "http://gate.internal/verify"},
		{"below two", "gate.internal", "/twilio/verify/v2/Services", "/v2/Services", false, "http://gate.internal/twilio/verify"},
		{"below an encoded prefix", "gate.internal", "/my%20verify/v2/Services", "/v2/Services", false, "http://gate.internal/my%20verify"},
		{"with a path that was rewritten", "gate.internal", "/services", "/v2/Services", false, "http://gate.internal"},
		{"by the carrier's own host", "verify.twilio.com", "/v2/Services", "/v2/Services", true, ""},
		{"by the carrier's own host in full", "Verify.Twilio.com.:443", "/v2/Services", "/v2/Services", true, ""},
		{"by the host of another product", "studio.twilio.com", "/v2/Services", "/v2/Services", true, "https://studio.twilio.com"},
	} {
		t.Run(c.name, func(t *testing.T) {
			original := httptest.NewRequest(http.MethodGet, c.original, nil)
			r := httptest.NewRequest(http.MethodGet, c.judged, nil)
			r = r.WithContext(context.WithValue(r.Context(), caddyhttp.OriginalRequestCtxKey, *original))
			r.Host = c.host
			if c.secure {
				r.TLS = new(tls.ConnectionState)
			}
			if got := baseOf(r, linkHost); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestTheBaseOfTheGatesOwnLinks(t *testing.T) {
	longest := strings.Repeat("a", maxBase-len("http://"))
	stated, unstated := &Rewriter{base: "https://gate.example.com/twilio"}, &Rewriter{}
	for _, c := range []struct {
		name, host string
		links      *Rewriter
		want       string
	}{
		{"one that is stated", "gate.internal", stated, "https://gate.example.com/twilio"},
		{"one that is stated, by the carrier's own host", "verify.twilio.com", stated, "https://gate.example.com/twilio"},
		{"none that is stated", "gate.internal", unstated, "http://gate.internal"},
		{"without rewrite_links", "verify.twilio.com", nil, "http://verify.twilio.com"},
		{"a name that is as long as may be", longest, nil, "http://" + longest},
		{"a name that is longer, which each link would repeat", longest + "a", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/v2/Services", nil)
			r.Host = c.host
			if got := c.links.BaseOf(r); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}
