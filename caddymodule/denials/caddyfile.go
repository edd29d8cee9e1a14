package denials

import (
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"

	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
)

// Parse reads how credentials are checked: `off`, or a block.
func Parse(d *caddyfile.Dispenser) (*CredentialCheck, error) {
	c := new(CredentialCheck)
	if d.NextArg() {
		if d.Val() != "off" {
			return nil, d.Errf(`credential_check cannot be %q: write "credential_check off", or a block`, d.Val())
		}
		c.Off = true
		if d.NextArg() {
			return nil, d.ArgErr()
		}
	}
	checked := func(read func() error) func() error {
		return func() error {
			if c.Off {
				return d.Err("credential_check off has no options")
			}
			if err := read(); err != nil {
				return err
			}
			if _, err := c.options(); err != nil {
				return d.WrapErr(err)
			}
			return nil
		}
	}
	err := directive.Block(d, []directive.Option{
		{Name: "accepted_ttl", Read: checked(func() error { return directive.ParseDuration(d, &c.AcceptedTTL) })},
		{Name: "rejected_ttl", Read: checked(func() error { return directive.ParseDuration(d, &c.RejectedTTL) })},
		{Name: "timeout", Read: checked(func() error { return directive.ParseDuration(d, &c.Timeout) })},
		{Name: "per_client", Read: checked(func() error { return directive.OneArgument(d, &c.PerClient) })},
		{Name: "total", Read: checked(func() error { return directive.OneArgument(d, &c.Total) })},
		{Name: "on_unreachable", Read: checked(func() error { return directive.OneOf(d, &c.OnUnreachable, onUnreachableModes) })},
	})
	return c, err
}
