package caddymodule

import (
	"errors"
	"fmt"
	"strings"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/reverseproxy"
)

// upstreamPlaceholder is what a proxy behind the gate forwards to.
const upstreamPlaceholder = "{" + placeholderPrefix + "upstream}"

// checkForwarders finds proxies behind the gate that would forward something
// other than what was judged. The placeholder cannot see what a proxy does to
// its own copy of the request, so such a configuration must not run.
func checkForwarders(ctx caddy.Context) error {
	app, err := ctx.AppIfConfigured("http")
	if errors.Is(err, caddy.ErrNotConfigured) {
		return nil
	}
	if err != nil {
		return err
	}
	for name, server := range app.(*caddyhttp.App).Servers {
		routes := []caddyhttp.RouteList{server.Routes}
		if server.Errors != nil {
			routes = append(routes, server.Errors.Routes)
		}
		for _, named := range server.NamedRoutes {
			routes = append(routes, caddyhttp.RouteList{*named})
		}
		for _, list := range routes {
			if err := checkRoutes(list); err != nil {
				return fmt.Errorf("server %s: %w", name, err)
			}
		}
	}
	return nil
}

func checkRoutes(routes caddyhttp.RouteList) error {
	for _, route := range routes {
		for _, handler := range route.Handlers {
			var err error
			switch h := handler.(type) {
			case *caddyhttp.Subroute:
				err = checkRoutes(h.Routes)
				if err == nil && h.Errors != nil {
					err = checkRoutes(h.Errors.Routes)
				}
			case *reverseproxy.Handler:
				err = checkForwarder(h)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func checkForwarder(h *reverseproxy.Handler) error {
	behindGate := false
	for _, u := range h.Upstreams {
		behindGate = behindGate || strings.Contains(u.Dial, upstreamPlaceholder)
	}
	switch {
	case !behindGate:
		return nil
	case h.Rewrite != nil:
		return fmt.Errorf("reverse_proxy to %s must not have method or rewrite: what was judged would not be what is forwarded", upstreamPlaceholder)
	case h.LoadBalancing != nil && len(h.LoadBalancing.RetryMatch) > 0:
		return fmt.Errorf("reverse_proxy to %s must not have lb_retry_match: a message could be sent twice", upstreamPlaceholder)
	}
	return nil
}
