package numbering_test

import (
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

func TestANumberIsInTheTimeZonesOfItsArea(t *testing.T) {
	for _, c := range []struct{ says, digits, want string }{
		{"a country of one", "4915112345678", "Europe/Berlin"},
		{"an area", "12125550100", "America/New_York"},
		{"an area in two", "19075550100", "America/Adak America/Anchorage"},
		{"a part of an area", "13082350100", "America/Denver"},
		{"a mobile of a country of several, in all of them", "34612345678", "Atlantic/Canary Europe/Madrid"},
		{"a landline there", "34928123456", "Atlantic/Canary"},
		{"a satellite network, in no country", "881612345678", ""},
		{"a calling code of no one", "2105551234", ""},
		{"nothing", "", ""},
	} {
		if got := zoneNames(numbering.ZonesOf(c.digits)); got != c.want {
			t.Errorf("%s: %q, want %q", c.says, got, c.want)
		}
	}
	for _, mobile := range []string{"79140001234", "61412345678", "56912345678", "64211234567", "593991234567", "97699123456", "351912345678"} {
		if zones := numbering.ZonesOf(mobile); len(zones) < 2 {
			t.Errorf("%s is in %s alone", mobile, zoneNames(zones))
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
