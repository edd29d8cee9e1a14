package numbering

import (
	"strings"
	"testing"
)

func TestHowAnOwnerWasFound(t *testing.T) {
	plan := Default()
	tests := []struct {
		name, number          string
		code, matched, source string
	}{
		{"a German mobile", "4915112345678", "49", "4915112", "libphonenumber"},
		{"an area code", "19242345678", "1", "192", "area code 924, Minnesota"},
		{"a toll-free number", "18002345678", "1", "1800", "area code 800, toll-free"},
		{"a number of +1 without an area code", "13101234", "1", "13101", "libphonenumber"},
		{"an island by its leading digits", "447797712345", "44", "447797", "libphonenumber"},
		{"premium rate", "37190012345", "371", "3719", "libphonenumber"},
		{"a satellite network", "881612345678", "881", "881", "libphonenumber"},
		{"a gap in ranges that territories share", "447911312345", "44", "447911", "Ofcom opens 07 ranges"},
		{"a gap with leading digits of its own", "7789123", "7", "778", "its leading digits are only used there"},
		{"a gap under a code of one territory", "4900000", "49", "49", "the calling code is of this territory alone"},
		{"a number cut short", "371811234", "371", "371811234", "no range of libphonenumber"},
		{"a digit too many", "371811234567", "371", "37181123456", "no range of libphonenumber"},
		{"an area code that nobody has", "12902345678", "1", "12", "can become any member's"},
		{"an area code cut short", "12", "1", "12", "can become any member's"},
		{"the calling code alone", "44", "44", "44", "no range of libphonenumber"},
		{"a code nobody has", "999123", "", "", ""},
		{"no number", "", "", "", ""},
	}
	for _, test := range tests {
		got := plan.Origin(test.number)
		if got.CallingCode != test.code || got.Matched != test.matched || !strings.Contains(got.Source, test.source) {
			t.Errorf("%s: +%s comes of %+v, want +%s, %s, %q", test.name, test.number, got, test.code, test.matched, test.source)
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
		matched := a.Origin(digits).Matched
		if !strings.HasPrefix(digits, matched) {
			t.Fatalf("+%s does not begin with +%s", digits, matched)
		}
		node, _ := a.walk(matched)
		if len(matched) < len(digits) && !a.common()[node].isOne {
			t.Errorf("+%s is not decided by +%s", digits, matched)
		}
	})
}
