package config_test

import (
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/config"
)

func TestMistakesInOpeningsAreNamed(t *testing.T) {
	opening := func(members string) string {
		return `{"accounts":[{"id":"` + acme + `","openings":[{` + members + `}]}]}`
	}
	const ends = `"reason":"launch","until":"2026-12-04"`
	for _, test := range []struct{ says, text, want string }{
		{"of nothing", opening(ends), `accounts[0].openings[0]: an opening needs a "territory" or a "prefix" to open`},
		{"of a territory and a prefix", opening(`"territory":"ID","prefix":"+62",` + ends), `accounts[0].openings[0]: an opening opens a territory or a prefix: write two openings`},
		{"of an unknown territory", opening(`"territory":"XX",` + ends), `accounts[0].openings[0].territory: unknown territory "XX"`},
		{"of all territories", opening(`"territory":"*",` + ends), `"*" is every territory: name the one that is meant`},
		{"of a group", opening(`"territory":"EU",` + ends), `"EU" is a group of territories: name the one that is meant`},
		{"of what is not a prefix", opening(`"prefix":"62",` + ends), `accounts[0].openings[0].prefix: "62" is not a number or the beginning of one`},
		{"without a reason", opening(`"territory":"ID","until":"2026-12-04"`), `accounts[0].openings[0]: an opening needs a reason: say in quotes why it is there`},
		{"without an end", opening(`"territory":"ID","reason":"launch"`), `accounts[0].openings[0]: an opening needs an end: write "until" and a date or time`},
		{"with an end that is not a time", opening(`"territory":"ID","reason":"launch","until":"Friday"`), `accounts[0].openings[0].until: cannot read "Friday" as a date or time`},
		{"that ends as it begins", opening(`"territory":"ID","from":"2026-12-04",` + ends), `accounts[0].openings[0].from: an opening begins before it ends: from 2026-12-04 until 2026-12-04, it is never in force`},
		{"for an unknown channel", opening(`"territory":"ID","channel":"voise",` + ends), `accounts[0].openings[0].channel: unknown channel "voise", did you mean "voice"?`},
		{"of an unknown class", opening(`"territory":"ID","channel":"voice","class":"high",` + ends), `accounts[0].openings[0].class: unknown risk class "high"`},
		{"of a class of messages", opening(`"territory":"ID","channel":"messaging","class":"low_risk",` + ends), `accounts[0].openings[0].class: only calls have risk classes: add the channel "voice", or remove the class`},
		{"of a class on all channels", opening(`"territory":"ID","class":"high_risk_special",` + ends), `accounts[0].openings[0].class: only calls have risk classes`},
		{"of a class of high risk", opening(`"territory":"ID","channel":"voice","class":"high_risk_special",` + ends), `accounts[0].openings[0]: calls of class high_risk_special are a high risk: add "acknowledge_high_risk" to open them all the same`},
		{"of calls by request", opening(`"territory":"SG","channel":"voice",` + ends), `accounts[0].openings[0]: the carrier opens calls to SG by request only: once it has opened them to the account, add "acknowledge_high_risk"; else open another channel`},
		{"of all channels by request", opening(`"territory":"SG",` + ends), `the carrier opens calls to SG by request only`},
		{"of a prefix by request", opening(`"prefix":"+659",` + ends), `the carrier opens calls to SG by request only`},
		{"of what is stated to be by request", strings.Replace(opening(`"territory":"ID",`+ends), "{", `{"by_request":{"voice":["ID"]},`, 1), `the carrier opens calls to ID by request only`},
		{"of messages that are not served", opening(`"territory":"IR","channel":"messaging",` + ends), `accounts[0].openings[0]: the carrier does not serve IR messaging, and nothing lifts that: remove the opening`},
		{"of messages by an app that are not served", opening(`"territory":"IR","channel":"whatsapp","acknowledge_high_risk":true,` + ends), `the carrier does not serve IR whatsapp`},
		{"of a prefix that is not served", opening(`"prefix":"+98912","channel":"messaging",` + ends), `the carrier does not serve +98912 messaging`},
		{"of calls that are stated not to be served", strings.Replace(opening(`"territory":"ID","channel":"voice",`+ends), "{", `{"unsupported":{"voice":["ID"]},`, 1), `the carrier does not serve ID voice`},
	} {
		t.Run(test.says, func(t *testing.T) {
			_, err := config.Compile(carriers, config.Source{Document: parse(t, test.text)})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

func TestOpeningsThatTheCarrierAllowsCompile(t *testing.T) {
	opening := func(members string) string {
		return `{"accounts":[{"id":"` + acme + `","openings":[{` + members + `,"reason":"launch","until":"2026-12-04"}]}]}`
	}
	for says, text := range map[string]string{
		"of messages where calls are by request":        opening(`"territory":"SG","channel":"messaging"`),
		"of calls by request that is acknowledged":      opening(`"territory":"SG","channel":"voice","acknowledge_high_risk":true`),
		"of all channels where calls are served":        opening(`"territory":"IR"`),
		"of calls where nothing is by request":          strings.Replace(opening(`"territory":"SG"`), "{", `{"by_request":{"voice":[]},`, 1),
		"of messages where all are stated to be served": strings.Replace(opening(`"territory":"IR","channel":"rcs"`), "{", `{"unsupported":{"messaging":[]},`, 1),
	} {
		if _, err := config.Compile(carriers, config.Source{Document: parse(t, text)}); err != nil {
			t.Errorf("%s: %v", says, err)
		}
	}
	other := parse(t, opening(`"territory":"SG"`))
	if err := config.Check(config.Source{Document: other}, true, carriers); err != nil {
		t.Errorf("where another document may state what is by request: %v", err)
	}
}
