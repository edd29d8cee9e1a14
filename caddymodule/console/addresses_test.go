package console_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"

	consolemodule "github.com/caddy-tollgate/tollgate/caddymodule/console"
)

// An address that someone types, or that a program has put together, stays on the console.
func TestAnAddressThatIsNotQuiteThatOfAPageLeadsToIt(t *testing.T) {
	g := startGate(t)
	for _, c := range []struct{ says, path, leads string }{
		{"without the last slash", "accounts", "accounts/"},
		{"without the last slash, with a query", "why?account=acme", "why/?account=acme"},
		{"without the last slash, two levels down", "audit/refusals", "audit/refusals/"},
		{"with a slash too many", "/accounts/", "accounts/"},
		{"with a part of dots", "accounts/../now/", "now/"},
	} {
		t.Run(c.says, func(t *testing.T) {
			response, _ := ask(t, "GET", "http://"+g.site+pages+c.path, "", header("X-User", "carol"))
			if got := response.Header.Get("Location"); response.StatusCode != 307 || got != pages+c.leads {
				t.Errorf("is answered %d, and leads to %q", response.StatusCode, got)
			}
		})
	}
}

func TestAPathThatPagesCannotBeBelowIsAMistake(t *testing.T) {
	for _, c := range []struct{ path, says string }{
		{"/", ""},
		{"/gate/", ""},
		{"/a-b_c/d.e/~f/", ""},
		{"gate/", "must begin and end with a slash"},
		{"/gate", "must begin and end with a slash"},
		{"//", "an empty part"},
		{"/a//b/", "an empty part"},
		{"/a/../", "one of dots"},
		{"/a/{id}/", "a character that addresses escape"},
		{"/a%2Fb/", "a character that addresses escape"},
		{"/é/", "a character that addresses escape"},
		{"/a?b/", "a character that addresses escape"},
	} {
		err := new(consolemodule.Console).UnmarshalCaddyfile(caddyfile.NewTestDispenser("tollgate_console " + c.path))
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.path, err)
		}
	}
}

// A name of dots alone is one that nothing has: no path is made of it that leads elsewhere.
func TestANameOfDotsIsOneThatNothingHas(t *testing.T) {
	g := startGate(t)
	for _, name := range []string{".", ".."} {
		for _, c := range []struct{ says, path string }{
			{"releasing a hold", "now/release"},
			{"suspending an account", "now/incident"},
			{"deleting a rule", "now/incident"},
		} {
			does := map[string]string{"suspending an account": "suspend", "deleting a rule": "unblock"}[c.says]
			fields := url.Values{"id": {name}, "account": {name}, "do": {does}, "sure": {"yes"}, "reason": {"a test"}}
			response, text := form(t, g, "alice", c.path, fields)
			if response.StatusCode != 404 && response.StatusCode != 422 || !strings.Contains(text, `class="problem"`) {
				t.Errorf("%s %q is answered %d, and leads to %q\n%s", c.says, name, response.StatusCode, response.Header.Get("Location"), text)
			}
		}
	}
	for _, path := range []string{"accounts/%2e%2e", "keys/%2e%2e", "openings/%2E", "territories/%2e%2e"} {
		if response, text := ask(t, "GET", "http://"+g.site+pages+path, "", header("X-User", "carol")); response.StatusCode != 404 && response.StatusCode != 307 {
			t.Errorf("%s is answered %d\n%s", path, response.StatusCode, text)
		}
	}
}

func TestAFormThatIsTooLongSaysSo(t *testing.T) {
	g := startGate(t)
	fields := url.Values{"step": {"preview"}, "match": {"absent"}, "document": {strings.Repeat(" ", 1<<20)}}
	if response, text := form(t, g, "alice", "policy/settings", fields); response.StatusCode != 413 || !strings.Contains(text, "longer than 1 MiB") {
		t.Errorf("is answered %d %s", response.StatusCode, text)
	}
}
