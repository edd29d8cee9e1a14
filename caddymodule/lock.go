package caddymodule

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/headers"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/intercept"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/requestbody"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/reverseproxy"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/rewrite"
	"go.uber.org/zap"
)

// upstreamPlaceholder is what a proxy behind the gate forwards to.
const upstreamPlaceholder = "{" + placeholderPrefix + "upstream}"

// checkServers finds servers in which something other than what was judged
// could be forwarded. The placeholder sees the request as the gate handed it
// on, and neither what a proxy makes of its own copy nor what becomes of a copy
// on the way, so such a configuration must not run.
func checkServers(ctx caddy.Context) error {
	app, err := ctx.AppIfConfigured("http")
	if errors.Is(err, caddy.ErrNotConfigured) {
		return nil
	}
	if err != nil {
		return err
	}
	for name, server := range app.(*caddyhttp.App).Servers {
		var found forwarding
		found.routes(server.Routes)
		found.errorRoutes(server.Errors)
		for _, named := range server.NamedRoutes {
			found.routes(caddyhttp.RouteList{*named})
		}
		if err := found.check(); err != nil {
			return fmt.Errorf("server %s: %w", name, err)
		}
		if found.brokered && server.Logs != nil && server.Logs.ShouldLogCredentials {
			return fmt.Errorf("server %s: log_credentials must not stand on a server with a broker: the proxy would log the carrier's", name)
		}
		if found.gated && len(found.proxies) == 0 {
			ctx.Logger().Warn("a server has a gate, but no reverse_proxy forwards to where the gate says: what it forwards may not have been judged",
				zap.String("server", name), zap.String("forward_to", upstreamPlaceholder))
		}
	}
	return nil
}

// forwarding is what a server has that forwards, or changes what is forwarded.
type forwarding struct {
	// gated tells whether there is a gate at all.
	gated bool
	// brokered tells whether there is one that puts the carrier's credential in.
	brokered bool
	// astray tells whether there is a proxy that forwards anywhere else.
	astray bool
	// proxies that forward to where the gate says.
	proxies []*reverseproxy.Handler
	// changes names the handlers that put another method or body in place.
	changes []string
	// disclosure counts where there is a broker.
	disclosure disclosure
}

func (f *forwarding) routes(routes caddyhttp.RouteList) {
	for _, route := range routes {
		for _, handler := range route.Handlers {
			f.handler(handler)
		}
	}
}

func (f *forwarding) errorRoutes(errors *caddyhttp.HTTPErrorConfig) {
	if errors != nil {
		f.routes(errors.Routes)
	}
}

func (f *forwarding) handler(handler caddyhttp.MiddlewareHandler) {
	f.disclosure.handler(handler)
	switch h := handler.(type) {
	case *caddyhttp.Subroute:
		f.routes(h.Routes)
		f.errorRoutes(h.Errors)
	case *Handler:
		f.gated = true
		f.brokered = f.brokered || h.Broker
	case *intercept.Intercept:
		for _, response := range h.HandleResponse {
			f.routes(response.Routes)
		}
	case *reverseproxy.Handler:
		for _, response := range h.HandleResponse {
			f.routes(response.Routes)
		}
		if slices.ContainsFunc(h.Upstreams, func(u *reverseproxy.Upstream) bool { return strings.Contains(u.Dial, upstreamPlaceholder) }) {
			f.proxies = append(f.proxies, h)
		}
		f.astray = f.astray || h.DynamicUpstreams != nil ||
			slices.ContainsFunc(h.Upstreams, func(u *reverseproxy.Upstream) bool { return u.Dial != upstreamPlaceholder })
	case *rewrite.Rewrite:
		if h.Method != "" {
			f.changes = append(f.changes, "method")
		}
	case *caddyhttp.VarsMiddleware:
		for _, value := range *h {
			if text, ok := value.(string); ok && strings.Contains(text, upstreamPlaceholder) {
				f.changes = append(f.changes, "vars with "+upstreamPlaceholder)
			}
		}
	case *requestbody.RequestBody:
		if h.Set != "" {
			f.changes = append(f.changes, "request_body set")
		}
	}
}

// judgedHeaders say how a body is to be read, or by which method. The credential
// is not among them: to put one in place is what some have a gate for.
var judgedHeaders = []string{"Content-Type", "Content-Encoding", "X-Http-Method-Override", "X-Http-Method", "X-Method-Override"}

// judgedHeaderChanged names a judged header that a proxy sets or drops.
func judgedHeaderChanged(h *reverseproxy.Handler) string {
	if h.Headers == nil || h.Headers.Request == nil {
		return ""
	}
	for _, name := range headerNames(h.Headers.Request) {
		if slices.Contains(judgedHeaders, http.CanonicalHeaderKey(name)) {
			return name
		}
	}
	return ""
}

// headerNames are the names of the headers that operations are on, as written.
func headerNames(ops *headers.HeaderOps) []string {
	names := append(slices.Clone(ops.Delete), slices.Collect(maps.Keys(ops.Set))...)
	names = append(names, slices.Collect(maps.Keys(ops.Add))...)
	return append(names, slices.Collect(maps.Keys(ops.Replace))...)
}

func (f *forwarding) check() error {
	for _, h := range f.proxies {
		if name := judgedHeaderChanged(h); name != "" {
			return fmt.Errorf("reverse_proxy to %s must not change the header %s: what was judged would not be what is forwarded", upstreamPlaceholder, name)
		}
		switch {
		case h.Rewrite != nil:
			return fmt.Errorf("reverse_proxy to %s must not have method or rewrite: what was judged would not be what is forwarded", upstreamPlaceholder)
		case h.LoadBalancing != nil && len(h.LoadBalancing.RetryMatch) > 0:
			return fmt.Errorf("reverse_proxy to %s must not have lb_retry_match: a message could be sent twice", upstreamPlaceholder)
		}
	}
	if f.brokered && f.astray {
		return fmt.Errorf("on a server with a broker, reverse_proxy must forward to %s alone: any other upstream could be sent the carrier's credential", upstreamPlaceholder)
	}
	if f.brokered {
		if err := f.disclosure.check(f.proxies); err != nil {
			return err
		}
	}
	if f.gated && len(f.changes) > 0 {
		return fmt.Errorf("%s must not stand on a server with a gate: what was judged at %s might not be what is forwarded", f.changes[0], upstreamPlaceholder)
	}
	return nil
}
