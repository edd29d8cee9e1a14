package caddymodule_test

import (
	"net/http"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/caddyconfig/httpcaddyfile"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
)

func init() {
	caddy.RegisterModule(passing{})
	httpcaddyfile.RegisterHandlerDirective("rate_limit", func(httpcaddyfile.Helper) (caddyhttp.MiddlewareHandler, error) { return passing{}, nil })
	httpcaddyfile.RegisterDirectiveOrder("rate_limit", httpcaddyfile.Before, "basic_auth")
	caddy.RegisterModule(far{})
}

// passing is a handler of another module that passes requests on, as a rate limit does.
type passing struct{}

func (passing) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "http.handlers.test_passing", New: func() caddy.Module { return new(passing) }}
}

func (passing) ServeHTTP(w http.ResponseWriter, r *http.Request, next caddyhttp.Handler) error {
	return next.ServeHTTP(w, r)
}

// far is a matcher of another module.
type far struct{}

func (far) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "http.matchers.test_far", New: func() caddy.Module { return new(far) }}
}

func (*far) UnmarshalCaddyfile(d *caddyfile.Dispenser) error { d.Next(); return nil }

func (far) MatchWithError(*http.Request) (bool, error) { return false, nil }
