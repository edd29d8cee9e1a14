package directive

import (
	"net"
	"path/filepath"
	"slices"
	"strings"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"

	"github.com/caddy-tollgate/tollgate/config"
)

// OneOf reads the one argument of an option, which must be among the choices.
func OneOf(d *caddyfile.Dispenser, value *string, choices []string) error {
	option := d.Val()
	if !d.AllArgs(value) {
		return d.ArgErr()
	}
	if !slices.Contains(choices, *value) {
		return d.Errf("%s cannot be %q%s", option, *value, config.DidYouMean(*value, choices))
	}
	return nil
}

// IsAddress reports whether a text is host:port.
func IsAddress(text string) bool {
	host, port, err := net.SplitHostPort(text)
	return err == nil && host != "" && port != ""
}

// OneArgument reads the one argument of an option.
func OneArgument(d *caddyfile.Dispenser, value *string) error {
	if !d.AllArgs(value) {
		return d.ArgErr()
	}
	return nil
}

// ParseDuration reads the one argument of an option, which must be longer than
// nothing.
func ParseDuration(d *caddyfile.Dispenser, value *caddy.Duration) error {
	option := d.Val()
	var text string
	if err := OneArgument(d, &text); err != nil {
		return err
	}
	duration, err := caddy.ParseDuration(text)
	if err != nil || duration <= 0 {
		return d.Errf(`%s cannot be %q: write a duration, such as "30s"`, option, text)
	}
	*value = caddy.Duration(duration)
	return nil
}

// Beside is the path of a file that a Caddyfile names: relative to that Caddyfile
// if it is relative at all.
func Beside(caddyfile, path string) string {
	if filepath.IsAbs(path) || strings.HasPrefix(path, "{") {
		return path
	}
	return filepath.Join(filepath.Dir(caddyfile), path)
}
