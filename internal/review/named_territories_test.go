package review_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/geo"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/review"
)

// reviewedFile is a policy of Twilio's accounts from the text of a file.
func reviewedFile(t *testing.T, name, text string) review.Reviewed {
	t.Helper()
	source, err := config.ParseFile(name, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	document, err := json.Marshal(&source.Document)
	if err != nil {
		t.Fatal(err)
	}
	side := stated(t, "a", string(document))
	return review.Reviewed{Side: side, Document: config.Merge(source), Sources: []config.Source{source}, HighRisk: geo.HighRisk}
}

func TestNamedTerritoriesAreWarnedOf(t *testing.T) {
	const begin = "version: 1\naccounts:\n  - id: " + acme + "\n    "
	for _, test := range []struct{ says, text, want string }{
		{"what the carrier does not serve", begin + "messaging: [US, IR]", "a.yaml:4:21: messaging IR of account " + acme + " has no effect: the carrier does not serve Iran (unsupported)"},
		{"what it calls risky", begin + "messaging: [NG]", "a.yaml:4:17: messaging NG of account " + acme + " opens what the carrier calls high risk"},
		{"of calls too", begin + "voice: {low_risk: [LV], high_risk_special: [TN]}", "a.yaml:4:24: voice LV of account " + acme + " opens what the carrier calls high risk (…\n" +
			"a.yaml:4:49: voice high_risk_special TN of account " + acme + " opens what the carrier calls high risk"},
		{"of verifications", begin + "verify: {messaging: [IR]}", "a.yaml:4:26: verify messaging IR of account " + acme + " has no effect"},
		{"of a sender only what has no effect", begin + "senders: {\"+12015550123\": {messaging: [IR, NG]}}", "a.yaml:4:44: messaging IR of a sender of account " + acme + " has no effect"},
		{"of WhatsApp, which has a list of its own", begin + "whatsapp: [IR, NG]", "a.yaml:4:16: whatsapp IR of account " + acme + " has no effect"},
		{"of the default", "version: 1\ndefault: {messaging: [CU]}", "a.yaml:2:23: messaging CU of the default has no effect"},
		{"not of all", begin + "messaging: [\"*\"]\n    voice: {low_risk: [\"*\"]}", ""},
		{"not where a list of one's own serves it", strings.Replace(begin, "accounts:", "unsupported: {messaging: []}\naccounts:", 1) + "messaging: [IR]", ""},
		{"where RCS is closed", begin + "messaging: [US]\n    rcs: []", "a.yaml:5:10: rcs none of account " + acme + " closes every plain number to messages by a messaging service, which may send them by RCS"},
		{"where the default closes it", "version: 1\ndefault: {rcs: []}", "a.yaml:2:16: rcs none of the default closes every plain number"},
		{"not where messages are closed", begin + "messaging: []\n    rcs: []", ""},
		{"not where RCS is open somewhere", begin + "messaging: [US]\n    rcs: [US]", ""},
		{"not of codes and senders, which go by what they name", begin + "verify: {rcs: []}\n    senders: {\"+12015550123\": {rcs: []}}", ""},
		{"by request, for an account of its own", begin + "voice: {low_risk: [SG]}", ""},
		{"by request, in the default", "version: 1\ndefault: {voice: {low_risk: [SG]}}", "a.yaml:2:30: voice SG of the default opens it to no account: "},
		{"by request, for a subaccount that inherits", begin + "voice: {low_risk: [SG]}\n  - {id: " + brazil + ", parent: " + acme + "}",
			"a.yaml:4:24: voice SG of account " + acme + " opens it to that account alone, and not to 1 subaccount that inherit the set"},
		{"by request, for one that is approved", begin + "voice: {low_risk: [SG]}\n  - {id: " + brazil + ", parent: " + acme + ", approved: [{territory: SG, channel: voice, reason: x}]}", ""},
	} {
		t.Run(test.says, func(t *testing.T) {
			reviewed := reviewedFile(t, "a.yaml", test.text)
			got := reviewed.NamedTerritories()
			var want []string
			if test.want != "" {
				want = strings.Split(test.want, "\n")
			}
			if len(got) != len(want) {
				t.Fatalf("got %+v", got)
			}
			for i := range got {
				if !strings.HasPrefix(got[i].String(), strings.TrimSuffix(want[i], "…")) {
					t.Errorf("got  %s\nwant %s", got[i].String(), want[i])
				}
			}
		})
	}
}
