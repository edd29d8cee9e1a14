package transport

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/reverseproxy"

	"github.com/caddy-tollgate/tollgate/carrier/twilio"
	"github.com/caddy-tollgate/tollgate/internal/forward"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

const (
	account  = "AC11111111111111111111111111111111"
	upstream = "api.twilio.com:443"
	ofClient = "Basic a2V5Om9mIGEgY2xpZW50"
	ofGate   = "Basic b2Y6dGhlIGNhcnJpZXI="

	other   = "AC22222222222222222222222222222222"
	ofOther = "Basic b2Y6YW5vdGhlcg=="
)

// issued are the credentials of these tests. They keep what they learn.
type issued struct {
	of      map[string]*reload.Issued
	learned []int
}

func (i *issued) Of(account string) *reload.Issued { return i.of[account] }

func (i *issued) Learn(_ string, _ *reload.Issued, status int) {
	i.learned = append(i.learned, status)
}

// wire answers each request, and keeps the last one.
type wire struct{ written *http.Request }

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.written = r
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: r}, nil
}

func dialled(r *http.Request, address string) *http.Request {
	info := reverseproxy.DialInfo{Network: "tcp", Address: address}
	return r.WithContext(context.WithValue(r.Context(), caddy.CtxKey("reverse_proxy.dial_info"), info))
}

// Only a request that a gate with broker let pass, as it let it pass and to where it
// said, is given the carrier's credential.
func TestOnlyWhatAGateLetPassIsGivenTheCredential(t *testing.T) {
	for _, c := range []struct {
		name string
		// make returns the request that comes to the transport, of the one judged.
		make func(r *http.Request, brokered func(*http.Request) *http.Request) *http.Request
		want error
	}{
		{"what passed", func(r *http.Request, brokered func(*http.Request) *http.Request) *http.Request {
			return dialled(brokered(r), upstream)
		}, nil},
		{"with a header that the proxy added", func(r *http.Request, brokered func(*http.Request) *http.Request) *http.Request {
			r = dialled(brokered(r), upstream)
			r.Header.Set("X-Forwarded-For", "192.0.2.1")
			return r
		}, nil},
		{"no gate", func(r *http.Request, _ func(*http.Request) *http.Request) *http.Request {
			return dialled(r, upstream)
		}, errNotPassed},
		{"another method", func(r *http.Request, brokered func(*http.Request) *http.Request) *http.Request {
			r = dialled(brokered(r), upstream)
			r.Method = http.MethodPost
			return r
		}, errChanged},
		{"another path", func(r *http.Request, brokered func(*http.Request) *http.Request) *http.Request {
			r = dialled(brokered(r), upstream)
			r.URL.Path = "/2010-04-01/Accounts.json"
			return r
		}, errChanged},
		{"another place", func(r *http.Request, brokered func(*http.Request) *http.Request) *http.Request {
			return dialled(brokered(r), "evil.example:443")
		}, errElsewhere},
		{"the place on another port", func(r *http.Request, brokered func(*http.Request) *http.Request) *http.Request {
			return dialled(brokered(r), "api.twilio.com:80")
		}, errElsewhere},
		{"no place", func(r *http.Request, brokered func(*http.Request) *http.Request) *http.Request {
			return brokered(r)
		}, errElsewhere},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, d := judged(t)
			credentials := &issued{of: map[string]*reload.Issued{account: {Authorization: ofGate}, other: {Authorization: ofOther}}}
			brokered := func(r *http.Request) *http.Request {
				return passing(r, d, func() Credentials { return credentials })
			}
			w, transport := newTransport()
			came := c.make(r, brokered)
			response, err := transport.RoundTrip(came)
			if !errors.Is(err, c.want) {
				t.Fatalf("error is %v, want %v", err, c.want)
			}
			if c.want != nil {
				if w.written != nil {
					t.Error("it is written")
				}
				return
			}
			if got := w.written.Header.Get("Authorization"); got != ofGate {
				t.Errorf("written with %s", got)
			}
			if came.Header.Get("Authorization") != ofClient || response.Request != came {
				t.Error("what the proxy sees has the carrier's credential")
			}
			if len(credentials.learned) != 1 || credentials.learned[0] != http.StatusOK {
				t.Errorf("learned %v", credentials.learned)
			}
		})
	}
}

func TestAnAccountWithoutACredentialIsNotWritten(t *testing.T) {
	r, d := judged(t)
	w, transport := newTransport()
	credentials := &issued{of: map[string]*reload.Issued{other: {Authorization: ofOther}}}
	_, err := transport.RoundTrip(dialled(passing(r, d, func() Credentials { return credentials }), upstream))
	if !errors.Is(err, errNoSecret) || w.written != nil {
		t.Errorf("error is %v, written %t", err, w.written != nil)
	}
	transport.connections.own = &forward.Client{DialContext: func(context.Context, string, string) (net.Conn, error) {
		t.Error("a connection is opened")
		return nil, errElsewhere
	}}
	passed := &Passed{Decision: d, Upstream: upstream, Credentials: func() Credentials { return credentials }}
	if done, err := transport.Forward(nil, r, passed); !done || err != errNoSecret {
		t.Errorf("forwarding: done %t, error is %v", done, err)
	}
}

// passing is a request that a gate lets pass.
func passing(r *http.Request, d *gate.Decision, credentials func() Credentials) *http.Request {
	r = r.WithContext(context.WithValue(r.Context(), caddyhttp.VarsCtxKey, make(map[string]any)))
	Pass(r, &Passed{Decision: d, Upstream: upstream, Credentials: credentials})
	return r
}

// judged is a read that a gate lets pass.
func judged(t *testing.T) (*http.Request, *gate.Decision) {
	t.Helper()
	snapshot, err := policy.New(policy.Definition{})
	if err != nil {
		t.Fatal(err)
	}
	rules := &gate.Rules{Snapshot: snapshot, Plan: numbering.Default()}
	judge := gate.Gate{Carrier: twilio.Twilio{}, Rules: func() *gate.Rules { return rules }, Product: "api", Now: time.Now}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "/2010-04-01/Accounts/"+account+"/Messages.json", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.RequestURI, r.Host = r.URL.RequestURI(), "api.twilio.com"
	r.Header.Set("Authorization", ofClient)
	d := judge.Judge(r)
	d.Account = account
	return r, d
}

func newTransport() (*wire, *Transport) {
	w, inMemory := new(wire), new(http.Transport)
	inMemory.RegisterProtocol("http", w)
	t := &Transport{HTTPTransport: reverseproxy.HTTPTransport{Transport: inMemory}}
	t.connections.HTTPTransport = &t.HTTPTransport
	return w, t
}

func TestATransportIsConfidentialOnlyToACarrierThatItKnows(t *testing.T) {
	for _, c := range []struct {
		name string
		tls  *reverseproxy.TLSConfig
		want bool
	}{
		{"in clear text", nil, false},
		{"in TLS", &reverseproxy.TLSConfig{}, true},
		{"to anyone who answers", &reverseproxy.TLSConfig{InsecureSkipVerify: true}, false},
		{"in TLS except on a port", &reverseproxy.TLSConfig{ExceptPorts: []string{"80"}}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := (&Transport{HTTPTransport: reverseproxy.HTTPTransport{TLS: c.tls}}).IsConfidential(); got != c.want {
				t.Errorf("it is: %t", got)
			}
		})
	}
}

// What a proxy says of the client is not for the carrier, and over TLS the carrier is asked
// for by its own name. No header_up lines are needed for either.
func TestATransportWritesNeitherWhomAProxyForwardsForNorTheGatesHost(t *testing.T) {
	for _, c := range []struct {
		name string
		tls  *reverseproxy.TLSConfig
		// set is the host that the proxy set, if any.
		set, want string
	}{
		{"over TLS", &reverseproxy.TLSConfig{}, "", "carrier.example"},
		{"over TLS with a host that is stated", &reverseproxy.TLSConfig{}, "stated.example", "stated.example"},
		{"in the clear", nil, "", "api.twilio.com"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, d := judged(t)
			w, transport := newTransport()
			transport.TLS = c.tls
			if c.tls != nil {
				transport.HTTPTransport.Transport = &http.Transport{}
				transport.HTTPTransport.Transport.RegisterProtocol("https", w)
			}
			r = dialled(passing(r, d, nil), "carrier.example:443")
			for _, name := range []string{"X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "Via"} {
				r.Header.Set(name, "192.0.2.1")
			}
			if c.set != "" {
				r.Host = c.set
			}
			if _, err := transport.RoundTrip(r); err != nil {
				t.Fatal(err)
			}
			if w.written.Host != c.want {
				t.Errorf("written to the host %s, want %s", w.written.Host, c.want)
			}
			for name := range w.written.Header {
				if isOfProxies(name) {
					t.Errorf("written with %s", name)
				}
			}
			if r.Header.Get("Via") == "" {
				t.Error("what the proxy sees has changed")
			}
			if transport.RequestHeaderOps() != nil {
				t.Error("every request's header is copied")
			}
		})
	}
}
