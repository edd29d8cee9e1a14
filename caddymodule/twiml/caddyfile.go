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
	"github.com/caddy-tollgate/tollgate/config"
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
//		public_url <url>
//		max_size   <size>
//		mask       none|last4|hmac <secret>
//	}
func (h *TwiML) UnmarshalCaddyfile(d *caddyfile.Dispenser) error {
	d.Next() // consume directive name
	if d.NextArg() {
		return d.ArgErr()
	}
	seen := make(map[string]bool)
	for nesting := d.Nesting(); d.NextBlock(nesting); {
		option := d.Val()
		if seen[option] && option != "auth_token" {
			return d.Errf("%s is already specified", option)
		}
		seen[option] = true
		if err := h.parseOption(d, option); err != nil {
			return err
		}
	}
	return nil
}

func (h *TwiML) parseOption(d *caddyfile.Dispenser, option string) error {
	switch option {
	case "denied":
		return parseDenied(d, &h.Denied)
	case "auth_token":
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
	case "public_url":
		if !d.AllArgs(&h.PublicURL) {
			return d.ArgErr()
		}
		if !strings.Contains(h.PublicURL, "{") && checkPublicURL(h.PublicURL) != nil {
			return d.Errf("public_url %q %w", h.PublicURL, linkrewrite.ErrBase)
		}
	case "max_size":
		var text string
		if !d.AllArgs(&text) {
			return d.ArgErr()
		}
		digits, unit := text, 1
		if before, found := strings.CutSuffix(text, "KiB"); found {
			digits, unit = before, 1<<10
		}
		size, err := strconv.ParseUint(digits, 10, 32)
		if h.MaxSize = int(size) * unit; err != nil || h.MaxSize == 0 || h.MaxSize > webhook.MaxDocument {
			return d.Errf(`max_size %q is not a size up to 64KiB, as much as Twilio reads: write bytes, or "64KiB"`, text)
		}
	case "mask":
		return telemetry.ParseMask(d, &h.Mask)
	default:
		return d.Errf("unknown option %q%s", option, config.DidYouMean(option, twimlOptions))
	}
	return nil
}

var twimlOptions = []string{"denied", "auth_token", "public_url", "max_size", "mask"}

// parseDenied reads what replaces what is denied.
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
