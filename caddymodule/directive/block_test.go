package directive_test

import (
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"

	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
)

func TestABlockIsReadByItsTableOfOptions(t *testing.T) {
	for _, c := range []struct{ name, block, want string }{
		{"an empty block", "gate {\n}", ""},
		{"no block", "gate", ""},
		{"each option", "gate {\n on\n name a\n tag a\n tag b\n}", ""},
		{"an option that is already specified", "gate {\n on\n on\n}", "on is already specified, at Testfile:3"},
		{"an option near another", "gate {\n nam a\n}", `unknown option "nam", did you mean "name"?`},
		{"an unknown option", "gate {\n volume\n}", `unknown option "volume": must be one of on, name, tag`},
		{"a mistake in an option", "gate {\n on off\n}", "wrong argument count"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var on bool
			var name string
			var tags []string
			d := caddyfile.NewTestDispenser(c.block)
			d.Next()
			err := directive.Block(d, []directive.Option{
				{Name: "on", Read: func() error { return directive.Flag(d, &on) }},
				{Name: "name", Read: func() error { return directive.OneArgument(d, &name) }},
				{Name: "tag", Repeats: true, Read: func() error { tags = append(tags, d.RemainingArgs()...); return nil }},
			})
			switch {
			case c.want == "" && err != nil:
				t.Error(err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("got  %v\nwant %s", err, c.want)
			case c.name == "each option" && (!on || name != "a" || len(tags) != 2):
				t.Errorf("read %v %q %q", on, name, tags)
			}
		})
	}
}
