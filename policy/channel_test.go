package policy_test

import (
	"testing"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Whatever begins with an exact prefix is high-risk special to a verdict, and so
// may be what begins with another. The pages name how many territories have such.
func TestSpecialPrefixesAreWhatAVerdictCallsSpecial(t *testing.T) {
	plan, inexact, longest := numbering.Default(), 0, 0
	for territory := range numbering.AllTerritories() {
		prefixes := policy.SpecialPrefixes(territory)
		longest = max(longest, len(prefixes))
		isExact := true
		for _, prefix := range prefixes {
			isExact = isExact && prefix.Exact
			if assignment := plan.Lookup(prefix.Digits); prefix.Exact && len(prefix.Digits) > 3 && policy.ClassOf(assignment.Kinds) != policy.HighRiskSpecial {
				t.Errorf("+%s of %s is %s", prefix.Digits, territory, assignment.Kinds)
			}
		}
		if !isExact {
			inexact++
		}
	}
	if inexact != 18 {
		t.Errorf("%d territories have prefixes that are not exact, and docs/numbering.md says 18", inexact)
	}
	if longest != 272 {
		t.Errorf("the longest list has %d prefixes: see that mostPrefixes is well above it", longest)
	}
}
