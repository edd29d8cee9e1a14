package reload_test

import (
	"strings"
	"testing"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// A policy that leaves open what calls fetch is warned of each time that it is
// loaded, and once; one that says what is meant is not.
func TestCallsWithoutURLHostsAreWarnedOf(t *testing.T) {
	calls := func(more string, accounts int) string {
		text := "version: 1\n" + more + "accounts:\n"
		for i := range accounts {
			text += "  - {id: AC1111111111111111111111111111111" + string(rune('1'+i)) + ", label: Acme, voice: {low_risk: [US]}}\n"
		}
		return text
	}
	l, file, logs := watched(t, calls("", 5))
	warned := func() []string {
		var messages []string
		for _, entry := range logs.FilterLevelExact(zap.WarnLevel).AllUntimed() {
			messages = append(messages, entry.Message)
		}
		return messages
	}
	got := warned()
	if len(got) != 1 || !strings.Contains(got[0], `(AC11111111111111111111111111111111 "Acme", AC11111111111111111111111111111112 "Acme", AC11111111111111111111111111111113 "Acme" and 2 more)`) {
		t.Errorf("warned of %q", got)
	}
	for _, closed := range []string{calls("url_hosts: [hooks.example]\n", 1), calls("url_hosts: ['*']\n", 1)} {
		before := l.Current()
		write(t, file, closed)
		harness.Await(t, "another policy is in force", func() bool { return l.Current() != before })
		if got := warned(); len(got) != 1 {
			t.Errorf("warned of %q", got)
		}
	}
	before := l.Current()
	write(t, file, calls("", 1))
	harness.Await(t, "another policy is in force", func() bool { return l.Current() != before })
	harness.Await(t, "it is warned of", func() bool { return len(warned()) == 2 })
}
