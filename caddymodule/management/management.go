package management

import (
	"net/http"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/caddyconfig/httpcaddyfile"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"github.com/caddy-tollgate/tollgate/caddymodule/app"
)

func init() {
	caddy.RegisterModule(API{})
	httpcaddyfile.RegisterHandlerDirective("tollgate_api", parse)
	httpcaddyfile.RegisterDirectiveOrder("tollgate_api", httpcaddyfile.Before, "respond")
}

// API answers the management API, below `/tollgate/v1/`: what a store keeps, and who changed
// it. Who a client is, the authentication in front says, a client certificate, or a token of
// the gate's own; what it may do, `administrators`.
type API struct {
	app *app.App
}

// CaddyModule returns the Caddy module information.
func (API) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{
		ID:  "http.handlers.tollgate_api",
		New: func() caddy.Module { return new(API) },
	}
}

// Provision finds the app whose permissions it is about.
func (h *API) Provision(ctx caddy.Context) (err error) {
	h.app, err = app.Of(ctx)
	return err
}

// ServeHTTP answers a request.
func (h *API) ServeHTTP(w http.ResponseWriter, r *http.Request, _ caddyhttp.Handler) error {
	return h.app.ServeAPI(w, r)
}

// parse parses the directive, which has no options.
func parse(h httpcaddyfile.Helper) (caddyhttp.MiddlewareHandler, error) {
	api := new(API)
	return api, api.UnmarshalCaddyfile(h.Dispenser)
}

// UnmarshalCaddyfile parses:
//
//	tollgate_api
func (h *API) UnmarshalCaddyfile(d *caddyfile.Dispenser) error {
	d.Next() // consume directive name
	if d.NextArg() || d.NextBlock(0) {
		return d.ArgErr()
	}
	return nil
}

// Interface guards
var (
	_ caddy.Provisioner           = (*API)(nil)
	_ caddyhttp.MiddlewareHandler = (*API)(nil)
	_ caddyfile.Unmarshaler       = (*API)(nil)
)
