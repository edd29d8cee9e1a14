package routecheck

import (
	"net/http"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/headers"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/reverseproxy"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/rewrite"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
	"github.com/caddy-tollgate/tollgate/carrier/twilio"
	"github.com/caddy-tollgate/tollgate/internal/gate"
)

// checkpoint is a gate that judges nothing.
type checkpoint struct{ judge gate.Gate }

func (c *checkpoint) Judge() *gate.Gate     { return &c.judge }
func (c *checkpoint) Brokered() bool        { return false }
func (c *checkpoint) FixedUpstream() string { return "" }

func (c *checkpoint) ServeHTTP(w http.ResponseWriter, r *http.Request, next caddyhttp.Handler) error {
	return next.ServeHTTP(w, r)
}

func newCheckpoint() *checkpoint {
	return &checkpoint{gate.Gate{Carrier: twilio.Twilio{}, Product: "api"}}
}

// proxyTo is a proxy that leaves requests as they are.
func proxyTo(dial string) *reverseproxy.Handler {
	return &reverseproxy.Handler{
		Upstreams: reverseproxy.UpstreamPool{{Dial: dial}},
		Transport: &reverseproxy.HTTPTransport{TLS: new(reverseproxy.TLSConfig)},
	}
}

// forwarder forwards what a gate before it let pass.
type forwarder struct{ serverName string }

func (forwarder) IsConfidential() bool { return true }
func (f forwarder) ServerName() string { return f.serverName }

func (forwarder) ServeHTTP(http.ResponseWriter, *http.Request, caddyhttp.Handler) error {
	return caddyhttp.Error(http.StatusBadGateway, nil)
}

func route(handlers ...caddyhttp.MiddlewareHandler) caddyhttp.Route {
	return caddyhttp.Route{Handlers: handlers}
}

// forHosts is a route for some hosts.
func forHosts(names []string, handlers ...caddyhttp.MiddlewareHandler) caddyhttp.Route {
	match := caddyhttp.MatchHost(names)
	return caddyhttp.Route{MatcherSets: caddyhttp.MatcherSets{{&match}}, Handlers: handlers, Terminal: true}
}

func subroute(routes ...caddyhttp.Route) *caddyhttp.Subroute {
	return &caddyhttp.Subroute{Routes: routes}
}

func TestNothingStandsBetweenAGateAndAProxyThatChangesWhatWasJudged(t *testing.T) {
	rewriteTo := func(uri string) *rewrite.Rewrite { return &rewrite.Rewrite{URI: uri} }
	header := func(name string) *headers.Handler {
		return &headers.Handler{Request: &headers.HeaderOps{Set: http.Header{name: {"x"}}}}
	}
	carriers := func() *reverseproxy.Handler { return proxyTo(placeholder.Upstream) }
	for _, c := range []struct {
		name    string
		routes  caddyhttp.RouteList
		where   string // of the fault, empty if there is none
		problem string
	}{
		{"a gate before a proxy", caddyhttp.RouteList{route(newCheckpoint(), carriers())}, "", ""},
		{"in routes one behind the other", caddyhttp.RouteList{route(newCheckpoint()), route(carriers())}, "", ""},
		{"a gate around a handle", caddyhttp.RouteList{route(newCheckpoint(), subroute(route(carriers())))}, "", ""},
		{"a rewrite before the gate", caddyhttp.RouteList{route(rewriteTo("/x"), newCheckpoint(), carriers())}, "", ""},
		{"a header that says nothing of what is asked", caddyhttp.RouteList{route(newCheckpoint(), header("X-Request-Id"), carriers())}, "", ""},
		{"a gate without a proxy", caddyhttp.RouteList{route(newCheckpoint())}, "", ""},
		{"gates for two hosts", caddyhttp.RouteList{forHosts([]string{"a.example"}, newCheckpoint(), carriers()), forHosts([]string{"b.example"}, newCheckpoint(), carriers())}, "", ""},

		{"a rewrite between", caddyhttp.RouteList{route(newCheckpoint(), rewriteTo("/x"), carriers())}, "routes/0/handle/1", "rewrite"},
		{"a rewrite between, within a handle", caddyhttp.RouteList{route(newCheckpoint(), subroute(route(rewriteTo("/x"))), carriers())}, "routes/0/handle/1/routes/0/handle/0", "rewrite"},
		{"another host between", caddyhttp.RouteList{route(newCheckpoint(), header("Host"), carriers())}, "routes/0/handle/1", "Host"},
		{"another credential between", caddyhttp.RouteList{route(newCheckpoint(), header("Authorization"), carriers())}, "routes/0/handle/1", "Authorization"},
		{"a second gate", caddyhttp.RouteList{route(newCheckpoint(), newCheckpoint(), carriers())}, "routes/0/handle/1", "second gate"},
		{"a proxy that says more than the gate", caddyhttp.RouteList{route(newCheckpoint(), proxyTo("x"+placeholder.Upstream))}, "routes/0/handle/1", "alone"},
		{"a proxy to the carrier beside the gate", caddyhttp.RouteList{forHosts([]string{"a.example"}, newCheckpoint(), carriers()), route(proxyTo("api.twilio.com:443"))}, "routes/1/handle/0", "reverse_proxy"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := walk{server: &caddyhttp.Server{Routes: c.routes}}
			err := w.all()
			switch {
			case c.where == "":
				if err != nil {
					t.Error(err)
				}
			case err == nil:
				t.Error("nothing is wrong with it")
			case !strings.HasPrefix(err.Error(), c.where+": ") || !strings.Contains(err.Error(), c.problem):
				t.Errorf("error is %v, want one at %s about %s", err, c.where, c.problem)
			}
		})
	}
}

// A proxy that names where requests go by itself may forward to any product, and what
// comes past a gate with nothing behind it may be forwarded unjudged.
func TestWhatStandsBehindAGateIsToldToItAndToTheLog(t *testing.T) {
	const (
		anyProduct = "any product"
		nothing    = "a server has a gate, but no"
	)
	for _, c := range []struct {
		name   string
		behind caddyhttp.MiddlewareHandler
		said   string // what the log says, empty if nothing
	}{
		{"a forwarder", forwarder{}, ""},
		{"a forwarder that names the server", forwarder{serverName: "carrier.example"}, anyProduct},
		{"a proxy to where the gate says", proxyTo(placeholder.Upstream), ""},
		{"a proxy that names its upstream", proxyTo("127.0.0.1:8081"), anyProduct},
		{"a handler that looks at requests", new(headers.Handler), nothing},
	} {
		t.Run(c.name, func(t *testing.T) {
			gate := newCheckpoint()
			w := walk{server: &caddyhttp.Server{Routes: caddyhttp.RouteList{route(gate, c.behind)}}}
			if err := w.all(); err != nil {
				t.Fatal(err)
			}
			core, said := observer.New(zap.InfoLevel)
			w.apply(zap.New(core))
			switch {
			case gate.judge.AnyProduct != (c.said == anyProduct):
				t.Errorf("judged as any product: %v", gate.judge.AnyProduct)
			case c.said == "" && said.Len() == 0:
			case c.said == "" || said.Len() != 1 || !strings.Contains(said.All()[0].Message, c.said):
				t.Errorf("the log says %v, want %q", said.All(), c.said)
			}
		})
	}
}

// An unknown handler may change anything, unless the configuration vouches for it.
func TestAnUnknownHandlerIsVouchedForOrNotPassed(t *testing.T) {
	unknown := func() caddyhttp.RouteList {
		return caddyhttp.RouteList{route(newCheckpoint(), mystery{}, proxyTo(placeholder.Upstream))}
	}
	w := walk{server: &caddyhttp.Server{Routes: unknown()}}
	if err := w.all(); err == nil || !strings.Contains(err.Error(), "http.handlers.mystery") {
		t.Errorf("error is %v", err)
	}
	w = walk{server: &caddyhttp.Server{Routes: unknown()}, trusted: []string{"http.handlers.mystery"}}
	if err := w.all(); err != nil || !w.vouched["http.handlers.mystery"] {
		t.Errorf("error is %v, vouched for %v", err, w.vouched)
	}
}

// A named route that invokes itself would be followed without an end.
func TestANamedRouteThatInvokesItselfIsAMistake(t *testing.T) {
	again := route(newCheckpoint(), &caddyhttp.Invoke{Name: "a"})
	w := walk{server: &caddyhttp.Server{
		Routes:      caddyhttp.RouteList{route(&caddyhttp.Invoke{Name: "a"})},
		NamedRoutes: map[string]*caddyhttp.Route{"a": &again},
	}}
	if err := w.all(); err == nil || !strings.Contains(err.Error(), "invokes itself") {
		t.Errorf("error is %v", err)
	}
}

type mystery struct{}

func (mystery) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "http.handlers.mystery", New: func() caddy.Module { return new(mystery) }}
}

func (mystery) ServeHTTP(w http.ResponseWriter, r *http.Request, next caddyhttp.Handler) error {
	return next.ServeHTTP(w, r)
}
