package numbering_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// zoneNames are the names of zones.
func zoneNames(zones []*time.Location) string {
	var names []string
	for _, zone := range zones {
		names = append(names, zone.String())
	}
	return strings.Join(names, " ")
}

const (
	allOfAustralia = "Australia/Adelaide Australia/Brisbane Australia/Eucla Australia/Lord_Howe Australia/Perth Australia/Sydney Indian/Christmas Indian/Cocos"
	allOfRussia    = "Asia/Anadyr Asia/Irkutsk Asia/Kamchatka Asia/Krasnoyarsk Asia/Magadan Asia/Novosibirsk Asia/Omsk Asia/Sakhalin Asia/Vladivostok " +
		"Asia/Yakutsk Asia/Yekaterinburg Europe/Bucharest Europe/Moscow Europe/Samara"
)

// Mobiles of these are of no area, and of each country all zones that it has.
func TestMobilesAreInAllTimeZonesOfTheirCountry(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 7))
	for _, c := range []struct {
		name, prefix string
		length       int // of the number
		want         string
	}{
		{"Russia", "79", 11, allOfRussia},
		{"Spain", "346", 11, "Atlantic/Canary Europe/Madrid"},
		{"Spain, more of it", "347", 11, "Atlantic/Canary Europe/Madrid"},
		{"Portugal", "3519", 12, "Atlantic/Azores Europe/Lisbon"},
		{"Chile", "569", 11, "America/Santiago Pacific/Easter"},
		{"Australia", "614", 11, allOfAustralia},
		{"New Zealand", "642", 11, "Pacific/Auckland Pacific/Chatham"},
		{"Ecuador", "5939", 12, "America/Guayaquil Pacific/Galapagos"},
		{"Mongolia", "9768", 11, "Asia/Choibalsan Asia/Hovd Asia/Ulaanbaatar"},
		{"Mongolia, more of it", "9769", 11, "Asia/Choibalsan Asia/Hovd Asia/Ulaanbaatar"},
	} {
		listed := 0
		for range 20_000 {
			digits := c.prefix
			for len(digits) < c.length {
				digits += string(byte('0' + random.IntN(10)))
			}
			assignment := numbering.Default().Lookup(digits)
			if assignment.Listed && assignment.Kinds == numbering.Kinds(numbering.FixedLine) {
				continue // such as Scott Base, under +64 2
			}
			if assignment.Listed {
				listed++
			}
			zones := strings.Fields(zoneNames(numbering.ZonesOf(digits)))
			if slices.Sort(zones); strings.Join(zones, " ") != c.want {
				t.Fatalf("%s: +%s, %s, is in %s", c.name, digits, assignment.Kinds, zones)
			}
		}
		if listed == 0 {
			t.Errorf("%s: no number was one that is in use", c.name)
		}
	}
}

func TestANumberIsInTheTimeZonesOfItsArea(t *testing.T) {
	for _, c := range []struct{ says, digits, want string }{
		{"a country of one", "4915112345678", "Europe/Berlin"},
		{"an area", "12125550100", "America/New_York"},
		{"an area in several", "19075550100", "America/Adak America/Anchorage America/Juneau Pacific/Honolulu"},
		{"a part of an area", "13082350100", "America/Denver"},
		{"an exchange that is not known, of an area whose exchanges are in two", "18505550100", "America/Chicago America/New_York"},
		{"one of the area's other zone", "18502000100", "America/Chicago"},
		{"the same of an area that has no zone as a whole", "12085550100", "America/Boise America/Denver America/Los_Angeles"},
		{"a mobile of a country of several, in all of them", "34612345678", "Atlantic/Canary Europe/Madrid"},
		{"a landline there", "34928123456", "Atlantic/Canary"},
		{"a mobile of Brazil, in its area", "5592991234567", "America/Manaus"},
		{"a mobile of Mexico, which no plan tells from a landline, in its area", "526641234567", "America/Tijuana"},
		{"a mobile of Indonesia, in all of it", "628121234567", "Asia/Jakarta Asia/Jayapura Asia/Makassar"},
		{"a shared cost number of Australia, in all of it", "611300123456", allOfAustralia},
		{"a mobile of Russia, in all of it", "79140001234", allOfRussia},
		{"a mobile of Kazakhstan, in no zone of Russia", "77012345678", "Asia/Almaty Asia/Aqtobe"},
		{"a mobile of Réunion", "262692123456", "Indian/Reunion"},
		{"a toll-free number of Spain", "34900123456", "Atlantic/Canary Europe/Madrid"},
		{"a satellite network, in no country", "881612345678", ""},
		{"a calling code of no one", "2105551234", ""},
		{"nothing", "", ""},
	} {
		names := strings.Fields(zoneNames(numbering.ZonesOf(c.digits)))
		slices.Sort(names)
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.says, got, c.want)
		}
	}
	if zones := numbering.ZonesOf("18005550100"); len(zones) < 30 {
		t.Errorf("a number of no place in +1 may be in only %d", len(zones))
	}
}

func BenchmarkZonesOf(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		numbering.ZonesOf("12125550100")
	}
}
