package libphonenumber

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// Each number is in the time zones that the module says.
func TestTimeZonesAreThoseOfTheModule(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 18))
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
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Fatalf("%s is in %s, want %s", digits, got, want)
		}
	}
}
