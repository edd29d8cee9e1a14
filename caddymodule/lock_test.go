package caddymodule_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/httpcaddyfile"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/internal/keys"
)

func init() {
	caddy.RegisterModule(drain{})
	httpcaddyfile.RegisterHandlerDirective("drain", func(h httpcaddyfile.Helper) (caddyhttp.MiddlewareHandler, error) {
		h.Next()
		return drain{All: !h.NextArg()}, nil
	})
	httpcaddyfile.RegisterDirectiveOrder("drain", httpcaddyfile.Before, "reverse_proxy")
	caddy.RegisterModule(swap{})
	caddy.RegisterModule(change{})
	httpcaddyfile.RegisterHandlerDirective("change", func(h httpcaddyfile.Helper) (caddyhttp.MiddlewareHandler, error) {
		h.Next()
		return change{What: h.RemainingArgs()[0]}, nil
	})
	httpcaddyfile.RegisterDirectiveOrder("change", httpcaddyfile.Before, "reverse_proxy")
	httpcaddyfile.RegisterHandlerDirective("swap", func(h httpcaddyfile.Helper) (caddyhttp.MiddlewareHandler, error) {
		h.Next()
		return swap{SameLength: h.NextArg()}, nil
	})
	httpcaddyfile.RegisterDirectiveOrder("swap", httpcaddyfile.Before, "reverse_proxy")
}

// drain is a handler that reads a request's body, or only its first byte, and
// does not put it back.
type drain struct {
	All bool `json:"all,omitempty"`
}

func (drain) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "http.handlers.test_drain", New: func() caddy.Module { return new(drain) }}
}

func (d drain) ServeHTTP(w http.ResponseWriter, r *http.Request, next caddyhttp.Handler) error {
	if d.All {
		_, _ = io.Copy(io.Discard, r.Body)
	} else {
		_, _ = io.ReadFull(r.Body, make([]byte, 1))
	}
	return next.ServeHTTP(w, r)
}

// swap is a handler that hands on a copy of the request, as many do to put
// something in its context, and changes the copy.
type swap struct {
	SameLength bool `json:"same_length,omitempty"`
}

func (swap) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "http.handlers.test_swap", New: func() caddy.Module { return new(swap) }}
}

func (s swap) ServeHTTP(w http.ResponseWriter, r *http.Request, next caddyhttp.Handler) error {
	body := "To=" + uz + messageRest
	if s.SameLength {
		body = "To=" + bb + messageRest
	}
	copied := r.WithContext(r.Context())
	copied.Method = http.MethodPost
	copied.Body = io.NopCloser(strings.NewReader(body))
	copied.ContentLength = int64(len(body))
	return next.ServeHTTP(w, copied)
}

// A Caddyfile that forwards to the placeholder cannot forward what the gate has
// not seen, however it is put together: what is wrong does not start, or ends
// in 502 (or the error it began with) and never in a send.
func TestTheLockForwardsNothingThatWasNotJudged(t *testing.T) { everyWay(t, testTheLock) }

func testTheLock(t *testing.T) {
	const (
		gate  = "tollgate twilio {\n upstream UPSTREAM\n}\n"
		proxy = "reverse_proxy {http.tollgate.upstream} {\n header_up -X-Forwarded-*\n header_up -Via\n transport http {\n  compression off\n }\n}\n"
		// authorize is a proxy that asks another server, which says yes.
		authorize = "forward_auth AUTHORITY {\n uri /auth\n}\n"
	)
	denied := message(uz)
	allowed := message(us)
	inChunks := chunked(messages(acme), "To="+us+messageRest, 5, nil)
	// A read is not judged; as a POST it would be a message.
	list := reading(messages(acme) + "?To=" + uz + messageRest)
	// The name of the destination shows once the first byte is gone.
	hidden := chunked(messages(acme), "xTo="+uz+messageRest, 5, nil)
	deniedURI := messages(acme) + "?To=" + uz + messageRest
	body := "request_body {\n set \"To=" + uz + messageRest + "\"\n}\n"

	for _, c := range []struct {
		name    string
		site    string // what stands in the site
		request string
		arrives bool
	}{
		// What passes.
		{"a gate before a proxy", "route {\n" + gate + proxy + "}", allowed, true},
		{"a gate before a proxy, in chunks", "route {\n" + gate + proxy + "}", inChunks, true},
		{"a gate and a proxy in no order", proxy + gate, allowed, true},
		{"a gate in a handle", "handle {\n" + gate + proxy + "}", allowed, true},
		{"a gate around a handle", "route {\n" + gate + "handle {\n" + proxy + "}\n}", allowed, true},
		{"a gate before a matched proxy", "@post method POST\nroute {\n" + gate + "reverse_proxy @post {http.tollgate.upstream} {\n header_up -X-Forwarded-*\n header_up -Via\n transport http {\n  compression off\n }\n}\n}", allowed, true},
		{"a body looked at before the gate", "route {\nvars seen {http.request.body}\n" + gate + proxy + "}", allowed, true},
		{"a limit of the body before the gate", "route {\nrequest_body {\n max_size 1MB\n}\n" + gate + proxy + "}", allowed, true},
		{"an answer that is compressed between", "route {\n" + gate + "encode gzip\n" + proxy + "}", allowed, true},
		{"an authorization service that is asked between", "route {\n" + gate + authorize + proxy + "}", allowed, true},
		{"what a gate denies", "route {\n" + gate + proxy + "}", denied, false},

		// The gate is not on the way.
		{"no gate", "route {\n" + proxy + "}", denied, false},
		{"no gate, and a request that would pass", "route {\n" + proxy + "}", allowed, false},
		{"no gate, and a read", "route {\n" + proxy + "}", list, false},
		{"a gate for other paths", "route {\ntollgate /2010-04-01/Accounts/*/Calls* twilio {\n upstream UPSTREAM\n}\n" + proxy + "}", denied, false},
		{"a gate for the path in another letter case", "route {\ntollgate /2010-04-01/Accounts/*/Messages.json twilio {\n upstream UPSTREAM\n}\n" + proxy + "}", post(account("/Messages/"), "To="+uz+messageRest), false},
		{"a gate for other methods", "@put method PUT\nroute {\ntollgate @put twilio {\n upstream UPSTREAM\n}\n" + proxy + "}", denied, false},
		{"a gate for other hosts", "@host host gate.example\nroute {\ntollgate @host twilio {\n upstream UPSTREAM\n}\n" + proxy + "}", denied, false},
		{"a gate in a sibling", "handle /other* {\n" + gate + proxy + "}\nhandle {\n" + proxy + "}", denied, false},
		{"a gate in a sibling that matches later", "handle {\n" + proxy + "}\nhandle /2010-04-01/* {\n" + gate + "}", denied, false},
		{"a gate behind the proxy", "route {\n" + proxy + gate + "}", denied, false},
		{"a gate behind an answer", "route {\n handle_path /2010-04-01/* {\n" + proxy + "}\n" + gate + "}", denied, false},

		// Another request behind the gate than before it.
		{"a rewrite between", "route {\n" + gate + "rewrite * " + deniedURI + "\n" + proxy + "}", allowed, false},
		{"a rewrite to the same between", "route {\n" + gate + "rewrite * {uri}\n" + proxy + "}", allowed, false},
		{"a query added between", "route {\n" + gate + "uri query +To " + inUZ + "\n" + proxy + "}", allowed, false},
		{"a query renamed between", "route {\n" + gate + "uri query x>To\n" + proxy + "}", post(messages(acme)+"?x="+uz, "From=%2B12015550199&Body=Hello"), false},
		{"a prefix stripped between", "route {\n" + gate + "uri strip_prefix /verify\n" + proxy + "}", post("/verify"+messages(acme), "To="+us+messageRest), false},
		{"a path replaced between", "route {\n" + gate + "uri replace /Keys /Calls\n" + proxy + "}", post(account("/Keys.json"), "To="+us+messageRest), false},
		{"a handle_path between", "route {\n" + gate + "handle_path /x/* {\n" + proxy + "}\n}", post("/x"+messages(acme), "To="+us+messageRest), false},
		{"another method between", "route {\n" + gate + "method POST\n" + proxy + "}", list, false},
		{"another host between", "route {\n" + gate + "request_header Host verify.twilio.com\n" + proxy + "}", allowed, false},
		{"another type between", "route {\n" + gate + "request_header Content-Type application/json\n" + proxy + "}", allowed, false},
		{"another body between", "route {\n" + gate + body + proxy + "}", allowed, false},
		{"another body between, in chunks", "route {\n" + gate + body + proxy + "}", inChunks, false},
		{"a body for a request that had none", "route {\n" + gate + "method POST\n" + body + proxy + "}", reading(messages(acme)), false},
		{"a limit of the body between", "route {\n" + gate + "request_body {\n max_size 1MB\n}\n" + proxy + "}", allowed, false},
		{"a body looked at between", "route {\n" + gate + "vars seen {http.request.body}\n" + proxy + "}", allowed, false},
		{"a body read between", "route {\n" + gate + "drain\n" + proxy + "}", allowed, false},
		{"a body read between, in chunks", "route {\n" + gate + "drain\n" + proxy + "}", inChunks, false},
		{"a body whose beginning is read between", "route {\n" + gate + "drain first\n" + proxy + "}", hidden, false},

		// A copy of the request behind the gate, changed.
		{"a proxy that rewrites", "route {\n" + gate + "reverse_proxy {http.tollgate.upstream} {\n rewrite " + deniedURI + "\n}\n}", allowed, false},
		{"a proxy with another method", "route {\n" + gate + "reverse_proxy {http.tollgate.upstream} {\n method POST\n}\n}", list, false},
		{"a proxy with another method within a proxy's answer", "route {\n" + gate + "reverse_proxy AUTHORITY {\n method GET\n rewrite /auth\n handle_response {\n reverse_proxy {http.tollgate.upstream} {\n  method POST\n }\n }\n}\n}", list, false},
		{"another method behind a copy", "route {\n" + gate + authorize + "method POST\n" + proxy + "}", list, false},
		{"another body behind a copy", "route {\n" + gate + authorize + body + proxy + "}", allowed, false},
		{"a gate behind a copy that was changed", "route {\nswap\n" + gate + proxy + "}", allowed, false},

		// Errors.
		{"a proxy for errors, without a gate", "route {\nerror 500\n}\nhandle_errors {\n" + proxy + "}", denied, false},
		{"a proxy for errors, behind a gate that was not reached", "route {\nerror 500\n" + gate + "}\nhandle_errors {\n" + proxy + "}", denied, false},
		{"a proxy for errors, behind a gate that denied", "route {\n" + gate + "error 500\n}\nhandle_errors {\n" + proxy + "}", denied, false},
		{"a proxy for errors, with another method", "route {\n" + gate + "error 500\n}\nhandle_errors {\nmethod POST\n" + proxy + "}", list, false},
		{"a proxy for errors, with another body", "route {\n" + gate + "error 500\n}\nhandle_errors {\n" + body + proxy + "}", allowed, false},
		{"a proxy for errors, with a rewrite", "route {\n" + gate + "error 500\n}\nhandle_errors {\nrewrite * " + deniedURI + "\n" + proxy + "}", allowed, false},
		{"a proxy for errors, behind a rewrite that is undone", "route {\nrewrite * /v1/Whatever\n" + gate + "error 500\n}\nhandle_errors {\n" + proxy + "}", denied, false},
		{"a gate and a proxy for errors", "route {\nerror 500\n}\nhandle_errors {\nroute {\n" + gate + proxy + "}\n}", denied, false},
		{"a gate and a proxy for errors, and a request that may pass", "route {\nerror 500\n}\nhandle_errors {\nroute {\n" + gate + proxy + "}\n}", allowed, true},

		// Two gates.
		{"two gates, which is one too many", "route {\n" + gate + gate + proxy + "}", allowed, false},
		{"two gates, and what they deny", "route {\n" + gate + gate + proxy + "}", denied, false},
		{"two gates with a rewrite between", "route {\n" + gate + "rewrite * " + deniedURI + "\n" + gate + proxy + "}", allowed, false},
		{"what a gate said kept for later", "route {\n" + gate + "vars later {http.tollgate.upstream}\nrewrite * " + deniedURI + "\nreverse_proxy {vars.later}\n}", allowed, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &caddyServer{gate: harness.FreeAddress(t), upstream: startRecorder(t)}
			authority := startRecorder(t)
			site := strings.NewReplacer("UPSTREAM", s.upstream.address, "AUTHORITY", authority.address).Replace(strings.ReplaceAll(c.site, proxy, inUse.in(proxy)))
			caddyfile := "{\n admin off\n auto_https off\n persist_config off\n grace_period 1s\n log {\n  output discard\n }\n tollgate {\n" +
				acmePolicy + "\n }\n}\nhttp://" + strings.Replace(s.gate, "127.0.0.1", "", 1) + " {\n" + site + "\n}\n"
			text, err := adapt(caddyfile)
			if err != nil {
				t.Fatalf("adapting: %v\n%s", err, caddyfile)
			}
			t.Cleanup(func() { _ = caddy.Stop() })
			if err := caddy.Load(text, true); err != nil {
				if c.arrives || !strings.Contains(err.Error(), "tollgate app module: start: ") {
					t.Fatalf("does not start: %v", err)
				}
				return
			}
			a := s.send(t, c.request)
			arrived := s.upstream.take()
			switch {
			case !c.arrives && len(arrived) > 0:
				t.Fatalf("arrived:\n%s", arrived[0])
			case !c.arrives && a.code == 0 && a.status != http.StatusBadGateway && !strings.Contains(site, "error 500"):
				// A proxy for errors that fails leaves the error as it was.
				t.Errorf("answered %d, want 502 or a refusal: %s", a.status, a.body)
			case c.arrives && len(arrived) != 1:
				t.Fatalf("arrived %d times; answered %d: %s", len(arrived), a.status, a.body)
			case c.arrives && compare(c.request, arrived[0]) != "":
				t.Errorf("arrived with another %s", compare(c.request, arrived[0]))
			}
		})
	}
}

// change is a handler that changes the request itself, in one way.
type change struct {
	What string `json:"what"`
}

func (change) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "http.handlers.test_change", New: func() caddy.Module { return new(change) }}
}

func (c change) ServeHTTP(w http.ResponseWriter, r *http.Request, next caddyhttp.Handler) error {
	if do, ok := changesOfARequest[c.What]; ok {
		do(r)
	}
	return next.ServeHTTP(w, r)
}

// changesOfARequest are the changes that the lock must see.
var changesOfARequest = map[string]func(*http.Request){
	"method":  func(r *http.Request) { r.Method = http.MethodPut },
	"path":    func(r *http.Request) { r.URL.Path = account("/Calls.json") },
	"query":   func(r *http.Request) { r.URL.RawQuery = "To=" + uz },
	"host":    func(r *http.Request) { r.Host = "verify.twilio.com" },
	"payer":   func(r *http.Request) { r.Header.Set("Authorization", basic(unnamed+":secret")) },
	"type":    func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") },
	"coding":  func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip") },
	"length":  func(r *http.Request) { r.ContentLength = -1 },
	"body":    func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader("To=" + uz + messageRest)) },
	"reading": func(r *http.Request) { _, _ = io.ReadFull(r.Body, make([]byte, 1)) },
	"nothing": func(*http.Request) {},
}

// Whatever an operator vouches for, the lock holds: a request that was changed after
// it was judged is not forwarded.
func TestTheLockHoldsBehindATrustedModule(t *testing.T) { everyWay(t, testTrusted) }

func testTrusted(t *testing.T) {
	const trusted = "\n\t\ttrusted_modules http.handlers.test_change http.handlers.test_swap"
	for what := range changesOfARequest {
		t.Run(what, func(t *testing.T) {
			s := &caddyServer{gate: harness.FreeAddress(t), upstream: startRecorder(t), log: t.TempDir() + "/access.log"}
			loadCaddyfile(t, behind(exactCaddyfile(s.gate, s.upstream.address, s.log, acmePolicy+trusted, ""), "change "+what))
			a := s.send(t, message(us))
			if arrived := len(s.upstream.take()); (arrived > 0) != (what == "nothing") {
				t.Errorf("arrived %d times, answered %d", arrived, a.status)
			}

			b := newBrokerServer(t)
			key, _ := b.create(t, keys.Key{})
			loadCaddyfile(t, behind(exactCaddyfile(b.gate, b.upstream.address, b.log, acmePolicy+b.brokerBlock()+trusted, "broker"), "change "+what))
			a = b.send(t, sent(key, message(us)))
			if arrived := len(b.upstream.take()); (arrived > 0) != (what == "nothing") {
				t.Errorf("with a broker, arrived %d times, answered %d", arrived, a.status)
			}
		})
	}
}

// A handler of another module, between the gate and the proxy, that changes a copy of
// the request and hands the copy on is seen by the transport of a broker alone: Caddy
// gives a placeholder no way to the copy. So no such module may stand there unless
// the operator vouches for it.
func TestACopyThatWasChangedIsSeenByABrokersTransportAlone(t *testing.T) {
	byProxy(t)
	const trusted = "\n\t\ttrusted_modules http.handlers.test_swap"
	s := &caddyServer{gate: harness.FreeAddress(t), upstream: startRecorder(t), log: t.TempDir() + "/access.log"}
	caddyfile := strings.Replace(exactCaddyfile(s.gate, s.upstream.address, s.log, acmePolicy+trusted, ""), "\t\treverse_proxy", "\t\tswap\n\t\treverse_proxy", 1)
	loadCaddyfile(t, caddyfile)
	s.send(t, message(us))
	if len(s.upstream.take()) != 1 {
		t.Error("the changed copy did not arrive: the documentation says that it would")
	}
	text, err := adapt(strings.Replace(caddyfile, trusted, "", 1))
	if err != nil {
		t.Fatal(err)
	}
	if err := caddy.Load(text, true); err == nil || !strings.Contains(err.Error(), "http.handlers.test_swap must not stand between a gate and what forwards") {
		t.Errorf("a module that the configuration does not vouch for: %v", err)
	}

	b := newBrokerServer(t)
	key, _ := b.create(t, keys.Key{})
	loadCaddyfile(t, strings.Replace(exactCaddyfile(b.gate, b.upstream.address, b.log, acmePolicy+b.brokerBlock()+trusted, "broker"),
		"\t\treverse_proxy", "\t\tswap\n\t\treverse_proxy", 1))
	if a := b.send(t, sent(key, message(us))); a.status != http.StatusBadGateway {
		t.Errorf("answered %d", a.status)
	}
	if arrived := b.upstream.take(); len(arrived) > 0 {
		t.Errorf("arrived %q", arrived)
	}

	// Where the copy differs in nothing but what the body says, the one that was judged
	// is written. On a port of its own: the server before may still be closing its.
	b.gate = harness.FreeAddress(t)
	loadCaddyfile(t, strings.Replace(exactCaddyfile(b.gate, b.upstream.address, b.log, acmePolicy+b.brokerBlock()+trusted, "broker"),
		"\t\treverse_proxy", "\t\tswap same_length\n\t\treverse_proxy", 1))
	b.mustSwap(t, key, message(us))
}

// The handler that forwards sees such a copy, and never forwards another body.
func TestTollgateForwardSeesACopyThatWasChanged(t *testing.T) {
	for _, c := range []struct {
		name, swap string
		arrives    bool
	}{
		{"a copy with another body and length does not arrive", "swap", false},
		{"of a copy with another body as long, what was judged arrives", "swap same_length", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &caddyServer{gate: harness.FreeAddress(t), upstream: startRecorder(t), log: t.TempDir() + "/access.log"}
			loadCaddyfile(t, behind(exactCaddyfile(s.gate, s.upstream.address, s.log, acmePolicy+"\n\t\ttrusted_modules http.handlers.test_swap", ""), c.swap))
			a := s.send(t, message(us))
			arrived := s.upstream.take()
			switch {
			case !c.arrives && (len(arrived) > 0 || a.status != http.StatusBadGateway):
				t.Errorf("arrived %q, answered %d", arrived, a.status)
			case c.arrives && (len(arrived) != 1 || compare(message(us), arrived[0]) != ""):
				t.Errorf("arrived %q, answered %d", arrived, a.status)
			}
		})
	}
}

// bb is a number in Barbados, enabled nowhere, that is as long as us.
const bb = "%2B12462345678"
