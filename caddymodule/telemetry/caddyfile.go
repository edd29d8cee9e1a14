package telemetry

import (
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
)

// ParseMask reads the arguments of a mask.
func ParseMask(d *caddyfile.Dispenser, m *Mask) error {
	switch arguments := d.RemainingArgs(); len(arguments) {
	case 2:
		m.Mode, m.Secret = arguments[0], arguments[1]
	case 1:
		m.Mode = arguments[0]
	default:
		return d.ArgErr()
	}
	if err := m.check(); err != nil {
		return d.WrapErr(err)
	}
	return nil
}
