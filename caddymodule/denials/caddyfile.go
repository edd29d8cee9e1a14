package denials

import (
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"

	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
)

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
	checked := func(read func() error) func() error {
		return func() error {
			if s.Off {
				return d.Err("strangers off has no options")
			}
			if err := read(); err != nil {
				return err
			}
			if _, err := s.options(); err != nil {
				return d.WrapErr(err)
			}
			return nil
		}
	}
	err := directive.Block(d, []directive.Option{
		{Name: "good", Read: checked(func() error { return directive.ParseDuration(d, &s.Good) })},
		{Name: "bad", Read: checked(func() error { return directive.ParseDuration(d, &s.Bad) })},
		{Name: "timeout", Read: checked(func() error { return directive.ParseDuration(d, &s.Timeout) })},
		{Name: "per_client", Read: checked(func() error { return directive.OneArgument(d, &s.PerClient) })},
		{Name: "overall", Read: checked(func() error { return directive.OneArgument(d, &s.Overall) })},
		{Name: "unreachable", Read: checked(func() error { return directive.OneOf(d, &s.Unreachable, unreachableModes) })},
	})
	return s, err
}
