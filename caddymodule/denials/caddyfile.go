package denials

import (
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"

	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
	"github.com/caddy-tollgate/tollgate/config"
)

var strangersOptions = []string{"good", "bad", "timeout", "per_client", "overall", "unreachable"}

// Parse reads to whom denials are shown: `off`, or a block.
func Parse(d *caddyfile.Dispenser) (*Strangers, error) {
	s := new(Strangers)
	if d.NextArg() {
		if d.Val() != "off" {
			return nil, d.Errf(`strangers cannot be %q: write "strangers off", or a block`, d.Val())
		}
		s.Off = true
		if d.NextArg() {
			return nil, d.ArgErr()
		}
	}
	seen := make(map[string]bool)
	for nesting := d.Nesting(); d.NextBlock(nesting); {
		option := d.Val()
		if s.Off {
			return nil, d.Err("strangers off has no options")
		}
		if seen[option] {
			return nil, d.Errf("%s stands twice", option)
		}
		seen[option] = true
		if err := parseStrangersOption(d, s); err != nil {
			return nil, err
		}
		if _, err := s.options(); err != nil {
			return nil, d.WrapErr(err)
		}
	}
	return s, nil
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
