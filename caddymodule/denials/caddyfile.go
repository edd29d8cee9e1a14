package denials

import (
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"

	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
	"github.com/caddy-tollgate/tollgate/config"
)

var credentialCheckOptions = []string{"accepted_ttl", "rejected_ttl", "timeout", "per_client", "total", "on_unreachable"}

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
	seen := make(map[string]bool)
	for nesting := d.Nesting(); d.NextBlock(nesting); {
		option := d.Val()
		if c.Off {
			return nil, d.Err("credential_check off has no options")
		}
		if seen[option] {
			return nil, d.Errf("%s is already specified", option)
		}
		seen[option] = true
		if err := parseOption(d, c); err != nil {
			return nil, err
		}
		if _, err := c.options(); err != nil {
			return nil, d.WrapErr(err)
		}
	}
	return c, nil
}

func parseOption(d *caddyfile.Dispenser, c *CredentialCheck) error {
	option := d.Val()
	switch option {
	case "accepted_ttl":
		return directive.ParseDuration(d, &c.AcceptedTTL)
	case "rejected_ttl":
		return directive.ParseDuration(d, &c.RejectedTTL)
	case "timeout":
		return directive.ParseDuration(d, &c.Timeout)
	case "per_client":
		return directive.OneArgument(d, &c.PerClient)
	case "total":
		return directive.OneArgument(d, &c.Total)
	case "on_unreachable":
		return directive.OneOf(d, &c.OnUnreachable, onUnreachableModes)
	}
	return d.Errf("unknown option %q%s", option, config.DidYouMean(option, credentialCheckOptions))
}
