package numbering_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/numbering"
)

func TestReachOf(t *testing.T) {
	for _, test := range []struct{ says, prefix, want string }{
		{"a whole country", "49", "DE whole"},
		{"a part of one", "4915", "DE"},
		{"a prefix that takes two countries and networks along", "88", "BD whole, TW whole, +881 whole, +882 whole, +883 whole, +888 whole"},
		{"a code of two countries", "7", "KZ whole, RU whole"},
		{"an island's part of a code", "441481", "GG"},
		{"numbers that are toll-free in two countries", "1800", "CA shared, US shared"},
		{"a whole number", "12015550123", "US"},
		{"a calling code of no one", "999", ""},
		{"a number that is too long", "120155501234", ""},
	} {
		t.Run(test.says, func(t *testing.T) {
			var got []string
			for _, r := range numbering.ReachOf(test.prefix) {
				words := r.Territory.String()
				if r.Whole {
					words += " whole"
				}
				if r.Shared {
					words += " shared"
				}
				got = append(got, words)
			}
			if strings.Join(got, ", ") != test.want {
				t.Errorf("+%s: got %s, want %s", test.prefix, strings.Join(got, ", "), test.want)
			}
		})
	}
}

// Every example is a listed number of its territory that begins with the prefix.
func TestExamplesAreListedNumbersOfTheirTerritory(t *testing.T) {
	plan := numbering.Default()
	for n := 1; n <= 9999; n++ {
		prefix := fmt.Sprint(n)
		for _, r := range numbering.ReachOf(prefix) {
			assignment := plan.Lookup(r.Example)
			isOwn := len(assignment.Territories) == 1 && assignment.Territories[0] == r.Territory
			if !strings.HasPrefix(r.Example, prefix) || !assignment.Listed || isOwn == r.Shared {
				t.Fatalf("+%s: %s is the example of %s, got %+v", prefix, r.Example, r.Territory, assignment)
			}
		}
	}
}
