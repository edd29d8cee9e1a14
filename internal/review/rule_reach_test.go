package review_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/review"
)

const (
	rule    = `{"default": {"messaging": ["US"], "voice": {"low_risk": ["US"]}}, %s "accounts": [{"id": "` + acme + `", "messaging": ["US", "DE"]%s}, {"id": "` + brazil + `", "parent": "` + acme + `", "messaging": ["BR"]}, {"id": "` + trial + `", "messaging": ["FR"], "voice": {"low_risk": []}}]}`
	blockUS = `{"block": "+1", "reason": "x"}`
)

// reaches are the rules of a policy, in words.
func reaches(t *testing.T, operator, account string, all bool) []string {
	t.Helper()
	side := stated(t, "a", fmt.Sprintf(rule, `"prefixes": [`+operator+`],`, `, "prefixes": [`+account+`]`))
	reviewed := review.Reviewed{Side: side}
	var words []string
	for _, r := range reviewed.Rules(night, all) {
		width := "narrow"
		if r.Wide {
			width = "wide"
		}
		words = append(words, fmt.Sprintf("%s: %d territories, %d accounts, unnamed %t, %s", r.Rule, len(r.Territories), r.Accounts, r.Unnamed, width))
	}
	return words
}

func TestARuleIsMeasured(t *testing.T) {
	for _, test := range []struct{ says, operator, account, want string }{
		{"a block of two large countries and what is with them", `{"block": "+1", "reason": "x"}`, "",
			"operator block +1: 25 territories, 2 accounts, unnamed true, wide"},
		{"on one channel", `{"block": "+1", "channel": "messaging", "reason": "x"}`, "",
			"operator block +1 messaging: 25 territories, 1 accounts, unnamed true, wide"},
		{"of what two accounts may reach", `{"block": "+49", "reason": "x"}`, "",
			"operator block +49: 1 territories, 1 accounts, unnamed false, narrow"},
		{"of what no one may reach", `{"block": "+88", "reason": "x"}`, "",
			"operator block +88: 6 territories, 0 accounts, unnamed false, wide"},
		{"an allow that opens dozens", `{"allow": "+9", "reason": "x"}`, "",
			"operator allow +9: 31 territories, 3 accounts, unnamed true, wide"},
		{"of a whole country", `{"allow": "+49", "reason": "x"}`, "",
			"operator allow +49: 1 territories, 3 accounts, unnamed true, wide"},
		{"of a part of one", `{"allow": "+4915", "reason": "x"}`, "",
			"operator allow +4915: 1 territories, 3 accounts, unnamed true, narrow"},
		{"of toll-free numbers, which are both countries'", `{"block": "+1800", "reason": "x"}`, "",
			"operator block +1800: 2 territories, 2 accounts, unnamed true, narrow"},
		{"of an account: subaccounts with sets of their own gain nothing by messages, and call by it", "", `{"allow": "+49", "reason": "x"}`,
			"account " + acme + " allow +49: 1 territories, 2 accounts, unnamed false, wide"},
		{"a block of an account reaches its subaccounts", "", `{"block": "+55", "reason": "x"}`,
			"account " + acme + " block +55: 1 territories, 1 accounts, unnamed false, narrow"},
		{"an exception takes territories away", `{"block": "+88", "reason": "x", "except": ["+880", "+886"]}`, "",
			"operator block +88: 4 territories, 0 accounts, unnamed false, wide"},
		{"the rest of a country is measured by a number that it matches", `{"block": "+49", "reason": "x", "except": ["+490", "+491", "+492", "+493", "+495", "+496", "+497", "+498"]}`, "",
			"operator block +49: 1 territories, 1 accounts, unnamed false, narrow"},
		{"an account's rule where the operator's decides before it", `{"block": "+4915", "reason": "y"}`, `{"block": "+4915", "reason": "x"}`,
			"operator block +4915: 1 territories, 1 accounts, unnamed false, narrow\n" +
				"account " + acme + " block +4915: 1 territories, 0 accounts, unnamed false, narrow"},
		{"a rule that has ended", `{"block": "+1", "reason": "x", "until": "2026-11-22"}`, "",
			"operator block +1: 25 territories, 0 accounts, unnamed false, wide"},
		{"what no listed number begins with", `{"block": "+999", "reason": "x"}`, "",
			"operator block +999: 0 territories, 0 accounts, unnamed false, narrow"},
	} {
		t.Run(test.says, func(t *testing.T) {
			if got := strings.Join(reaches(t, test.operator, test.account, true), "\n"); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestOnlyWideRulesAreMeasuredUnlessAllAreAskedFor(t *testing.T) {
	if got := reaches(t, blockUS+`, {"block": "+49", "reason": "x"}`, "", false); len(got) != 1 {
		t.Errorf("got %q", got)
	}
}

func TestWriteRules(t *testing.T) {
	side := stated(t, "a", fmt.Sprintf(rule, `"prefixes": [`+blockUS+`, {"allow": "+881612345678", "reason": "y"}, {"block": "+999", "reason": "z"}, {"block": "+1800", "reason": "free"}],`, ""))
	reviewed := review.Reviewed{Side: side}
	rules := reviewed.Rules(night, true)
	golden(t, "rules", text(t, func(w io.Writer) error { return review.WriteRules(w, rules) }))
	warnings := review.WideRules(rules)
	want := "operator block +1 covers 25 territories, AG AI AS BB BM BS CA DM and 17 more, and closes numbers to 2 accounts and those that are not named: write longer prefixes if that is more than you mean"
	if len(warnings) != 1 || warnings[0].String() != want {
		t.Errorf("got %+v", warnings)
	}
}

func TestTheLogNamesTenWideRules(t *testing.T) {
	wide := make([]review.RuleReach, 12)
	for i := range wide {
		wide[i].Wide = true
	}
	lines := review.LogWarnings(wide)
	if len(lines) != 11 || lines[10] != `and 2 more rules are wide: "tollgate check" lists them` {
		t.Errorf("got %d lines: %q", len(lines), lines)
	}
}
