package libphonenumber

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// Each number of an area is in the time zones that the module says, and any other in these, or in
// those of its calling code that are of its territory.
func TestTimeZonesAreThoseOfTheModule(t *testing.T) {
	random, library := rand.New(rand.NewPCG(1, 18)), New()
	areas := 0
	for range 50_000 {
		digits := strconv.FormatInt(1e9+random.Int64N(9e11), 10)
		want, err := phonenumbers.GetTimezonesForPrefix(digits)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, zone := range numbering.ZonesOf(digits) {
			got = append(got, zone.String())
		}
		if got == nil {
			got = []string{phonenumbers.UNKNOWN_TIMEZONE}
		}
		code, _ := library.split(digits)
		if code != nil && !isOfAnArea(code.digits, library.Lookup(digits)) {
			of, err := phonenumbers.GetTimezonesForPrefix(code.digits)
			if err != nil {
				t.Fatal(err)
			}
			isElsewhere := func(zone string) bool { return !slices.Contains(of, zone) }
			if len(code.territories) == 1 && len(got) < len(of) || len(got) == 0 || slices.ContainsFunc(got, isElsewhere) {
				t.Fatalf("%s is in %s, not in those of +%s, %s", digits, got, code.digits, of)
			}
			continue
		}
		areas++
		if code != nil && code.digits == "1" && isOfItsExchanges(t, digits, got, want) {
			continue
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Fatalf("%s is in %s, want %s", digits, got, want)
		}
	}
	if areas < 1000 {
		t.Errorf("only %d numbers were of an area", areas)
	}
}

// isOfItsExchanges reports whether a number of +1 is in the zones that the module says, and else only
// in those of other exchanges of its area code.
func isOfItsExchanges(t *testing.T, digits string, got, want []string) bool {
	t.Helper()
	for _, zone := range want {
		if !slices.Contains(got, zone) {
			return false
		}
	}
	ofArea := map[string]bool{}
	for exchange := range 1000 {
		zones, err := phonenumbers.GetTimezonesForPrefix(fmt.Sprintf("%s%03d0000", digits[:4], exchange))
		if err != nil {
			t.Fatal(err)
		}
		for _, zone := range zones {
			ofArea[zone] = true
		}
	}
	return !slices.ContainsFunc(got, func(zone string) bool { return !ofArea[zone] })
}

// isOfAnArea reports whether a number has an area.
func isOfAnArea(code string, found numbering.Assignment) bool {
	number, _ := strconv.Atoi(code)
	of := numbering.Kinds(numbering.FixedLine)
	if code == "1" || phonenumbers.GEO_MOBILE_COUNTRIES[int32(number)] && code != "62" {
		of |= numbering.Kinds(numbering.Mobile, numbering.FixedLineOrMobile)
	}
	return found.Listed && found.Kinds&^of == 0
}
