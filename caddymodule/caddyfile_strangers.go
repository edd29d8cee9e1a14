package caddymodule

import (
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"

	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
	"github.com/caddy-tollgate/tollgate/config"
)

var strangersOptions = []string{"good", "bad", "timeout", "per_client", "overall", "unreachable"}

// parseStrangers reads to whom denials are shown: `off`, or a block.
func parseStrangers(d *caddyfile.Dispenser, h *Handler) error {
	h.Strangers = new(Strangers)
	if d.NextArg() {
		if d.Val() != "off" {
			return d.Errf(`strangers cannot be %q: write "strangers off", or a block`, d.Val())
		}
		h.Strangers.Off = true
		if d.NextArg() {
			return d.ArgErr()
		}
	}
	seen := make(map[string]bool)
	for nesting := d.Nesting(); d.NextBlock(nesting); {
		option := d.Val()
		if h.Strangers.Off {
			return d.Err("strangers off has no options")
		}
		if seen[option] {
			return d.Errf("%s stands twice", option)
		}
		seen[option] = true
		if err := parseStrangersOption(d, h.Strangers); err != nil {
			return err
		}
		if _, err := h.Strangers.options(); err != nil {
			return d.WrapErr(err)
		}
	}
	return nil
}

func parseStrangersOption(d *caddyfile.Dispenser, s *Strangers) error {
	option := d.Val()
	switch option {
	case "good":
		return directive.ParseDuration(d, &s.Good)
	case "bad":
		return directive.ParseDuration(d, &s.Bad)
	case "timeout":
		return directive.ParseDuration(d, &s.Timeout)
	case "per_client":
		return directive.OneArgument(d, &s.PerClient)
	case "overall":
		return directive.OneArgument(d, &s.Overall)
	case "unreachable":
		return directive.OneOf(d, &s.Unreachable, unreachableModes)
	}
	return d.Errf("unknown option %q%s", option, config.DidYouMean(option, strangersOptions))
}
