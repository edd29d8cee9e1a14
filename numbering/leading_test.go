package numbering

import (
	"slices"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
)

func TestLeadingDigitsTellTerritoriesOfOneCallingCodeApart(t *testing.T) {
	for _, test := range []struct {
		territory, prefixes string
		rest                bool
	}{
		{"BS", "1242", false},
		{"DO", "1809 1829 1849", false},
		{"US", "", true},
		{"KZ", "77", false},
		{"RU", "", true},
		{"VA", "3906698", false},
		{"IT", "", true},
		{"AX", "35818", false},
		{"SJ", "4779", false},
		{"TA", "2908", false},
		{"BQ", "5993 5994 5997", false},
		{"DE", "", false}, // it shares no code
		{"EH", "", false}, // no numbers of its own that libphonenumber knows
		{"PN", "", false},
		{"BV", "", false}, // no code at all
		{"+870", "", false},
	} {
		prefixes, rest := LeadingDigits(theTerritory(t, test.territory))
		if got := strings.Join(prefixes, " "); got != test.prefixes || rest != test.rest {
			t.Errorf("%s has %q, the rest: %v; want %q, %v", test.territory, got, rest, test.prefixes, test.rest)
		}
	}
}

// The territory that has the rest is the main territory of the code for libphonenumber too,
// and no other has it.
func TestTheMainTerritoryHasTheRest(t *testing.T) {
	for territory := range AllTerritories() {
		if _, rest := LeadingDigits(territory); !rest {
			continue
		}
		code := territory.CallingCodes()[0]
		main := phonenumbers.GetRegionCodeForCountryCode(callingCodeOf(code))
		if got := territory.String(); got != main && got != "+"+code {
			t.Errorf("%s has the rest of +%s, whose main territory is %s", territory, code, main)
		}
	}
	for code, isShared := range sharedCodes() {
		main := Default().Lookup(code).Territories[0]
		if _, rest := LeadingDigits(main); rest != isShared {
			t.Errorf("%s has the rest of +%s: %v", main, code, rest)
		}
	}
}

// No prefix leads into another's: what begins with the digits of a territory is
// its own, if it is listed at all.
func TestLeadingDigitsAreOfOneTerritory(t *testing.T) {
	for territory := range AllTerritories() {
		prefixes, _ := LeadingDigits(territory)
		if !slices.IsSorted(prefixes) || len(prefixes) >= mostLeading {
			t.Errorf("%s has %s", territory, prefixes)
		}
		for _, prefix := range prefixes {
			for tail := range 10 {
				digits := prefix + strings.Repeat(string(rune('0'+tail)), 11-min(11, len(prefix)))
				if assignment := Default().Lookup(digits); assignment.Listed && !slices.Contains(assignment.Territories, territory) {
					t.Errorf("+%s is %v's, and %s has %s", digits, assignment.Territories, territory, prefix)
				}
			}
		}
	}
}
