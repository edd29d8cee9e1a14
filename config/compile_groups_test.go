package config_test

import (
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/policy"
)

func TestAGroupStandsForItsMembersAndNamesNoneOutright(t *testing.T) {
	d := parse(t, `{"accounts": [{"id": "`+acme+`", "messaging": ["benelux", "GB"], "voice": {"low_risk": ["ASEAN"]}}]}`)
	account := compile(t, d).Definition.Accounts[0]
	var enabled []string
	for territory := range account.Messaging.Set.All() {
		enabled = append(enabled, territory.String())
	}
	if got := strings.Join(enabled, " "); got != "BE GB LU NL" {
		t.Errorf("enabled are %s", got)
	}
	// Singapore is opened on request, which a group does not stand for.
	voice := account.Voice[policy.LowRisk]
	if !voice.Set.Has(territory("SG")) || voice.Outright != (policy.Set{}) {
		t.Errorf("voice is %v, named are %v", voice.Set, voice.Outright)
	}
}

func TestAGroupIsWrittenInCapitals(t *testing.T) {
	d := parse(t, `{"default": {"messaging": ["eu", "us"]}}`)
	merged := config.Merge(config.Source{Document: d})
	if got := strings.Join(merged.Default.Messaging, " "); got != "EU US" {
		t.Errorf("the document has %s", got)
	}
}

func TestAGroupIsRefusedWhereOneTerritoryIsMeant(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"as a home", `{"accounts": [{"id": "` + acme + `", "home": "EU"}]}`, `accounts[0].home: "EU" is a group of territories: name the one that is meant`},
		{"as what the carrier opened", `{"accounts": [{"id": "` + acme + `", "approved": [{"territory": "ASEAN", "channel": "voice", "reason": "r"}]}]}`, `"ASEAN" is a group of territories`},
		{"in one text with another", `{"default": {"messaging": ["EU US"]}}`, `write each by itself, in a file as [EU, US]`},
		{"mistyped", `{"default": {"messaging": ["EUROP"]}}`, `unknown territory "EUROP", did you mean "EUROPE"?`},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := config.ParseJSON([]byte(test.text))
			if err == nil {
				_, err = config.Compile(carriers, config.Source{Document: d})
			}
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}
