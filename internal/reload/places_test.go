package reload_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/config"
)

// firstRule finds the first prefix rule of a document.
func firstRule(d *config.Document) (path string, found bool) {
	return "prefixes[0]", len(d.Prefixes) > 0
}

func TestPlacesAreThoseOfTheFileAsItIs(t *testing.T) {
	const rule = "prefixes:\n  - {block: \"+4470\", reason: personal numbers}\n"
	l, rewrite := loaderOf(t, "policy.yaml", "version: 1\n"+rule)
	for _, c := range []struct{ says, content, want string }{
		{"a rule", "version: 1\n" + rule, ".yaml:3:5 true"},
		{"one that is further down", "version: 1\n\n" + rule, ".yaml:4:5 true"},
		{"one that is not there", "version: 1\n", ".yaml false"},
		{"one of a file that is too long", "version: 1\n" + rule + strings.Repeat("# long\n", 1<<18), ".yaml false"},
		{"one of a file with a mistake", "prefixes: 1\n", ".yaml false"},
	} {
		rewrite(c.content)
		for range 2 {
			at, found := l.Places().Find(firstRule)
			if got := fmt.Sprint(at, " ", found); !strings.HasSuffix(got, "policy"+c.want) {
				t.Errorf("%s is at %s", c.says, got)
			}
		}
	}
}
