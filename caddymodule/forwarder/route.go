package forwarder

import (
	"errors"
	"net/http"
	"strings"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/reverseproxy"

	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
	"github.com/caddy-tollgate/tollgate/caddymodule/transport"
)

// route is a way to carriers: a transport, and Caddy's proxy over it.
type route struct {
	*transport.Transport
	reverse *reverseproxy.Handler
}

// newRoute makes a way to carriers with its own connections.
func newRoute(ctx caddy.Context, settings reverseproxy.HTTPTransport) (*route, error) {
	t := &transport.Transport{HTTPTransport: settings}
	if err := t.Provision(ctx); err != nil {
		return nil, err
	}
	reverse := &reverseproxy.Handler{
		Upstreams: reverseproxy.UpstreamPool{{Dial: placeholder.Upstream}},
		Transport: t,
	}
	if err := reverse.Provision(ctx); err != nil {
		return nil, errors.Join(err, t.Cleanup())
	}
	return &route{Transport: t, reverse: reverse}, nil
}

func (r *route) cleanup() error {
	if r == nil { // it could not be set up
		return nil
	}
	return errors.Join(r.reverse.Cleanup(), r.Transport.Cleanup())
}

// proxy forwards a request by Caddy's proxy.
func (r *route) proxy(w http.ResponseWriter, req *http.Request, passed *transport.Passed, next caddyhttp.Handler) error {
	return r.reverse.ServeHTTP(&unsigned{caddyhttp.ResponseWriterWrapper{ResponseWriter: w}, passed}, req, next)
}

// unsigned removes the line `Via` that Caddy's proxy adds to an answer. A refusal of the
// gate has none, and must not be told from the carrier's by that.
type unsigned struct {
	caddyhttp.ResponseWriterWrapper
	passed *transport.Passed
}

// WriteHeader implements http.ResponseWriter.
func (u *unsigned) WriteHeader(status int) {
	header := u.Header()
	if via := header["Via"]; len(via) > 0 && strings.HasSuffix(via[0], " Caddy") {
		if header["Via"] = via[1:]; len(via) == 1 {
			delete(header, "Via")
		}
	}
	u.passed.Status = status
	u.ResponseWriterWrapper.WriteHeader(status)
}
