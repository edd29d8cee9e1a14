package numbering

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestTheLongerOfRangeAndTollFraudDecides(t *testing.T) {
	us, _ := ParseTerritory("US")
	ca, _ := ParseTerritory("CA")
	satellite, _ := ParseTerritory("+881")
	known := Default()
	plan := Extend(known, []Range{
		{"1924", us, Kinds(FixedLineOrMobile)},
		{"8816", satellite, Kinds(Mobile)},
		{"88182", satellite, Kinds(Mobile)},
		{"44791", ca, Kinds(RevenueShare)},
		{"999", us, Kinds(Mobile)},
	}, NewTollFraud([]TollFraudRange{
		{"1924555", "the list"}, {"8816", "the list"}, {"881", "the list"}, {"8818", "the list"}, {"4479", "the list"},
		{"1800", "the list"}, {"9990", "the list"}, {"210", "the list"}, {"262", "the list"},
	}))
	for _, test := range []struct {
		name, number, want, matched, source string
	}{
		{"a range", "19242345678", "US fixed_line_or_mobile", "1924", "range +1924 of the policy"},
		{"toll fraud within a range", "19245552345", "US revenue_share", "1924555",
			"the list; the territory by range +1924 of the policy"},
		{"a range as long as the toll fraud", "881612345678", "+881 mobile", "8816", "range +8816 of the policy"},
		{"toll fraud beside the range", "881712345678", "+881 revenue_share", "881", "the list"},
		{"a range within the toll fraud", "881821234", "+881 mobile", "88182", "range +88182 of the policy"},
		{"the toll fraud around it", "881831234", "+881 revenue_share unlisted", "8818", "the list"},
		{"a range that itself is for toll fraud", "447912345678", "CA revenue_share", "44791", "range +44791 of the policy"},
		{"toll fraud in a country", "447922345678", "GB revenue_share", "4479", "the list"},
		{"one of two territories is enough as before", "18005550123", "US|CA revenue_share any", "1800", "the list"},
		{"all territories of an unlisted number are needed as before", "2621234567", "RE,YT revenue_share unlisted", "262", "the list"},
		{"toll fraud under a calling code that a range assigns", "99901234", "US revenue_share", "9990",
			"the list; the territory by range +999 of the policy"},
		{"an unassigned calling code", "2105551234", "unassigned", "", ""},
		{"less than the toll fraud", "88", "unassigned", "", ""},
		{"a number in neither", "4915112345678", "DE mobile", known.Provenance("4915112345678").Matched, known.Provenance("4915112345678").Source},
		{"no number", "", "unassigned", "", ""},
	} {
		if got := describe(plan.Lookup(test.number)); got != test.want {
			t.Errorf("%s: +%s is %s, want %s", test.name, test.number, got, test.want)
		}
		origin := plan.Provenance(test.number)
		if origin.Matched != test.matched || origin.Source != test.source {
			t.Errorf("%s: +%s comes from +%s, %s; want +%s, %s", test.name, test.number, origin.Matched, origin.Source, test.matched, test.source)
		}
		if want := known.Provenance(test.number).CallingCode; origin.CallingCode != want {
			t.Errorf("%s: calling code %q, want %q", test.name, origin.CallingCode, want)
		}
	}
}

func TestATollFraudRangeChangesTheKindAlone(t *testing.T) {
	known := Default()
	plan := Extend(known, nil, NewTollFraud([]TollFraudRange{{"1", ""}, {"2", ""}, {"3", ""}, {"4", ""}, {"5", ""}, {"6", ""}, {"7", ""}, {"8", ""}, {"9", ""}}))
	r := rand.New(rand.NewPCG(rand.Uint64(), 2))
	for range 2_000 {
		number := randomDigits(r, 1+r.IntN(15))
		want, got := known.Lookup(number), plan.Lookup(number)
		if want.Assigned() {
			want.Kinds = Kinds(RevenueShare)
		}
		if !slices.Equal(got.Territories, want.Territories) || got.Any != want.Any || got.Listed != want.Listed || got.Kinds != want.Kinds {
			t.Fatalf("+%s is %s, want %s", number, describe(got), describe(want))
		}
	}
}

func TestTheBuiltInTollFraudRanges(t *testing.T) {
	plan := Extend(Default(), nil, DefaultTollFraud())
	for number, want := range map[string]string{
		"870301234567":    "+870 revenue_share",
		"881612345678":    "+881 revenue_share",
		"8818213071":      "+881 revenue_share unlisted",
		"88213123456":     "+882 revenue_share unlisted",
		"8821621234567":   "+882 revenue_share",
		"883510012345":    "+883 revenue_share",
		"878101234567890": "+878 voip",
		"80012345678":     "+800 toll_free",
		"80812345678":     "+808 shared_cost",
		"88812345678901":  "+888 universal_access",
		"979123456789":    "+979 premium_rate",
		"8801712345678":   "BD mobile",
		"886912345678":    "TW mobile",
		"14155550100":     "US fixed_line_or_mobile",
		"447012345678":    "GB personal_number",
	} {
		if got := describe(plan.Lookup(number)); got != want {
			t.Errorf("+%s is %s, want %s", number, got, want)
		}
	}
}

// What stands in the table is refused by most policies, so every row says why,
// and none has the numbers of a country.
func TestEveryTollFraudRangeHasItsSourceAndNoCountry(t *testing.T) {
	noCountry := make(map[string]bool)
	for territory := range AllTerritories() {
		if code, ok := strings.CutPrefix(territory.String(), "+"); ok {
			noCountry[code] = true
		}
	}
	prefixes := make(map[string]bool)
	for _, row := range tollFraudTable {
		if row.what == "" || row.known == "" || row.source == "" {
			t.Errorf("+%s does not say why", row.prefix)
		}
		if len(row.prefix) < 3 || !noCountry[row.prefix[:3]] {
			t.Errorf("+%s is of a country", row.prefix)
		}
		if prefixes[row.prefix] {
			t.Errorf("+%s is already there", row.prefix)
		}
		prefixes[row.prefix] = true
	}
	if len(prefixes) == 0 {
		t.Error("the table is empty")
	}
}

func TestTheNetworksOfNoCountry(t *testing.T) {
	for number, want := range map[string]string{
		"881612345678":  "8816 Iridium",
		"8821621234567": "88216 Thuraya",
		"883510012345":  "8835100 Voxbone",
		"8814123456":    "",
		"88211123456":   "",
		"883":           "",
		"14155550100":   "",
		"":              "",
	} {
		got := ""
		if network, ok := NetworkOf(number); ok {
			got = network.Prefix + " " + network.Name
		}
		if got != want {
			t.Errorf("+%s is of %q, want %q", number, got, want)
		}
	}
}

func TestNoNetworkIsWithinAnother(t *testing.T) {
	named := make(map[string]string)
	for _, row := range networkTable {
		if row.name == "" || row.source == "" {
			t.Errorf("+%s has no name or no source", row.prefix)
		}
		if _, twice := named[row.prefix]; twice {
			t.Errorf("+%s is already there", row.prefix)
		}
		named[row.prefix] = row.name
	}
	for _, prefix := range slices.Sorted(maps.Keys(named)) {
		for n := range len(prefix) {
			if name, ok := named[prefix[:n]]; ok {
				t.Errorf("+%s is within +%s, %s", prefix, prefix[:n], name)
			}
		}
		if _, ok := ParseTerritory("+" + prefix[:3]); !ok {
			t.Errorf("+%s is of a country", prefix)
		}
	}
}
