package caddymodule_test

import (
	"os"
	"strings"
	"testing"
)

// A secret, an account or a number may come from outside of the configuration.
// One that does not come must not become an empty text.
func TestPlaceholdersAreResolvedWhenAConfigurationIsLoaded(t *testing.T) {
	file := t.TempDir() + "/sid"
	if err := os.WriteFile(file, []byte(acme+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TOLLGATE_TEST_ACCOUNT", acme)
	t.Setenv("TOLLGATE_TEST_EMPTY", "")
	t.Setenv("TOLLGATE_TEST_MISTAKE", "UK")
	for _, c := range []struct {
		name, policy, handler, problem string
	}{
		{"from the environment", "account {env.TOLLGATE_TEST_ACCOUNT}", "", ""},
		{"from a file, without the newline at its end", "account {file." + file + "}", "", ""},
		{"a variable that is not set", "account {env.TOLLGATE_TEST_UNSET}", "", "accounts[0].id: evaluated placeholder {env.TOLLGATE_TEST_UNSET} is empty"},
		{"a variable that is empty", "account {env.TOLLGATE_TEST_EMPTY}", "", "accounts[0].id: evaluated placeholder {env.TOLLGATE_TEST_EMPTY} is empty"},
		{"a file that is not there", "account {file." + file + ".not}", "", "accounts[0].id: "},
		{"a placeholder that there is not", "account {nothing.of.the.kind}", "", "accounts[0].id: a policy can hold {env.*} and {file.*}, not {nothing.of.the.kind}"},
		{"a value with a mistake", "account " + acme + " {\nmessaging US {env.TOLLGATE_TEST_MISTAKE}\n}", "", `accounts[0].messaging[1]: unknown territory "{env.TOLLGATE_TEST_MISTAKE}", did you mean "GB"?`},
		{"one account by two ways", "account " + acme + "\naccount {env.TOLLGATE_TEST_ACCOUNT}", "", "accounts[1].id: account {env.TOLLGATE_TEST_ACCOUNT} is already defined"},
		{"an upstream that is not set", "account " + acme, "upstream {env.TOLLGATE_TEST_UNSET}", "resolving upstream"},
		{"a secret that is not set", "account " + acme, "mask hmac {env.TOLLGATE_TEST_UNSET}", "reading the secret of hmac"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := validate("{\nadmin off\nauto_https off\npersist_config off\ntollgate {\n" + c.policy + "\n}\n}\n:8080 {\ntollgate twilio {\n" + c.handler + "\n}\n}\n")
			switch {
			case c.problem == "" && err != nil:
				t.Error(err)
			case c.problem != "" && (err == nil || !strings.Contains(err.Error(), c.problem)):
				t.Errorf("error is %v\nwant one with %s", err, c.problem)
			}
		})
	}
}

func TestAHandlerNeedsAPolicy(t *testing.T) {
	err := validate("{\nadmin off\nauto_https off\npersist_config off\n}\n:8080 {\ntollgate twilio\n}\n")
	if err == nil || !strings.Contains(err.Error(), "the tollgate handler needs a policy: add a global tollgate block") {
		t.Errorf("got %v", err)
	}
}

// Caddy's JSON reaches the modules without passing through a Caddyfile.
func TestMistakesInCaddysJSONAreNamed(t *testing.T) {
	handler := func(members string) string {
		return `{"admin":{"disabled":true},"apps":{"tollgate":{},"http":{"servers":{"s":{"listen":["127.0.0.1:0"],"routes":[{"handle":[{"handler":"tollgate"` +
			members + `}]}]}}}}}`
	}
	policy := func(members string) string { return `{"admin":{"disabled":true},"apps":{"tollgate":` + members + `}}` }
	const twilio = `,"carrier":{"name":"twilio"}`
	for _, c := range []struct{ name, text, problem string }{
		{"a right one", handler(twilio), ""},
		{"a policy with an unknown member", policy(`{"acounts":[]}`), `unknown member "acounts", did you mean "accounts"?`},
		{"a policy with null", policy(`{"default":{"voice":null}}`), "default.voice: null states nothing"},
		{"a policy with an unknown territory", policy(`{"default":{"messaging":["UK"]}}`), `default.messaging[0]: unknown territory "UK", did you mean "GB"?`},
		{"a handler without a carrier", handler(""), `the tollgate handler needs a carrier, such as "twilio"`},
		{"a handler of an unknown carrier", handler(`,"carrier":{"name":"vonage"}`), "unknown module: tollgate.carriers.vonage"},
		{"a handler with an unknown member", handler(twilio + `,"explain":true`), `unknown field "explain"`},
		{"an unknown product", handler(twilio + `,"product":"verfy"`), `unknown product "verfy", did you mean "verify"?`},
		{"an unknown mode", handler(twilio + `,"unknown":"refuse"`), `unknown mode "refuse": must be one of allow, deny`},
		{"an unknown mask", handler(twilio + `,"mask":{"mode":"last5"}`), `unknown mask "last5", did you mean "last4"?`},
		{"a literal secret", handler(twilio + `,"mask":{"mode":"hmac","secret":"hunter2"}`), "do not write a secret into a configuration"},
		{"a secret without a mode", handler(twilio + `,"mask":{"secret":"{env.HOME}"}`), "only the mask hmac takes a secret"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := validateJSON([]byte(c.text))
			switch {
			case c.problem == "" && err != nil:
				t.Error(err)
			case c.problem != "" && (err == nil || !strings.Contains(err.Error(), c.problem)):
				t.Errorf("error is %v\nwant one with %s", err, c.problem)
			case err != nil && strings.Contains(err.Error(), "hunter2"):
				t.Errorf("the error shows the secret: %v", err)
			}
		})
	}
}
