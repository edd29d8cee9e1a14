package review_test

import (
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/internal/review"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

const required = `{
	"prefixes": [
		{"block": "+447700900", "reason": "fiction"},
		{"allow": "+4915112345678", "reason": "the head office"}
	],
	"default": {"messaging": ["US"]},
	"accounts": [
		{"id": "` + acme + `", "label": "Acme", "keys": ["` + key + `"],
			"messaging": ["US", "CA", "GB"], "voice": {"low_risk": ["US", "CA", "GB"], "high_risk_special": ["US"]},
			"verify": {"messaging": ["US", "MX"]},
			"senders": {"+14155550100": {"messaging": ["US"]}, "acme": {"messaging": ["US", "CA", "GB", "FR"]}}},
		{"id": "` + brazil + `", "label": "Acme Brazil", "parent": "` + acme + `", "voice": {"low_risk": ["BR"]}, "messaging_special": "deny"},
		{"id": "` + other + `", "messaging": ["*"], "monitor": true}
	]
}`

func territories(t testing.TB, codes string) (list []numbering.Territory) {
	t.Helper()
	for _, code := range strings.Fields(codes) {
		territory, ok := numbering.ParseTerritory(code)
		if !ok {
			t.Fatalf("no territory %s", code)
		}
		list = append(list, territory)
	}
	return list
}

func TestCheck(t *testing.T) {
	g := gateOf(stated(t, "d7b3deee4e0a", required))
	messaging, voice := []policy.Channel{policy.Messaging}, []policy.Channel{policy.Voice}
	low, special := []policy.Class{policy.LowRisk}, []policy.Class{policy.HighRiskSpecial}
	for _, c := range []struct {
		says        string
		requirement review.Requirement
		missing     string // account's first letters, channel, class, sender, destination, reason
		excess      string
		required    int
	}{
		{says: "all is enabled", required: 4,
			requirement: review.Requirement{Accounts: []policy.CarrierAccount{at(acme)}, Territories: territories(t, "US GB")}},
		{says: "a territory is not", required: 2,
			requirement: review.Requirement{Accounts: []policy.CarrierAccount{at(acme)}, Channels: messaging, Territories: territories(t, "US FR")},
			missing:     "AC11 messaging FR territory_not_enabled"},
		{says: "without channels all are asked", required: 2,
			requirement: review.Requirement{Accounts: []policy.CarrierAccount{at(acme)}, Territories: territories(t, "FR")},
			missing:     "AC11 messaging FR territory_not_enabled, AC11 voice low_risk FR territory_not_enabled"},
		{says: "a class is not", required: 2,
			requirement: review.Requirement{Accounts: []policy.CarrierAccount{at(acme)}, Channels: voice, Classes: special, Territories: territories(t, "US GB")},
			missing:     "AC11 voice high_risk_special GB class_not_enabled"},
		{says: "without a class, a network is asked for in the one that its numbers have", required: 4,
			requirement: review.Requirement{Accounts: []policy.CarrierAccount{at(acme)}, Channels: voice, Territories: territories(t, "US +800 +881 +979")},
			missing:     "AC11 voice low_risk +800 territory_not_enabled, AC11 voice high_risk_tollfraud +881 territory_not_enabled, AC11 voice high_risk_special +979 territory_not_enabled"},
		{says: "a child inherits what it does not state", required: 2,
			requirement: review.Requirement{Accounts: []policy.CarrierAccount{at(brazil)}, Territories: territories(t, "GB")},
			missing:     "AC33 voice low_risk GB territory_not_enabled"},
		{says: "an account that the policy does not name has the default", required: 2,
			requirement: review.Requirement{Accounts: []policy.CarrierAccount{at(trial)}, Channels: messaging, Territories: territories(t, "US GB")},
			missing:     "AC44 messaging GB territory_not_enabled"},
		{says: "each sender is asked by itself", required: 6,
			requirement: review.Requirement{Accounts: []policy.CarrierAccount{at(acme)}, Channels: messaging, Senders: []string{"(415) 555-0100", "ACME", "+14155550199"}, Territories: territories(t, "US GB")},
			missing:     "AC11 messaging (415) 555-0100 GB sender_not_enabled"},
		{says: "a sender cannot have what its account has not", required: 1,
			requirement: review.Requirement{Accounts: []policy.CarrierAccount{at(acme)}, Channels: messaging, Senders: []string{"acme"}, Territories: territories(t, "FR")},
			missing:     "AC11 messaging acme FR territory_not_enabled"},
		{says: "a number is compared with prefix rules", required: 2,
			requirement: review.Requirement{Accounts: []policy.CarrierAccount{at(acme)}, Channels: messaging, Numbers: []string{"+447700900123", "+49 1511 2345678"}},
			missing:     "AC11 messaging +447700900123 prefix_blocked"},
		{says: "a number is of its own class", required: 1,
			requirement: review.Requirement{Accounts: []policy.CarrierAccount{at(brazil)}, Channels: voice, Numbers: []string{"+19005550123"}},
			missing:     "AC33 voice high_risk_special +19005550123 territory_not_enabled"},
		{says: "a message has a class where it is denied for it", required: 2,
			requirement: review.Requirement{Accounts: []policy.CarrierAccount{at(acme), at(brazil)}, Channels: messaging, Numbers: []string{"+449012345678"}},
			missing:     "AC33 messaging high_risk_special +449012345678 class_not_enabled"},
		{says: "what cannot be read is not enabled", required: 1,
			requirement: review.Requirement{Accounts: []policy.CarrierAccount{at(acme)}, Channels: messaging, Numbers: []string{"+44 gibberish"}},
			missing:     "AC11 messaging +44 gibberish destination_unreadable"},
		{says: "what is only recorded is not enabled", required: 1,
			requirement: review.Requirement{Accounts: []policy.CarrierAccount{at(other)}, Channels: messaging, Territories: territories(t, "IR")},
			missing:     "AC99 messaging IR unsupported"},
		{says: "verifications are asked for by themselves", required: 4,
			requirement: review.Requirement{Accounts: []policy.CarrierAccount{at(acme)}, Verification: true, Territories: territories(t, "US GB")},
			missing:     "AC11 verify messaging GB territory_not_enabled"},
		{says: "a number to verify", required: 1,
			requirement: review.Requirement{Accounts: []policy.CarrierAccount{at(acme)}, Channels: messaging, Verification: true, Numbers: []string{"+447400123456"}},
			missing:     "AC11 verify messaging +447400123456 territory_not_enabled"},
		{says: "exactly what is enabled for verifications", required: 1,
			requirement: review.Requirement{Accounts: []policy.CarrierAccount{at(acme)}, Channels: messaging, Verification: true, Territories: territories(t, "US"), Exactly: true},
			excess:      "AC11 verify messaging MX enabled"},
		{says: "exactly what is enabled", required: 3,
			requirement: review.Requirement{Accounts: []policy.CarrierAccount{at(acme)}, Channels: messaging, Territories: territories(t, "US CA GB"), Exactly: true}},
		{says: "more is enabled than is required", required: 2,
			requirement: review.Requirement{Accounts: []policy.CarrierAccount{at(acme)}, Channels: messaging, Territories: territories(t, "US FR"), Exactly: true},
			missing:     "AC11 messaging FR territory_not_enabled",
			excess:      "AC11 messaging CA enabled, AC11 messaging GB enabled"},
		{says: "more is enabled in a class that was not asked for", required: 2,
			requirement: review.Requirement{Accounts: []policy.CarrierAccount{at(acme)}, Channels: voice, Territories: territories(t, "CA GB"), Exactly: true},
			excess:      "AC11 voice low_risk US enabled, AC11 voice high_risk_special US enabled"},
		{says: "only the classes that were asked for", required: 2,
			requirement: review.Requirement{Accounts: []policy.CarrierAccount{at(acme)}, Channels: voice, Classes: low, Territories: territories(t, "CA GB"), Exactly: true},
			excess:      "AC11 voice low_risk US enabled"},
		{says: "a sender has more than is required", required: 0,
			requirement: review.Requirement{Accounts: []policy.CarrierAccount{at(acme)}, Channels: messaging, Senders: []string{"+14155550100"}, Exactly: true},
			excess:      "AC11 messaging +14155550100 US enabled"},
		{says: "no account", required: 0, requirement: review.Requirement{Territories: territories(t, "US")}},
	} {
		t.Run(c.says, func(t *testing.T) {
			report := c.requirement.Check(always(g), night)
			if got := sentences(report.Missing); got != c.missing {
				t.Errorf("missing: got %s, want %s", got, c.missing)
			}
			if got := sentences(report.Excess); got != c.excess {
				t.Errorf("excess: got %s, want %s", got, c.excess)
			}
			if report.Required != c.required || report.Met() != (c.missing == "" && c.excess == "") {
				t.Errorf("%d required, met %t", report.Required, report.Met())
			}
		})
	}
}

func sentences(findings []review.Finding) string {
	var list []string
	for _, f := range findings {
		words := []string{f.Account[:4], f.Channel, f.Class, f.Sender, f.Destination, string(f.Reason)}
		list = append(list, strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " "))
	}
	return strings.Join(list, ", ")
}

func TestWriteReport(t *testing.T) {
	g := gateOf(stated(t, "d7b3deee4e0a", required))
	for says, r := range map[string]review.Requirement{
		"all is enabled": {Accounts: []policy.CarrierAccount{at(acme)}, Territories: territories(t, "US GB")},
		"much is missing": {
			Accounts: []policy.CarrierAccount{at(acme), at(brazil), at(other)}, Senders: []string{"+14155550100", "+14155550199"},
			Territories: territories(t, "US GB FR IT ES PT DE AT CH BE NL LU DK SE NO FI IS IE PL CZ SK HU RO BG GR HR SI EE LV LT MT CY IR"), Numbers: []string{"+447700900123"},
		},
		"more than required": {Accounts: []policy.CarrierAccount{at(acme), at(other)}, Territories: territories(t, "US CA"), Exactly: true},
		"nothing is asked":   {},
	} {
		t.Run(says, func(t *testing.T) {
			report := r.Check(always(g), night)
			golden(t, "check "+says, text(t, func(w io.Writer) error { return review.WriteReport(w, report) }))
		})
	}
}

func TestReportsAsJSON(t *testing.T) {
	g := gateOf(stated(t, "d7b3deee4e0a", required))
	r := review.Requirement{Accounts: []policy.CarrierAccount{at(brazil)}, Channels: []policy.Channel{policy.Voice}, Senders: []string{"acme"}, Territories: territories(t, "GB")}
	got, err := json.Marshal(r.Check(always(g), night))
	const want = `{"policy":"d7b3deee4e0a","at":"2026-11-22T03:12:00Z","required":1,"missing":[` +
		`{"carrier":"twilio","account":"AC33333333333333333333333333333333","label":"Acme Brazil","channel":"voice","class":"low_risk","sender":"acme",` +
		`"destination":"GB","verdict":"deny","reason":"territory_not_enabled","rule":"account AC33333333333333333333333333333333 voice"}],"excess":[]}`
	if err != nil || string(got) != want {
		t.Errorf("got\n%s, %v\nwant\n%s", got, err, want)
	}
}

// What is required at night is enabled if it is by day.
func TestHoursAreNotMissingAtNight(t *testing.T) {
	r := review.Requirement{Accounts: []policy.CarrierAccount{at(acme)}, Channels: []policy.Channel{policy.Messaging}, Numbers: []string{"+12125550101"}}
	quiet := stated(t, "a", document(`"limits": [{"name": "quiet", "hours": "08:00-21:00", "zone": "destination"}],`, ""))
	three := time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC) // in New York
	if e := review.Explain(gateOf(quiet), &gate.Question{Account: acme, To: "+12125550101", At: three}); e.Reason != policy.LimitExceeded {
		t.Fatalf("at that time it is %s", e.Reason)
	}
	if report := r.Check(func(string) *gate.Gate { return gateOf(quiet) }, three); !report.Met() {
		t.Errorf("missing: %+v", report.Missing)
	}
}
