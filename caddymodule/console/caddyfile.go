package console

import (
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/caddyconfig/httpcaddyfile"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"github.com/caddy-tollgate/tollgate/console"
)

func init() {
	httpcaddyfile.RegisterHandlerDirective("tollgate_console", parse)
	// tollgate_api, which answers every path, is registered after this: it comes behind it.
	httpcaddyfile.RegisterDirectiveOrder("tollgate_console", httpcaddyfile.Before, "respond")
}

// parse parses the directive.
func parse(h httpcaddyfile.Helper) (caddyhttp.MiddlewareHandler, error) {
	handler := new(Console)
	return handler, handler.UnmarshalCaddyfile(h.Dispenser)
}

// UnmarshalCaddyfile parses:
//
//	tollgate_console [<path>]
//
// A path begins and ends with a slash.
func (h *Console) UnmarshalCaddyfile(d *caddyfile.Dispenser) error {
	d.Next() // consume directive name
	if d.NextArg() {
		h.Path = d.Val()
		if err := console.CheckPath(h.Path); err != nil {
			return d.WrapErr(err)
		}
	}
	if d.NextArg() || d.NextBlock(0) {
		return d.ArgErr()
	}
	return nil
}

// Interface guard
var _ caddyfile.Unmarshaler = (*Console)(nil)
