package numbering

import "testing"

// FuzzLookup holds what is true of every number: an answer is unassigned or real
// territories and a kind, and exactly one kind if it is listed.
func FuzzLookup(f *testing.F) {
	plan := Default()
	f.Fuzz(func(t *testing.T, digits string) {
		assignment := plan.Lookup(digits)
		for _, territory := range assignment.Territories {
			if parsed, ok := ParseTerritory(territory.String()); !ok || parsed != territory {
				t.Errorf("%q is of the territory %d", digits, territory)
			}
		}
		if assignment.Assigned() == (assignment.Kinds == 0) {
			t.Errorf("%q is %s", digits, describe(assignment))
		}
		if oneKind := assignment.Kinds&(assignment.Kinds-1) == 0; assignment.Listed && (!assignment.Assigned() || !oneKind) {
			t.Errorf("%q is %s", digits, describe(assignment))
		}
	})
}
