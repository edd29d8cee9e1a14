package numbering

import (
	"slices"
	"strings"
	"testing"
)

func TestTheTableOfTerritories(t *testing.T) {
	var letters, callingCodes []string
	alpha3 := make(map[string]string)
	for territory := range AllTerritories() {
		code := territory.String()
		switch {
		case strings.HasPrefix(code, "+"):
			callingCodes = append(callingCodes, code)
		case len(code) == 2 && code == strings.ToUpper(code):
			letters = append(letters, code)
			three := territories[territory].alpha3
			if len(three) != 3 || alpha3[three] != "" {
				t.Errorf("%s has the alpha-3 code %q, as has %q", code, three, alpha3[three])
			}
			alpha3[three] = code
		default:
			t.Errorf("%q is not a code", code)
		}
		if name := territory.Name(); name == "" || strings.TrimSpace(name) != name {
			t.Errorf("%s has the name %q", code, name)
		}
		if territory == 0 || territory >= MaxTerritories {
			t.Errorf("%s has the value %d", code, territory)
		}
	}
	if want := 249 + len([]string{"AC", "TA", "XK"}); len(letters) != want {
		t.Errorf("there are %d countries, want %d", len(letters), want)
	}
	if !slices.IsSorted(letters) || !slices.IsSorted(callingCodes) {
		t.Error("the table is not in the order of the codes")
	}
	if got, want := strings.Join(callingCodes, " "), "+800 +808 +870 +878 +881 +882 +883 +888 +979"; got != want {
		t.Errorf("the calling codes of no country are %s, want %s", got, want)
	}
}

func TestTheZeroTerritoryIsNone(t *testing.T) {
	if s, name := Territory(0).String(), Territory(0).Name(); s != "" || name != "" {
		t.Errorf("Territory(0) is %q, %q", s, name)
	}
	if s := Territory(MaxTerritories).String(); s != "" {
		t.Errorf("a territory beyond the table is %q", s)
	}
	for _, code := range []string{"", "uſ", "ſV", "K\u212a"} { // letters whose capital or small letter is an ASCII one
		if got, ok := ParseTerritory(code); ok {
			t.Errorf("ParseTerritory(%q) = %v", code, got)
		}
	}
}

func TestEveryCodeParsesToItsTerritoryInEitherCase(t *testing.T) {
	for want := range AllTerritories() {
		for _, s := range []string{want.String(), strings.ToLower(want.String())} {
			if got, ok := ParseTerritory(s); !ok || got != want {
				t.Errorf("ParseTerritory(%q) = %v, %v", s, got, ok)
			}
		}
	}
	for _, s := range []string{"UK", "USA", "ZZ", "870", "+44", "+1", " US", "U", "001"} {
		if got, ok := ParseTerritory(s); ok {
			t.Errorf("ParseTerritory(%q) = %v, want none", s, got)
		}
	}
}
