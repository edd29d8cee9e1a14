package caddymodule

import (
	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"

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
		return parseDuration(d, &s.Good)
	case "bad":
		return parseDuration(d, &s.Bad)
	case "timeout":
		return parseDuration(d, &s.Timeout)
	case "per_client":
		return oneArgument(d, &s.PerClient)
	case "overall":
		return oneArgument(d, &s.Overall)
	case "unreachable":
		return oneOf(d, &s.Unreachable, unreachableModes)
	}
	return d.Errf("unknown option %q%s", option, config.DidYouMean(option, strangersOptions))
}

func oneArgument(d *caddyfile.Dispenser, value *string) error {
	if !d.AllArgs(value) {
		return d.ArgErr()
	}
	return nil
}

// parseDuration reads the one argument of an option, which must be a time of more
// than nothing.
func parseDuration(d *caddyfile.Dispenser, value *caddy.Duration) error {
	option := d.Val()
	var text string
	if err := oneArgument(d, &text); err != nil {
		return err
	}
	duration, err := caddy.ParseDuration(text)
	if err != nil || duration <= 0 {
		return d.Errf(`%s cannot be %q: write a duration, such as "30s"`, option, text)
	}
	*value = caddy.Duration(duration)
	return nil
}
