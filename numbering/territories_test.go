package numbering

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
)

// theTerritory is the territory of a code that a test names.
func theTerritory(t *testing.T, code string) Territory {
	t.Helper()
	territory, ok := ParseTerritory(code)
	if !ok {
		t.Fatalf("%s is not a territory", code)
	}
	return territory
}

// The names that changed, and those that are often written otherwise.
func TestTerritoriesHaveTheNamesOfToday(t *testing.T) {
	for code, want := range map[string]string{
		"TR": "Türkiye", "SZ": "Eswatini", "CZ": "Czechia", "XK": "Kosovo", "MK": "North Macedonia", "CV": "Cabo Verde",
		"TL": "Timor-Leste", "CI": "Côte d'Ivoire", "MM": "Myanmar", "CW": "Curaçao", "AX": "Åland Islands",
		"RE": "Réunion", "BL": "Saint Barthélemy", "ST": "São Tomé and Príncipe", "KP": "North Korea", "KR": "South Korea",
		"CD": "Democratic Republic of the Congo", "CG": "Congo", "BQ": "Caribbean Netherlands", "SX": "Sint Maarten",
		// The list of assigned country codes of ITU-T E.164.
		"+800": "International Freephone Service", "+808": "International Shared Cost Service", "+870": "Inmarsat",
		"+878": "Universal Personal Telecommunication Service", "+881": "Global Mobile Satellite System",
		"+979": "International Premium Rate Service",
	} {
		if got := theTerritory(t, code).Name(); got != want {
			t.Errorf("%s is %q, want %q", code, got, want)
		}
	}
	names := make(map[string]Territory)
	for territory := range AllTerritories() {
		if other, ok := names[territory.Name()]; ok {
			t.Errorf("%s and %s are both %q", other, territory, territory.Name())
		}
		names[territory.Name()] = territory
	}
}

func TestCountriesHaveAContinentAndCallingCodesOfNoCountryNone(t *testing.T) {
	count := make(map[Continent]int)
	for territory := range AllTerritories() {
		count[territory.Continent()]++
		if isCode := strings.HasPrefix(territory.String(), "+"); isCode != (territory.Continent() == "") {
			t.Errorf("%s is in %q", territory, territory.Continent())
		}
	}
	delete(count, "")
	for continent, n := range count {
		if !slices.Contains([]Continent{Africa, Asia, Europe, NorthAmerica, Oceania, SouthAmerica}, continent) {
			t.Errorf("%q is not a continent", continent)
		}
		if n < 10 {
			t.Errorf("%s has %d territories", continent, n)
		}
	}
	if got := Territory(MaxTerritories).Continent(); got != "" {
		t.Errorf("a territory beyond the table is in %s", got)
	}
}

// Libphonenumber knows the calling codes of all but a few territories, which are
// those of ITU's list.
func TestCallingCodesAreThoseOfLibphonenumber(t *testing.T) {
	exceptions := map[string]string{
		"AQ": "672", // Australian bases, within Norfolk Island's metadata
		"GS": "500", // within the Falkland Islands'
		"PN": "64",  // within New Zealand's
		"TF": "262", // within Réunion's
		"VA": "39 379",
		"BV": "", "HM": "", "UM": "", // there are no numbers
	}
	for territory := range AllTerritories() {
		code := territory.String()
		got := strings.Join(territory.CallingCodes(), " ")
		want, isException := exceptions[code]
		known := phonenumbers.GetCountryCodeForRegion(code)
		switch {
		case strings.HasPrefix(code, "+"):
			if len(territory.CallingCodes()) != 1 || !strings.HasPrefix(code[1:], got) ||
				!phonenumbers.GetSupportedGlobalNetworkCallingCodes()[callingCodeOf(got)] {
				t.Errorf("%s numbers under %q", code, got)
			}
			continue
		case !isException:
			want = strconv.Itoa(known)
		case known != 0 && !slices.Contains(strings.Fields(want), strconv.Itoa(known)):
			t.Errorf("%s is an exception, and libphonenumber has %d", code, known)
		case strconv.Itoa(known) == want:
			t.Errorf("%s is not an exception any more", code)
		}
		if got != want {
			t.Errorf("%s numbers under %q, want %q", code, got, want)
		}
	}
	if got := Territory(MaxTerritories).CallingCodes(); got != nil {
		t.Errorf("a territory beyond the table numbers under %s", got)
	}
}

func callingCodeOf(code string) int {
	n, _ := strconv.Atoi(code)
	return n
}
