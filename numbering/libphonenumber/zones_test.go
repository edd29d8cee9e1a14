package libphonenumber

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// mobiles are of countries with several time zones. The module finds one for each.
var mobiles = []string{"79", "346", "347", "3519", "569", "614", "642", "5939", "9768", "9769"}

// Each number is in the time zones that the module says, except mobiles that have no area.
func TestTimeZonesAreThoseOfTheModule(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 18))
	for range 50_000 {
		digits := strconv.FormatInt(1e9+random.Int64N(9e11), 10)
		if slices.ContainsFunc(mobiles, func(prefix string) bool { return strings.HasPrefix(digits, prefix) }) {
			continue
		}
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
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Fatalf("%s is in %s, want %s", digits, got, want)
		}
	}
}
