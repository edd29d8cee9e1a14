package directive

import (
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/caddyconfig/httpcaddyfile"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
)

// handler is a handler module that a directive sets up.
type handler[T any] interface {
	*T
	caddyfile.Unmarshaler
	caddyhttp.MiddlewareHandler
}

// Handler parses a directive that sets up a handler of type T. It is what
// httpcaddyfile.RegisterHandlerDirective needs.
func Handler[T any, P handler[T]](h httpcaddyfile.Helper) (caddyhttp.MiddlewareHandler, error) {
	parsed := P(new(T))
	return parsed, parsed.UnmarshalCaddyfile(h.Dispenser)
}
