package caddymodule

import (
	"strings"

	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
)

// parseLinks reads the base URL of links, which need not be stated.
func parseLinks(d *caddyfile.Dispenser, h *Handler) error {
	h.RewriteLinks = new(Links)
	if !d.NextArg() {
		return nil
	}
	h.RewriteLinks.Base = d.Val()
	if d.NextArg() {
		return d.ArgErr()
	}
	if !strings.Contains(h.RewriteLinks.Base, "{") {
		if err := checkBase(h.RewriteLinks.Base); err != nil {
			return d.WrapErr(err)
		}
	}
	return nil
}
