package transport

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/reverseproxy"
	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/carrier/twilio"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/sid"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// created answers every request at once.
type created struct{}

func (created) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusCreated, Body: http.NoBody}, nil
}

// unheard are credentials of which nothing is learned.
type unheard struct{ *reload.Credentials }

func (unheard) Learn(string, *reload.Issued, int) {}

// What a broker's transport adds to Caddy's: finding out what was judged, and a copy of
// the request with another credential.
func BenchmarkTransport(b *testing.B) {
	credentials, err := reload.LoadCredentials([]reload.Credential{{Account: account, User: account, Secret: "{env.X}"}}, sid.Identifiers{},
		func(text string) (string, error) {
			return strings.ReplaceAll(text, "{env.X}", strings.Repeat("0123456789abcdef", 2)), nil
		}, zap.NewNop())
	if err != nil {
		b.Fatal(err)
	}
	snapshot, err := policy.New(policy.Definition{})
	if err != nil {
		b.Fatal(err)
	}
	rules := &gate.Rules{Snapshot: snapshot, Plan: numbering.Default()}
	judge := gate.Gate{Carrier: twilio.Twilio{}, Rules: func() *gate.Rules { return rules }, Product: "api", Now: time.Now}
	inForce := func() Credentials { return unheard{credentials} }
	inMemory := new(http.Transport)
	inMemory.RegisterProtocol("http", created{})
	plain := &reverseproxy.HTTPTransport{Transport: inMemory}
	r, _ := http.NewRequest(http.MethodGet, "/2010-04-01/Accounts/"+account+"/Messages.json", nil)
	r.RequestURI, r.Host = r.URL.RequestURI(), "api.twilio.com"
	r.SetBasicAuth(account, strings.Repeat("0123456789abcdef", 2))
	for _, name := range []string{"User-Agent", "Accept", "Accept-Charset", "X-Forwarded-For", "Via"} {
		r.Header.Set(name, "x")
	}
	d := judge.Judge(r)
	d.Account = account
	dialled := reverseproxy.DialInfo{Network: "tcp", Address: upstream}
	withDial := r.WithContext(context.WithValue(r.Context(), caddy.CtxKey("reverse_proxy.dial_info"), dialled))
	passed := passing(withDial, d, inForce)
	for _, way := range []struct {
		name      string
		transport http.RoundTripper
	}{{"Caddy's", plain}, {"a broker's", &Transport{HTTPTransport: reverseproxy.HTTPTransport{Transport: inMemory}}}} {
		b.Run(way.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := way.transport.RoundTrip(passed); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
