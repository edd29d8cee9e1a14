package handler

import (
	"strings"

	"github.com/caddyserver/caddy/v2/caddyconfig"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/caddyconfig/httpcaddyfile"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/caddymodule/denials"
	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
	"github.com/caddy-tollgate/tollgate/caddymodule/linkrewrite"
	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/config"
)

func init() {
	httpcaddyfile.RegisterHandlerDirective("tollgate", parseHandler)
	// Behind everything that may still change a request, before anything that
	// may answer it.
	httpcaddyfile.RegisterDirectiveOrder("tollgate", httpcaddyfile.After, "request_header")
}

func parseHandler(h httpcaddyfile.Helper) (caddyhttp.MiddlewareHandler, error) {
	handler := new(Handler)
	return handler, handler.UnmarshalCaddyfile(h.Dispenser)
}

// UnmarshalCaddyfile sets up the handler from Caddyfile tokens. Syntax:
//
//	tollgate [<matcher>] <carrier> {
//		product  <name>
//		account  <sid>
//		broker
//		unknown  allow|deny
//		upstream <host:port>
//		mask     none|last4|hmac <secret>
//		explain_header
//		rewrite_links [<base URL>]
//		strangers off
//		strangers {
//			good        <duration>
//			bad         <duration>
//			timeout     <duration>
//			per_client  <count>/<duration>
//			overall     <count>/<duration>
//			unreachable deny|401
//		}
//	}
func (h *Handler) UnmarshalCaddyfile(d *caddyfile.Dispenser) error {
	d.Next() // consume directive name
	if !d.NextArg() {
		return d.Err(`missing carrier: write "tollgate twilio"`)
	}
	name := d.Val()
	named, err := carriers.Named(name)
	if err != nil {
		return d.WrapErr(err)
	}
	h.CarrierRaw = caddyconfig.JSONModuleObject(struct{}{}, "name", name, nil)
	if d.NextArg() {
		return d.ArgErr()
	}
	products := named.Products()

	seen := make(map[string]bool)
	for nesting := d.Nesting(); d.NextBlock(nesting); {
		option := d.Val()
		if seen[option] {
			return d.Errf("%s stands twice", option)
		}
		seen[option] = true
		switch option {
		case "product":
			if err := directive.OneOf(d, &h.Product, products); err != nil {
				return err
			}
		case "account":
			if !d.AllArgs(&h.Account) {
				return d.ArgErr()
			}
			if !strings.Contains(h.Account, "{") {
				if _, err := parseAccount(named.Identifiers(), h.Account, h.Account); err != nil {
					return d.WrapErr(err)
				}
			}
		case "unknown":
			if err := directive.OneOf(d, &h.Unknown, unknownModes); err != nil {
				return err
			}
		case "upstream":
			if !d.AllArgs(&h.Upstream) {
				return d.ArgErr()
			}
			if !strings.Contains(h.Upstream, "{") && !directive.IsAddress(h.Upstream) {
				return d.Errf(`upstream %q is no address: write host:port, such as "127.0.0.1:8081"`, h.Upstream)
			}
		case "mask":
			if err := telemetry.ParseMask(d, &h.Mask); err != nil {
				return err
			}
		case "broker":
			if d.NextArg() {
				return d.ArgErr()
			}
			h.Broker = true
		case "explain_header":
			if d.NextArg() {
				return d.ArgErr()
			}
			h.ExplainHeader = true
		case "rewrite_links":
			if h.RewriteLinks, err = linkrewrite.Parse(d); err != nil {
				return err
			}
		case "strangers":
			if h.Strangers, err = denials.Parse(d); err != nil {
				return err
			}
		default:
			return d.Errf("unknown option %q%s", option, config.DidYouMean(option, handlerOptions))
		}
	}
	return nil
}

var handlerOptions = []string{"product", "account", "broker", "unknown", "upstream", "mask", "explain_header", "rewrite_links", "strangers"}

// Interface guard
var _ caddyfile.Unmarshaler = (*Handler)(nil)
