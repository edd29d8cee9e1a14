package policy_test

import (
	"testing"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

func TestClassPrefixes(t *testing.T) {
	for _, test := range []struct {
		says, territory string
		class           policy.Class
		want            string // some of the prefixes
		count           int
	}{
		{"satellite phones", "+881", policy.HighRiskTollFraud, "881", 1},
		{"of which none is of another class", "+881", policy.LowRisk, "", 0},
		{"a range within another is not listed", "+882", policy.HighRiskTollFraud, "882", 1},
		{"premium numbers alone", "+979", policy.HighRiskSpecial, "979", 1},
		{"are not low risk", "+979", policy.LowRisk, "", 0},
		{"a country without toll-fraud ranges", "LV", policy.HighRiskTollFraud, "", 0},
		{"premium numbers of a country", "LV", policy.HighRiskSpecial, "3719", 2},
		{"and its ordinary ones", "LV", policy.LowRisk, "3712", 3},
	} {
		t.Run(test.says, func(t *testing.T) {
			territory, _ := numbering.ParseTerritory(test.territory)
			prefixes := policy.ClassPrefixes(test.class, territory)
			found := test.want == ""
			for _, p := range prefixes {
				found = found || p == numbering.Prefix{Digits: test.want, Exact: true}
			}
			if !found || len(prefixes) != test.count {
				t.Errorf("got %v", prefixes)
			}
		})
	}
}

// A number that begins with an exact prefix of a class is of that class.
func TestNumbersOfAClassBeginWithItsPrefixes(t *testing.T) {
	plan := numbering.Extend(numbering.Default(), nil, numbering.DefaultTollFraud())
	for territory := range numbering.AllTerritories() {
		for class := range policy.ClassCount {
			for _, p := range policy.ClassPrefixes(class, territory) {
				for _, r := range numbering.ReachOf(p.Digits) {
					if got := policy.ClassOf(plan.Lookup(r.Example).Kinds); p.Exact && !r.Shared && got != class {
						t.Errorf("%s %s: +%s, as +%s, is %s", territory, class, p.Digits, r.Example, got)
					}
				}
			}
		}
	}
}
