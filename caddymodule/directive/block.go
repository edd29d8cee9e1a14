package directive

import (
	"slices"

	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"

	"github.com/caddy-tollgate/tollgate/config"
)

// Option is one of the options that a block may have.
type Option struct {
	Name string
	// Read reads the option's arguments, of which its name is the current token.
	Read func() error
	// Repeats says that the option may be specified more than once.
	Repeats bool
}

// Block reads a block of options, in any order.
func Block(d *caddyfile.Dispenser, options []Option) error {
	seen := make([]bool, len(options))
	for nesting := d.Nesting(); d.NextBlock(nesting); {
		name := d.Val()
		i := slices.IndexFunc(options, func(o Option) bool { return o.Name == name })
		switch {
		case i < 0:
			return d.Errf("unknown option %q%s", name, config.DidYouMean(name, namesOf(options)))
		case seen[i] && !options[i].Repeats:
			return d.Errf("%s is already specified", name)
		}
		seen[i] = true
		if err := options[i].Read(); err != nil {
			return err
		}
	}
	return nil
}

func namesOf(options []Option) []string {
	names := make([]string, len(options))
	for i, o := range options {
		names[i] = o.Name
	}
	return names
}

// Flag reads an option without arguments.
func Flag(d *caddyfile.Dispenser, value *bool) error {
	if d.NextArg() {
		return d.ArgErr()
	}
	*value = true
	return nil
}
