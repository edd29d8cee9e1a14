package forwarder_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	_ "github.com/caddyserver/caddy/v2/modules/standard"

	"github.com/caddy-tollgate/tollgate/caddymodule/forwarder"
	"github.com/caddy-tollgate/tollgate/caddymodule/transport"
	"github.com/caddy-tollgate/tollgate/carrier/twilio"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

const handshake = 0x16 // the first byte of TLS (RFC 8446, section 5.1)

// A credential must not cross the network in the clear, whatever the options.
func TestTheCarrierIsSpokenToByTLS(t *testing.T) {
	for _, c := range []struct {
		name, options string
		fixed         bool
		want          byte
	}{
		{"without options", "", false, handshake},
		{"with options that are not about TLS", "dial_timeout 1s\nversions 1.1", false, handshake},
		{"with an option of TLS", "tls_insecure_skip_verify", false, handshake},
		{"by HTTP/2", "versions 1.1 2", false, handshake},
		{"through Caddy's proxy", "max_conns_per_host 2", false, handshake},
		{"an upstream of the gate's is spoken to in the clear", "", true, 'G'},
		{"an upstream of the gate's is spoken to by TLS if that is stated", "tls", true, handshake},
	} {
		t.Run(c.name, func(t *testing.T) {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer listener.Close()
			first := make(chan byte, 1)
			go func() {
				connection, err := listener.Accept()
				if err != nil {
					return
				}
				defer connection.Close()
				read := make([]byte, 1)
				_, _ = io.ReadFull(connection, read)
				first <- read[0]
			}()
			f := provision(t, c.options)
			r := passed(t, listener.Addr().String(), c.fixed)
			if err := f.ServeHTTP(httptest.NewRecorder(), r, caddyhttp.HandlerFunc(func(http.ResponseWriter, *http.Request) error { return nil })); err == nil {
				t.Error("a carrier that closes at once has answered")
			}
			if got := <-first; got != c.want {
				t.Errorf("the first byte is %#x, want %#x", got, c.want)
			}
		})
	}
}

// A request is forwarded once, and only if a gate let it pass.
func TestWhatNoGateLetPassIsNotForwarded(t *testing.T) {
	carrier := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusCreated) }))
	defer carrier.Close()
	f := provision(t, "")
	r := passed(t, strings.TrimPrefix(carrier.URL, "http://"), true)
	if err := f.ServeHTTP(httptest.NewRecorder(), r, nil); err != nil {
		t.Errorf("at first: %v", err)
	}
	if err := f.ServeHTTP(httptest.NewRecorder(), r, nil); err == nil || !strings.Contains(err.Error(), "forwarded already") {
		t.Errorf("once more: %v", err)
	}
	unjudged := httptest.NewRequest(http.MethodGet, "/", nil)
	if err := f.ServeHTTP(httptest.NewRecorder(), unjudged, nil); err == nil || !strings.Contains(err.Error(), "no gate has let this request pass") {
		t.Errorf("a request of no gate: %v", err)
	}
}

// Where a connection is closed in place of an answer, a read is made once more. An upload
// reaches no one either, and is not to be made twice, with a body or without.
func TestOnlyAReadIsMadeOnceMore(t *testing.T) {
	for _, c := range []struct {
		name, method, url string
		came              int32
		fails             bool
	}{
		{"a read", http.MethodGet, "https://api.twilio.com/2010-04-01/Accounts/" + account + "/Messages.json", 3, false},
		{"an upload", http.MethodPost, "https://sync.twilio.com/v1/Services", 2, true},
		{"what deletes an upload", http.MethodDelete, "https://sync.twilio.com/v1/Services/IS11111111111111111111111111111111", 2, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			var came atomic.Int32
			// Each connection is closed at its second request.
			var connections sync.Map
			carrier := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				came.Add(1)
				if _, again := connections.LoadOrStore(r.RemoteAddr, true); again {
					panic(http.ErrAbortHandler)
				}
				w.WriteHeader(http.StatusCreated)
			}))
			defer carrier.Close()
			f := provision(t, "")
			forward := func() error {
				return f.ServeHTTP(httptest.NewRecorder(), passing(t, c.method, c.url, strings.TrimPrefix(carrier.URL, "http://"), true), nil)
			}
			if err := forward(); err != nil {
				t.Fatal(err)
			}
			if err := forward(); (err != nil) != c.fails || came.Load() != c.came {
				t.Errorf("%d requests came, want %d; %v", came.Load(), c.came, err)
			}
		})
	}
}

// provision sets up a forwarder.
func provision(t *testing.T, options string) *forwarder.Forwarder {
	t.Helper()
	f := new(forwarder.Forwarder)
	if err := f.UnmarshalCaddyfile(caddyfile.NewTestDispenser("tollgate_forward {\n" + options + "\n}")); err != nil {
		t.Fatal(err)
	}
	ctx, err := caddy.ProvisionContext(&caddy.Config{
		Admin:   &caddy.AdminConfig{Disabled: true},
		Logging: &caddy.Logging{Logs: map[string]*caddy.CustomLog{"default": {BaseLog: caddy.BaseLog{Level: "FATAL"}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Provision(ctx); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Cleanup() })
	return f
}

const account = "AC11111111111111111111111111111111"

// passed is a read that a gate lets pass to an upstream.
func passed(t *testing.T, upstream string, fixed bool) *http.Request {
	t.Helper()
	return passing(t, http.MethodGet, "https://api.twilio.com/2010-04-01/Accounts/"+account+"/Messages.json", upstream, fixed)
}

// passing is a request without a body that a gate lets pass to an upstream.
func passing(t *testing.T, method, url, upstream string, fixed bool) *http.Request {
	t.Helper()
	snapshot, err := policy.New(policy.Definition{})
	if err != nil {
		t.Fatal(err)
	}
	rules := &gate.Rules{Snapshot: snapshot, Plan: numbering.Default()}
	judge := gate.Gate{Carrier: twilio.Twilio{}, Rules: func() *gate.Rules { return rules }, Product: "api", Now: time.Now}
	r := httptest.NewRequest(method, url, nil)
	r.RequestURI = r.URL.RequestURI()
	r.SetBasicAuth(account, "secret")
	repl := caddy.NewReplacer()
	r = caddyhttp.PrepareRequest(r, repl, httptest.NewRecorder(), new(caddyhttp.Server))
	r = r.WithContext(context.WithValue(r.Context(), caddy.ReplacerCtxKey, repl))
	d := judge.Judge(r)
	repl.Map(func(key string) (any, bool) { return upstream, key == "http.tollgate.upstream" })
	transport.Pass(r, &transport.Passed{Decision: d, Upstream: upstream, Fixed: fixed})
	return r
}
