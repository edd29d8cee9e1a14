package forwarder

import (
	"errors"
	"net/http"
	"os"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/reverseproxy"
	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/caddymodule/transport"
	"github.com/caddy-tollgate/tollgate/internal/forward"
)

func init() {
	caddy.RegisterModule(Forwarder{})
}

// Forwarder forwards what a `tollgate` handler before it let pass to where the gate says:
// to the carrier by TLS, or to the gate's `upstream`. It forwards nothing else.
//
// What is written is the very request that was judged, with the body that was judged, and
// without `X-Forwarded-*`, `Forwarded` and `Via`. Behind a gate with `broker`, it has the
// carrier's credential, which no handler, placeholder or log is given.
//
// A request that was held to be judged is written once and never again, on a connection
// that was open just before. Its answer is passed on as it comes. Uploads, and what the
// settings of the transport ask for beyond that, are left to Caddy's `reverse_proxy`.
//
// Where the carrier does not answer, the gate answers 502 or 504 in the carrier's own
// error body.
type Forwarder struct {
	// How to connect to the carrier: the settings of the transport `http` of Caddy's
	// `reverse_proxy`. By default, requests go over TLS to the carrier and in the clear to
	// a gate's own `upstream`, by HTTP/1.1; with `tls` stated, over TLS to both.
	Transport reverseproxy.HTTPTransport `json:"transport,omitzero"`

	// carrier has the connections to the carrier's own hosts, and stated those to what an
	// operator states.
	carrier, stated *route
	logger          *zap.Logger
}

// CaddyModule returns the Caddy module information.
func (Forwarder) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{
		ID:  "http.handlers.tollgate_forward",
		New: func() caddy.Module { return new(Forwarder) },
	}
}

// Provision sets up the forwarder.
func (f *Forwarder) Provision(ctx caddy.Context) (err error) {
	f.logger = ctx.Logger()
	if f.stated, err = newRoute(ctx, f.Transport); err != nil {
		return err
	}
	f.carrier = f.stated
	if f.Transport.TLS == nil {
		secure := f.Transport
		secure.TLS = new(reverseproxy.TLSConfig)
		f.carrier, err = newRoute(ctx, secure)
	}
	return err
}

// Cleanup closes the connections that are idle.
func (f *Forwarder) Cleanup() error {
	err := f.stated.cleanup()
	if f.carrier != f.stated {
		err = errors.Join(err, f.carrier.cleanup())
	}
	return err
}

// ServeHTTP forwards a request that a gate let pass.
func (f *Forwarder) ServeHTTP(w http.ResponseWriter, r *http.Request, next caddyhttp.Handler) error {
	passed := transport.Take(r)
	if passed == nil {
		return caddyhttp.Error(http.StatusBadGateway, errNotPassed)
	}
	route := f.carrier
	if passed.Fixed {
		route = f.stated
	}
	began := time.Now()
	defer func() {
		passed.Took = time.Since(began)
		telemetry.CountForwarded(passed.Status, passed.Took)
	}()
	if passed.Decision.MayForward(r) {
		if done, err := route.Forward(w, r, passed); done {
			return f.finish(w, err)
		}
	}
	// Its upstream is empty if the request is not what was judged.
	return route.proxy(w, r, passed, next)
}

// errNotPassed is a request that comes to no gate, or comes from one a second time.
var errNotPassed = errors.New("no gate has let this request pass, or it was forwarded already: nothing is forwarded")

// finish ends a request that was forwarded, or could not be.
func (f *Forwarder) finish(w http.ResponseWriter, err error) error {
	if err == nil {
		return nil
	}
	failure := new(forward.Error)
	if !errors.As(err, &failure) {
		return caddyhttp.Error(http.StatusBadGateway, err)
	}
	if failure.Begun() {
		f.logger.Warn("aborting with an incomplete answer of the carrier", zap.Error(err))
		_ = http.NewResponseController(w).Flush() // so that the client sees what there is
		panic(http.ErrAbortHandler)
	}
	return classify(failure)
}

// classify is an error as Caddy's proxy returns it.
func classify(failure *forward.Error) error {
	switch {
	case failure.Step == forward.StepClient:
		return caddyhttp.Error(statusClientGone, failure)
	case errors.Is(failure, os.ErrDeadlineExceeded) && failure.Step != forward.StepDial:
		return caddyhttp.Error(http.StatusGatewayTimeout, failure)
	case failure.Step == forward.StepDial:
		return caddyhttp.Error(http.StatusBadGateway, reverseproxy.NewDialError(failure))
	}
	return caddyhttp.Error(http.StatusBadGateway, failure)
}

// statusClientGone is what Caddy's proxy writes into its log for a client that did not
// wait for the answer.
const statusClientGone = 499

// IsConfidential implements routecheck.Forwarder.
func (f *Forwarder) IsConfidential() bool { return f.carrier.IsConfidential() }

// ServerName implements routecheck.Forwarder.
func (f *Forwarder) ServerName() string {
	if f.Transport.TLS == nil {
		return ""
	}
	return f.Transport.TLS.ServerName
}

// Interface guards
var (
	_ caddy.Provisioner           = (*Forwarder)(nil)
	_ caddy.CleanerUpper          = (*Forwarder)(nil)
	_ caddyhttp.MiddlewareHandler = (*Forwarder)(nil)
)
