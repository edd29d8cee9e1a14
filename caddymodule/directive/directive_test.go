package directive_test

import (
	"strings"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"

	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
)

// at is a dispenser that has come to an option.
func at(text string) *caddyfile.Dispenser {
	d := caddyfile.NewTestDispenser(text)
	d.Next()
	return d
}

func TestAChoiceIsOneOfThoseThatThereAre(t *testing.T) {
	choices := []string{"allow", "deny"}
	for _, c := range []struct{ name, text, want, problem string }{
		{"one that there is", "unknown deny", "deny", ""},
		{"one that there is not, with the nearest", "unknown alow", "", `did you mean "allow"`},
		{"another letter case", "unknown DENY", "", `cannot be "DENY"`},
		{"none", "unknown", "", "argument"},
		{"two", "unknown allow deny", "", "argument"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var value string
			err := directive.OneOf(at(c.text), &value, choices)
			if c.problem == "" && (err != nil || value != c.want) || c.problem != "" && (err == nil || !strings.Contains(err.Error(), c.problem)) {
				t.Errorf("%q, %v", value, err)
			}
		})
	}
}

func TestADurationIsMoreThanNothing(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"timeout 30s": 30 * time.Second, "timeout 1d": 24 * time.Hour, "timeout 1h30m": 90 * time.Minute,
		"timeout 0s": 0, "timeout -1s": 0, "timeout 30": 0, "timeout": 0, "timeout 1s 2s": 0, "timeout soon": 0,
	} {
		t.Run(text, func(t *testing.T) {
			var value caddy.Duration
			if err := directive.ParseDuration(at(text), &value); time.Duration(value) != want || (err == nil) != (want != 0) {
				t.Errorf("%v, %v", time.Duration(value), err)
			}
		})
	}
}

func TestAnAddressHasAHostAndAPort(t *testing.T) {
	for text, want := range map[string]bool{
		"127.0.0.1:8081": true, "[::1]:443": true, "api.twilio.com:https": true,
		"127.0.0.1": false, ":8081": false, "127.0.0.1:": false, "::1:443": false, "": false, "https://api.twilio.com:443": false,
	} {
		if got := directive.IsAddress(text); got != want {
			t.Errorf("%q is one: %t", text, got)
		}
	}
}

func TestAFileStandsBesideTheCaddyfileThatNamesIt(t *testing.T) {
	for path, want := range map[string]string{
		"policy.yaml":      "/etc/caddy/policy.yaml",
		"../policy.yaml":   "/etc/policy.yaml",
		"/srv/policy.yaml": "/srv/policy.yaml",
		"{env.POLICY}":     "{env.POLICY}",
	} {
		if got := directive.Beside("/etc/caddy/Caddyfile", path); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
}
