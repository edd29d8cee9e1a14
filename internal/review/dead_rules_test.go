package review_test

import (
	"slices"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/review"
)

func TestRulesThatDecideNothingAreNamed(t *testing.T) {
	for _, c := range []struct {
		name, operator, account string
		want                    []string
	}{
		{"one rule", `{"block": "+49", "reason": "a"}`, ``, nil},
		{"a rule twice", `{"block": "+49", "reason": "a"}, {"block": "+49", "reason": "b"}`, ``,
			[]string{`operator block +49 "b" decides nothing: operator block +49 "a" does the same`}},
		{"a rule for one channel beside one for all", `{"block": "+49", "channel": "voice", "reason": "a"}, {"block": "+49", "reason": "b"}`, ``,
			[]string{`operator block +49 voice "a" decides nothing: operator block +49 "b" does the same`}},
		{"rules for two channels", `{"block": "+49", "channel": "voice", "reason": "a"}, {"block": "+49", "channel": "messaging", "reason": "b"}`, ``, nil},
		{"an allow beside a block", `{"allow": "+49", "reason": "a"}, {"block": "+49", "reason": "b"}`, ``,
			[]string{`operator allow +49 "a" decides nothing: operator block +49 "b" comes before it`}},
		{"an allow beside a block that ends", `{"allow": "+49", "reason": "a"}, {"block": "+49", "reason": "b", "until": "2026-12-24"}`, ``, nil},
		{"an allow beside a block that has ended", `{"allow": "+49", "reason": "a"}, {"block": "+49", "reason": "b", "until": "2026-11-01"}`, ``, nil},
		{"an unassigned calling code", `{"block": "+999", "reason": "a"}`, ``,
			[]string{`operator block +999 "a" decides nothing: no calling code that is assigned begins +999`}},
		{"an unassigned calling code to which the policy assigns a range", `{"block": "+9991", "reason": "a"}], "ranges": [{"prefix": "+999", "territory": "GB"}`, ``, nil},
		{"an emergency number behind +", `{"block": "+112", "reason": "a"}`, ``,
			[]string{`operator block +112 "a": no listed number begins with +112, so check it; a range that was assigned recently may be missing from the list`}},
		{"an unlisted prefix of an account", ``, `{"allow": "+44999", "reason": "a"}`,
			[]string{`account ` + acme + ` allow +44999 "a": no listed number begins with +44999, so check it; a range that was assigned recently may be missing from the list`}},
		{"a number with a digit too many", `{"allow": "+491511234567890", "reason": "a"}`, ``,
			[]string{`operator allow +491511234567890 "a": no listed number begins with +491511234567890, so check it; a range that was assigned recently may be missing from the list`}},
		{"a whole number", `{"allow": "+447400123456", "reason": "a"}`, ``, nil},
		{"a prefix of numbers that several territories share", `{"block": "+1800", "reason": "a"}`, ``, nil},
		{"the beginning of a listed prefix", `{"block": "+911", "reason": "a"}`, ``, nil},
		{"an unlisted prefix in a range of the policy", `{"block": "+4499912", "reason": "a"}], "ranges": [{"prefix": "+44999", "territory": "GB"}`, ``, nil},
		{"the beginning of a range of the policy", `{"block": "+44999", "reason": "a"}], "ranges": [{"prefix": "+4499912", "territory": "GB"}`, ``, nil},
		{"a range of the policy elsewhere", `{"block": "+44999", "reason": "a"}], "ranges": [{"prefix": "+44998", "territory": "GB"}`, ``,
			[]string{`operator block +44999 "a": no listed number begins with +44999, so check it; a range that was assigned recently may be missing from the list`}},
		{"a wider rule", `{"block": "+49", "reason": "a"}, {"block": "+4915", "reason": "b"}`, ``,
			[]string{`operator block +4915 "b" decides nothing: operator block +49 "a" does the same, for more numbers`}},
		{"a wider rule with the opposite between them", `{"block": "+49", "reason": "a"}, {"allow": "+491", "reason": "c"}, {"block": "+4915", "reason": "b"}`, ``, nil},
		{"a block that an equally long allow would replace", `{"block": "+49", "reason": "a"}, {"allow": "+4915", "channel": "voice", "reason": "c"}, {"block": "+4915", "channel": "messaging", "reason": "b"}`, ``, nil},
		{"a wider rule that excepts it", `{"block": "+49", "reason": "a", "except": ["+491"]}, {"block": "+4915", "reason": "b"}`, ``, nil},
		{"a wider rule that excepts a part of it", `{"block": "+49", "reason": "a", "except": ["+49151"]}, {"block": "+4915", "reason": "b"}`, ``, nil},
		{"a wider rule that excepts other numbers", `{"block": "+49", "reason": "a", "except": ["+4916"]}, {"block": "+4915", "reason": "b"}`, ``,
			[]string{`operator block +4915 "b" decides nothing: operator block +49 "a" does the same, for more numbers`}},
		{"an account's allow under the operator's block", `{"block": "+49", "reason": "a"}`, `{"allow": "+4915", "reason": "b"}`,
			[]string{`account ` + acme + ` allow +4915 "b" decides nothing: operator block +49 "a" denies these numbers whatever it says`}},
		{"an account's allow under the operator's allow within a block", `{"block": "+49", "reason": "a"}, {"allow": "+491", "reason": "c"}`, `{"allow": "+4915", "reason": "b"}`, nil},
		{"an account's block under the operator's", `{"block": "+49", "reason": "a"}`, `{"block": "+4915", "reason": "b"}`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			side := stated(t, "1", `{"accounts": [{"id": "`+acme+`", "prefixes": [`+c.account+`]}], "prefixes": [`+c.operator+`]}`)
			reviewed := review.Reviewed{Side: side}
			var got []string
			for _, remark := range reviewed.DeadRules(night) {
				got = append(got, remark.Text)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got\n%q\nwant\n%q", got, c.want)
			}
		})
	}
}
