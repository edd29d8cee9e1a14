package twiml

import (
	"strconv"
	"strings"

	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/caddyconfig/httpcaddyfile"

	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
	"github.com/caddy-tollgate/tollgate/caddymodule/linkrewrite"
	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/internal/webhook"
)

func init() {
	httpcaddyfile.RegisterHandlerDirective("tollgate_twiml", directive.Handler[TwiML])
	// Before everything that may answer, so that no answer is left out.
	httpcaddyfile.RegisterDirectiveOrder("tollgate_twiml", httpcaddyfile.After, "request_body")
}

// UnmarshalCaddyfile sets up the handler from Caddyfile tokens. Syntax:
//
//	tollgate_twiml [<matcher>] {
//		denied     remove|reject|say <text>|redirect <url>
//		auth_token <placeholder...>
//		shared_key <id> <placeholder>
//		public_url <url>
//		max_size   <size>
//		mask       none|last4|hmac <secret>
//	}
func (h *TwiML) UnmarshalCaddyfile(d *caddyfile.Dispenser) error {
	d.Next() // consume directive name
	if d.NextArg() {
		return d.ArgErr()
	}
	return directive.Block(d, []directive.Option{
		{Name: "denied", Read: func() error { return parseDenied(d, &h.Denied) }},
		{Name: "auth_token", Repeats: true, Read: func() error { return h.parseTokens(d) }},
		{Name: "shared_key", Repeats: true, Read: func() error { return h.parseSharedKey(d) }},
		{Name: "public_url", Read: func() error { return h.parsePublicURL(d) }},
		{Name: "max_size", Read: func() error { return h.parseMaxSize(d) }},
		{Name: "mask", Read: func() error { return telemetry.ParseMask(d, &h.Mask) }},
	})
}

func (h *TwiML) parseTokens(d *caddyfile.Dispenser) error {
	tokens := d.RemainingArgs()
	if len(tokens) == 0 {
		return d.ArgErr()
	}
	for _, token := range tokens {
		if !placeholder.Is(token) {
			return d.WrapErr(errToken)
		}
	}
	h.AuthTokens = append(h.AuthTokens, tokens...)
	return nil
}

func (h *TwiML) parseSharedKey(d *caddyfile.Dispenser) error {
	var key SharedKey
	if !d.AllArgs(&key.ID, &key.Secret) {
		return d.ArgErr()
	}
	if err := key.check(h.SharedKeys); err != nil {
		return d.WrapErr(err)
	}
	h.SharedKeys = append(h.SharedKeys, key)
	return nil
}

func (h *TwiML) parsePublicURL(d *caddyfile.Dispenser) error {
	if err := directive.OneArgument(d, &h.PublicURL); err != nil {
		return err
	}
	if !placeholder.Holds(h.PublicURL) && checkPublicURL(h.PublicURL) != nil {
		return d.Errf("public_url %q %w", h.PublicURL, linkrewrite.ErrBase)
	}
	return nil
}

func (h *TwiML) parseMaxSize(d *caddyfile.Dispenser) error {
	var text string
	if err := directive.OneArgument(d, &text); err != nil {
		return err
	}
	digits, unit := text, 1
	if before, found := strings.CutSuffix(text, "KiB"); found {
		digits, unit = before, 1<<10
	}
	size, err := strconv.ParseUint(digits, 10, 32)
	if h.MaxSize = int(size) * unit; err != nil || h.MaxSize == 0 || h.MaxSize > webhook.MaxDocument {
		return d.Errf(`max_size %q is not a size up to 64KiB, as much as Twilio reads: write bytes, or "64KiB"`, text)
	}
	return nil
}

// parseDenied reads what takes the place of what is denied.
func parseDenied(d *caddyfile.Dispenser, denied *Denied) error {
	arguments := d.RemainingArgs()
	if len(arguments) == 0 || len(arguments) > 2 {
		return d.ArgErr()
	}
	denied.Mode = arguments[0]
	if len(arguments) == 2 {
		switch webhook.Mode(denied.Mode) {
		case webhook.Say:
			denied.Say = arguments[1]
		case webhook.Redirect:
			denied.Redirect = arguments[1]
		default:
			return d.ArgErr()
		}
	}
	if err := denied.check(); err != nil {
		return d.WrapErr(err)
	}
	return nil
}

// Interface guard
var _ caddyfile.Unmarshaler = (*TwiML)(nil)
