package config_test

import (
	"testing"

	"github.com/caddy-tollgate/tollgate/config"
)

func TestPlaceFindsAValueInTheSourceThatStatesIt(t *testing.T) {
	parse := func(name, text string) config.Source {
		source, err := config.ParseFile(name, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return source
	}
	sources := []config.Source{
		{Document: config.Document{Prefixes: make([]config.Prefix, 1)}}, // of a configuration that no file is known of
		parse("a.yaml", "version: 1\nprefixes:\n  - {block: \"+1\", reason: one}\naccounts:\n  - {id: a}\nlimits: [{name: one, amount: 1/1h, per: [account]}]\n"),
		parse("b.yaml", "version: 1\ndefault: {messaging: [US]}\nprefixes:\n  - {block: \"+2\", reason: two}\n  - {block: \"+3\", reason: three}\naccounts:\n  - id: b\n    messaging: [US, NG]\nlimits:\n  - {name: two, amount: 2/1h, per: [account]}\n"),
	}
	for path, want := range map[string]string{
		"prefixes[0]":                ":0",
		"prefixes[1]":                "a.yaml:3:5",
		"prefixes[3].block":          "b.yaml:5:13",
		"prefixes[4]":                ":0",
		"accounts[0]":                "a.yaml:5:5",
		"accounts[1].messaging[1]":   "b.yaml:8:21",
		"accounts[1].voice.low_risk": "b.yaml:7:5",
		"limits[0].name":             "a.yaml:6:17",
		"limits[1]":                  "b.yaml:10:5",
		"default.messaging[0]":       "b.yaml:2:23",
	} {
		if got := config.Place(sources, path).String(); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}
