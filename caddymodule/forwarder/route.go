package forwarder

import (
	"errors"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/headers"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/reverseproxy"

	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
	"github.com/caddy-tollgate/tollgate/caddymodule/transport"
)

// route is a way to carriers: a transport, and Caddy's proxy over it.
type route struct {
	*transport.Transport
	reverse *reverseproxy.Handler
	// replaced says that another configuration is in force.
	replaced atomic.Bool
}

// newRoute makes a way to carriers with its own connections.
func newRoute(ctx caddy.Context, settings reverseproxy.HTTPTransport) (*route, error) {
	if settings.Compression == nil {
		settings.Compression = new(bool) // what the client did not ask for
	}
	t := &transport.Transport{HTTPTransport: settings}
	if err := t.Provision(ctx); err != nil {
		return nil, err
	}
	ops := &headers.HeaderOps{Delete: []string{"X-Forwarded-*", "Forwarded", "Via"}}
	if t.TLS != nil {
		ops.Set = http.Header{"Host": {"{http.reverse_proxy.upstream.host}"}}
	}
	reverse := &reverseproxy.Handler{
		Upstreams: reverseproxy.UpstreamPool{{Dial: placeholder.Upstream}},
		Transport: t,
		Headers:   &headers.Handler{Request: ops},
	}
	if err := reverse.Provision(ctx); err != nil {
		return nil, errors.Join(err, t.Cleanup())
	}
	return &route{Transport: t, reverse: reverse}, nil
}

func (r *route) cleanup() error {
	r.replaced.Store(true)
	return errors.Join(r.reverse.Cleanup(), r.Transport.Cleanup())
}

// proxy forwards a request by Caddy's proxy. One that ends late leaves no idle connection:
// it would hold a configuration that was replaced for as long as it is kept.
func (r *route) proxy(w http.ResponseWriter, req *http.Request, next caddyhttp.Handler) error {
	defer func() {
		if r.replaced.Load() {
			_ = r.Transport.Cleanup()
		}
	}()
	return r.reverse.ServeHTTP(&unsigned{caddyhttp.ResponseWriterWrapper{ResponseWriter: w}}, req, next)
}

// unsigned removes the line `Via` that Caddy's proxy adds to an answer. A refusal of the
// gate has none, and must not be told from the carrier's by that.
type unsigned struct {
	caddyhttp.ResponseWriterWrapper
}

// WriteHeader implements http.ResponseWriter.
func (u *unsigned) WriteHeader(status int) {
	header := u.Header()
	if via := header["Via"]; len(via) > 0 && strings.HasSuffix(via[0], " Caddy") {
		if header["Via"] = via[1:]; len(via) == 1 {
			delete(header, "Via")
		}
	}
	u.ResponseWriterWrapper.WriteHeader(status)
}
