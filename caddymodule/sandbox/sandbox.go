package sandbox

import (
	"fmt"
	"net/http"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/caddyconfig/httpcaddyfile"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/sandbox"
	"github.com/caddy-tollgate/tollgate/internal/suggest"
)

func init() {
	caddy.RegisterModule(Sandbox{})
	httpcaddyfile.RegisterHandlerDirective("tollgate_sandbox", directive.Handler[Sandbox])
	httpcaddyfile.RegisterDirectiveOrder("tollgate_sandbox", httpcaddyfile.Before, "reverse_proxy")
}

// Sandbox answers as a carrier would, without an account, a network or a bill: it
// creates, reads and lists messages and calls in memory, and sends nothing. It honours
// the carrier's magic test numbers, so that applications can test how they handle
// refusals. Its contents are gone after a reload.
type Sandbox struct {
	// The carrier to imitate. Default: `twilio`.
	Carrier string `json:"carrier,omitempty"`

	handler http.Handler
}

// CaddyModule returns the Caddy module information.
func (Sandbox) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{
		ID:  "http.handlers.tollgate_sandbox",
		New: func() caddy.Module { return new(Sandbox) },
	}
}

// sandboxes are the carriers that have a sandbox.
var sandboxes = []string{"twilio"}

// Provision sets up the sandbox.
func (s *Sandbox) Provision(caddy.Context) error {
	if s.Carrier != "" && s.Carrier != sandboxes[0] {
		return fmt.Errorf("there is no sandbox of %q%s", s.Carrier, suggest.DidYouMean(s.Carrier, sandboxes, nil))
	}
	s.handler = sandbox.New(sandbox.Options{})
	return nil
}

// ServeHTTP answers as the carrier would.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request, _ caddyhttp.Handler) error {
	w.Header().Del("Server")
	s.handler.ServeHTTP(w, r)
	return nil
}

// UnmarshalCaddyfile sets up the sandbox from Caddyfile tokens. Syntax:
//
//	tollgate_sandbox [<matcher>] [twilio]
func (s *Sandbox) UnmarshalCaddyfile(d *caddyfile.Dispenser) error {
	d.Next() // consume directive name
	if d.NextArg() {
		s.Carrier = d.Val()
	}
	if d.NextArg() {
		return d.ArgErr()
	}
	if s.Carrier != "" && s.Carrier != sandboxes[0] {
		return d.Errf("there is no sandbox of %q%s", s.Carrier, suggest.DidYouMean(s.Carrier, sandboxes, nil))
	}
	return nil
}

// Interface guards
var (
	_ caddy.Provisioner           = (*Sandbox)(nil)
	_ caddyfile.Unmarshaler       = (*Sandbox)(nil)
	_ caddyhttp.MiddlewareHandler = (*Sandbox)(nil)
)
