package suggest

import "testing"

func TestTheDistanceIsTheFewestLettersToChange(t *testing.T) {
	for _, c := range []struct {
		name, a, b string
		want       int
	}{
		{"the same", "voice", "voice", 0},
		{"nothing", "", "", 0},
		{"all of it missing", "", "voice", 5},
		{"one missing", "voce", "voice", 1},
		{"one too many", "voiice", "voice", 1},
		{"one replaced", "voise", "voice", 1},
		{"two neighbors swapped", "vocie", "voice", 1},
		{"two neighbors swapped, twice", "ovocie", "voice", 2},
		{"two that are not neighbors", "eoicv", "voice", 2},
		{"swapped and then one between them", "ca", "abc", 3},
		{"no letter in common", "abd", "voice", 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := distance(c.a, c.b); got != c.want {
				t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
			}
			if got := distance(c.b, c.a); got != c.want {
				t.Errorf("distance(%q, %q) = %d, want %d", c.b, c.a, got, c.want)
			}
		})
	}
}
