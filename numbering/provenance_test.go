package numbering

import (
	"slices"
	"strings"
	"testing"
)

func TestHowAnOwnerWasFound(t *testing.T) {
	plan := Default()
	library := "libphonenumber " + DefaultMetadata().Version
	none := "no range of " + library + " has it"
	britain := ": new ranges can be any of the four's, as Ofcom opens 07 ranges for Jersey, Guernsey and Man among those of Great Britain"
	tests := []struct {
		name, number          string
		code, matched, source string
	}{
		{"a German mobile", "4915112345678", "49", "4915112", library},
		{"an area code that libphonenumber has", "12125551234", "1", "1212", "area code 212, New York; " + library},
		{"one that it does not have yet", "19242345678", "1", "1924", "area code 924, Minnesota"},
		{"a toll-free number", "18002345678", "1", "1800", "area code 800, toll-free"},
		{"a number of +1 without an area code", "13101234", "1", "13101", library},
		{"an area code with a digit too few", "121255512", "1", "121255512", "area code 212, New York; " + none},
		{"an island by its leading digits", "447797712345", "44", "447797", library},
		{"premium rate", "37190012345", "371", "3719", library},
		{"a satellite network", "881612345678", "881", "881", library},
		{"a gap in ranges that territories share", "447911312345", "44", "447911", none + britain},
		{"a gap with leading digits of its own", "7789123", "7", "778", none + ", but its leading digits are only used there"},
		{"a gap under a code of one territory", "4900000", "49", "49", none + ", and the calling code is of this territory alone"},
		{"a number cut short", "371811234", "371", "371811234", none + ", and the calling code is of this territory alone"},
		{"a digit too many", "371811234567", "371", "37181123456", none + ", and the calling code is of this territory alone"},
		{"an unassigned area code", "12902345678", "1", "12", none + ": an area code in no row of the table can become any member's of the plan"},
		{"an area code cut short", "12", "1", "12", none + ": an area code in no row of the table can become any member's of the plan"},
		{"the calling code alone", "44", "44", "44", none + britain},
		{"a calling code that is not used", "379123", "379", "379", none + ": assigned to the Vatican, which numbers under +39 instead"},
		{"an unassigned code", "999123", "", "", ""},
		{"no number", "", "", "", ""},
	}
	for _, test := range tests {
		if got, want := plan.Provenance(test.number), (Provenance{test.code, test.matched, test.source}); got != want {
			t.Errorf("%s: +%s comes of %+v, want %+v", test.name, test.number, got, want)
		}
	}
}

func TestTheAreaCodesAheadOfLibphonenumberAreInTheTable(t *testing.T) {
	ahead := DefaultMetadata().Ahead
	if !slices.Contains(ahead, "924") {
		t.Errorf("924 is not among %v", ahead)
	}
	for _, digits := range ahead {
		if area, ok := FindAreaCode(digits); !ok || area.Service != 0 {
			t.Errorf("%s is not a place", digits)
		}
	}
}

// What the matched digits decide, they decide for every listed number.
func TestTheMatchedDigitsDecide(t *testing.T) {
	a := defaultAutomaton()
	visit(a, func(digits string, _, at uint16) {
		if !a.here(at).Listed {
			return
		}
		matched := a.Provenance(digits).Matched
		if !strings.HasPrefix(digits, matched) {
			t.Fatalf("+%s does not begin with +%s", digits, matched)
		}
		node, _ := a.walk(matched)
		if len(matched) < len(digits) && !a.common()[node].isOne {
			t.Errorf("+%s is not decided by +%s", digits, matched)
		}
	})
}
