package review_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/review"
)

func TestReachers(t *testing.T) {
	const accounts = `"accounts": [{"id": "` + acme + `", "messaging": ["US", "UZ"], "voice": {"low_risk": ["UZ"], "high_risk_special": ["UZ"]}}, {"id": "` +
		brazil + `", "parent": "` + acme + `"}, {"id": "` + trial + `", "messaging": []}, {"id": "` + other + `", "suspended": true, "messaging": ["UZ"]}]}`
	for _, test := range []struct{ says, operator, territory, channel, want string }{
		{"by their own set and by their parent's", "", "UZ", "messaging", "AC11 own, AC33 parent"},
		{"in each class", "", "UZ", "voice", "AC11 own low_risk, AC11 own high_risk_special, AC33 parent low_risk, AC33 parent high_risk_special"},
		{"by the default", `"default": {"messaging": ["UZ"], "voice": {"low_risk": ["UZ"]}},`, "UZ", "voice",
			"AC11 own low_risk, AC11 own high_risk_special, AC33 parent low_risk, AC33 parent high_risk_special, AC44 default low_risk, unna default low_risk"},
		{"by no set", "", "BR", "messaging", ""},
		{"by a rule that allows a part", `"prefixes": [{"allow": "+5511", "channel": "messaging", "reason": "x"}],`, "BR", "messaging", "AC11 allow_rule, AC33 allow_rule, AC44 allow_rule"},
		{"not by a rule of the other channel", `"prefixes": [{"allow": "+5511", "channel": "messaging", "reason": "x"}],`, "BR", "voice", ""},
		{"not where all of it is blocked", `"prefixes": [{"block": "+998", "reason": "x"}],`, "UZ", "messaging", ""},
		{"where the block has an exception", `"prefixes": [{"block": "+998", "reason": "x", "except": ["+99890"]}],`, "UZ", "messaging", "AC11 own, AC33 parent"},
		{"not where the exception is of another territory", `"prefixes": [{"block": "+99", "reason": "x", "except": ["+996"]}],`, "UZ", "messaging", ""},
		{"by WhatsApp, as by messages", "", "UZ", "whatsapp", "AC11 own, AC33 parent"},
		{"where a part is blocked", `"prefixes": [{"block": "+99899", "reason": "x"}],`, "UZ", "messaging", "AC11 own, AC33 parent"},
	} {
		t.Run(test.says, func(t *testing.T) {
			side := stated(t, "a", "{"+test.operator+accounts)
			query := review.ReachQuery{Territory: test.territory, Channel: test.channel, At: "2026-11-22"}
			found, err := query.Reachers(&side)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, a := range found.Accounts {
				got = append(got, strings.TrimSpace(fmt.Sprintf("%.4s %s %s", a.Account, a.By, a.Class)))
			}
			if strings.Join(got, ", ") != test.want {
				t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), test.want)
			}
		})
	}
}

func TestReachersByOpenings(t *testing.T) {
	for _, test := range []struct{ says, opening, channel, want string }{
		{"by an opening, which reaches no child", `"territory": "BR"`, "messaging", "AC11 opening"},
		{"by an opening for calls", `"territory": "BR", "channel": "voice"`, "voice", "AC11 opening low_risk"},
		{"not by an opening for calls", `"territory": "BR", "channel": "voice"`, "messaging", ""},
		{"by an opening of a part", `"prefix": "+5511"`, "messaging", "AC11 opening"},
		{"not by an opening that begins later", `"territory": "BR", "from": "2026-11-23"`, "messaging", ""},
	} {
		t.Run(test.says, func(t *testing.T) {
			side := stated(t, "a", `{"accounts": [{"id": "`+acme+`", "openings": [{`+test.opening+`, "reason": "launch", "until": "2026-12-04"}]}, {"id": "`+
				brazil+`", "parent": "`+acme+`"}]}`)
			query := review.ReachQuery{Territory: "BR", Channel: test.channel, At: "2026-11-22"}
			found, err := query.Reachers(&side)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, a := range found.Accounts {
				got = append(got, strings.TrimSpace(fmt.Sprintf("%.4s %s %s", a.Account, a.By, a.Class)))
			}
			if strings.Join(got, ", ") != test.want {
				t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), test.want)
			}
		})
	}
}

func TestTheSummarySaysWhetherAccountsThatAreNotNamedReachToo(t *testing.T) {
	for _, test := range []struct{ says, policy, want string }{
		{"no one", `{"accounts": [{"id": "` + acme + `", "messaging": ["US"]}]}`, "NO ACCOUNT reaches UZ Uzbekistan by messaging, of 1\n"},
		{"named ones", `{"accounts": [{"id": "` + acme + `", "messaging": ["UZ"]}]}`, "UZ Uzbekistan by messaging: 1 account\n"},
		{"others too", `{"default": {"messaging": ["UZ"]}, "accounts": [{"id": "` + acme + `", "messaging": ["US"]}]}`,
			"UZ Uzbekistan by messaging: 0 accounts, and those that the policy does not name\n"},
	} {
		t.Run(test.says, func(t *testing.T) {
			side := stated(t, "a", test.policy)
			query := review.ReachQuery{Territory: "UZ", Channel: "messaging", At: "2026-11-22"}
			found, err := query.Reachers(&side)
			if err != nil {
				t.Fatal(err)
			}
			var text strings.Builder
			if err := review.WriteReachers(&text, found); err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(text.String(), test.want) {
				t.Errorf("got\n%s\nwant\n%s", text.String(), test.want)
			}
		})
	}
}
