package handler

import (
	"slices"
	"strings"

	"github.com/caddyserver/caddy/v2/caddyconfig"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/caddyconfig/httpcaddyfile"

	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/caddymodule/denials"
	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
	"github.com/caddy-tollgate/tollgate/caddymodule/linkrewrite"
	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/policy"
)

func init() {
	httpcaddyfile.RegisterHandlerDirective("tollgate", directive.Handler[Handler])
	// Behind everything that may still change a request, before anything that
	// may answer it.
	httpcaddyfile.RegisterDirectiveOrder("tollgate", httpcaddyfile.After, "request_header")
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
//		message  [replace] <text>
//		more_info <URL>
//		rewrite_links [<base URL>]
//		permissions_api read|write|off [<credential>...]
//		credential_check off
//		credential_check {
//			accepted_ttl   <duration>
//			rejected_ttl   <duration>
//			timeout        <duration>
//			per_client     <count>/<duration>
//			total          <count>/<duration>
//			on_unreachable deny|401
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
	return directive.Block(d, []directive.Option{
		{Name: "product", Read: func() error { return directive.OneOf(d, &h.Product, named.Products()) }},
		{Name: "account", Read: func() error { return h.parseAccount(d, named.Identifiers()) }},
		{Name: "broker", Read: func() error { return directive.Flag(d, &h.Broker) }},
		{Name: "unknown", Read: func() error { return directive.OneOf(d, &h.Unknown, unknownModes) }},
		{Name: "upstream", Read: func() error { return h.parseUpstream(d) }},
		{Name: "mask", Read: func() error { return telemetry.ParseMask(d, &h.Mask) }},
		{Name: "explain_header", Read: func() error { return directive.Flag(d, &h.ExplainHeader) }},
		{Name: "message", Read: func() error { return h.Message.parse(d) }},
		{Name: "more_info", Read: func() error { return h.parseMoreInfo(d) }},
		{Name: "rewrite_links", Read: func() (err error) { h.RewriteLinks, err = linkrewrite.Parse(d); return err }},
		{Name: "permissions_api", Read: func() error { return h.parsePermissionsAPI(d) }},
		{Name: "credential_check", Read: func() (err error) { h.CredentialCheck, err = denials.Parse(d); return err }},
	})
}

func (h *Handler) parseAccount(d *caddyfile.Dispenser, ids policy.Identifiers) error {
	if err := directive.OneArgument(d, &h.Account); err != nil {
		return err
	}
	if !placeholder.Holds(h.Account) {
		if _, _, err := parseAccount(ids, h.Account, h.Account); err != nil {
			return d.WrapErr(err)
		}
	}
	return nil
}

func (h *Handler) parsePermissionsAPI(d *caddyfile.Dispenser) error {
	args := d.RemainingArgs()
	if len(args) == 0 || !slices.Contains(permissionModes, args[0]) {
		return d.Errf(`permissions_api is one of %s: write "permissions_api write", for example`, strings.Join(permissionModes, ", "))
	}
	h.PermissionsAPI = &PermissionsAPI{Mode: args[0], Credentials: args[1:]}
	return nil
}

func (h *Handler) parseUpstream(d *caddyfile.Dispenser) error {
	if err := directive.OneArgument(d, &h.Upstream); err != nil {
		return err
	}
	if !placeholder.Holds(h.Upstream) && !directive.IsAddress(h.Upstream) {
		return d.Errf(`upstream %q is not an address: write host:port, such as "127.0.0.1:8081"`, h.Upstream)
	}
	return nil
}

// Interface guard
var _ caddyfile.Unmarshaler = (*Handler)(nil)
