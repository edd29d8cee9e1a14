package numbering

import "testing"

// FuzzLookup holds what is true of every number: an answer is nobody or real
// territories and a kind, and exactly one kind if it is listed.
func FuzzLookup(f *testing.F) {
	plan := Default()
	f.Fuzz(func(t *testing.T, digits string) {
		owner := plan.Lookup(digits)
		for _, territory := range owner.Territories {
			if parsed, ok := ParseTerritory(territory.String()); !ok || parsed != territory {
				t.Errorf("%q is of the territory %d", digits, territory)
			}
		}
		if owner.Assigned() == (owner.Kinds == 0) {
			t.Errorf("%q is %s", digits, describe(owner))
		}
		if oneKind := owner.Kinds&(owner.Kinds-1) == 0; owner.Listed && (!owner.Assigned() || !oneKind) {
			t.Errorf("%q is %s", digits, describe(owner))
		}
	})
}
