package denials_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"

	"github.com/caddy-tollgate/tollgate/caddymodule/denials"
)

// The words of the block.
const (
	block       = "credential_check"
	accepted    = "accepted_ttl"
	rejected    = "rejected_ttl"
	total       = "total"
	unreachable = "on_unreachable"
)

func TestEveryOptionOfTheBlockIsRead(t *testing.T) {
	hours := func(n int) any { return float64(time.Duration(n) * time.Hour) }
	for _, c := range []struct {
		name, text string
		want       map[string]any
	}{
		{"none", "", map[string]any{}},
		{"off", "off", map[string]any{"off": true}},
		{"for how long an acceptance counts", "{\n" + accepted + " 1h\n}", map[string]any{accepted: hours(1)}},
		{"for how long a rejection counts", "{\n" + rejected + " 1d\n}", map[string]any{rejected: hours(24)}},
		{"how long the carrier may take", "{\ntimeout 2h\n}", map[string]any{"timeout": hours(2)}},
		{"how many checks for one client", "{\nper_client 10/1m\n}", map[string]any{"per_client": "10/1m"}},
		{"how many for all", "{\n" + total + " 100/1m\n}", map[string]any{total: "100/1m"}},
		{"a carrier that is not there", "{\n" + unreachable + " 401\n}", map[string]any{unreachable: "401"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			settings, err := parse(c.text)
			if err != nil {
				t.Fatal(err)
			}
			if want, _ := json.Marshal(c.want); settings != string(want) {
				t.Errorf("%s, want %s", settings, want)
			}
		})
	}
}

func TestMistakesInTheBlockAreNamed(t *testing.T) {
	for _, c := range []struct{ name, text, problem string }{
		{"another word than off", "on", "off"},
		{"a word behind off", "off off", "argument"},
		{"an option where it is off", "off {\ntimeout 1s\n}", "has no options"},
		{"an unknown option", "{\ntimout 1s\n}", `did you mean "timeout"`},
		{"an option twice", "{\ntimeout 1s\ntimeout 1s\n}", "timeout"},
		{"no time at all", "{\n" + accepted + " 0s\n}", accepted},
		{"a time that is over", "{\n" + rejected + " -1s\n}", rejected},
		{"a count without a time", "{\nper_client 10\n}", "per_client"},
		{"none in a time", "{\n" + total + " 0/1m\n}", total},
		{"an unknown answer", "{\n" + unreachable + " 403\n}", unreachable},
	} {
		t.Run(c.name, func(t *testing.T) {
			if settings, err := parse(c.text); err == nil || !strings.Contains(err.Error(), c.problem) {
				t.Errorf("%s, error is %v, want one about %s", settings, err, c.problem)
			}
		})
	}
}

// parse reads what stands behind the word of the block, and writes it as JSON.
func parse(text string) (string, error) {
	d := caddyfile.NewTestDispenser(block + " " + text)
	d.Next()
	settings, err := denials.Parse(d)
	if err != nil {
		return "", err
	}
	written, err := json.Marshal(settings)
	return string(written), err
}
