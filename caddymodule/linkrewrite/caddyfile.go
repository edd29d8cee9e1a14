package linkrewrite

import (
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"

	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
)

// Parse reads the base URL of links, which need not be stated.
func Parse(d *caddyfile.Dispenser) (*Links, error) {
	l := new(Links)
	if !d.NextArg() {
		return l, nil
	}
	l.Base = d.Val()
	if d.NextArg() {
		return nil, d.ArgErr()
	}
	if !placeholder.Holds(l.Base) {
		if err := CheckBase(l.Base); err != nil {
			return nil, d.WrapErr(err)
		}
	}
	return l, nil
}
