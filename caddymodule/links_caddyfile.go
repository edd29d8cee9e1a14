package caddymodule

import (
	"strings"

	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
)

// parseLinks reads the base URL of links, which need not be stated.
func parseLinks(d *caddyfile.Dispenser) (*Links, error) {
	l := new(Links)
	if !d.NextArg() {
		return l, nil
	}
	l.Base = d.Val()
	if d.NextArg() {
		return nil, d.ArgErr()
	}
	if !strings.Contains(l.Base, "{") {
		if err := checkBase(l.Base); err != nil {
			return nil, d.WrapErr(err)
		}
	}
	return l, nil
}
