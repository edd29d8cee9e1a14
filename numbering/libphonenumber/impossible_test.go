package libphonenumber

import (
	"fmt"
	"testing"

	"github.com/nyaruka/phonenumbers"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// renumbered are calling codes whose numbers have other lengths since the metadata of
// nyaruka/phonenumbers, 9.0.32, was released. The longer numbers of Benin took the place
// of its old ones on 2024-11-30; Gambia adds a second length; Zimbabwe withdraws some.
var renumbered = map[string]bool{"229": true, "220": true, "263": true}

// No number has an impossible length that libphonenumber itself calls possible, and the
// reverse, except where libphonenumber asks the main territory alone.
func TestLengthsAreImpossibleAsToLibphonenumber(t *testing.T) {
	count, r := drawn(t)
	plan := numbering.Default()
	differs := make(map[string]bool)
	for range count {
		code := models.codes[fmt.Sprint(1+r.IntN(999))]
		if code == nil || code.number == 0 || code.number == 1 || renumbered[code.digits] {
			continue // +1 is in tables of its own
		}
		national := ""
		for range 1 + r.IntN(numbering.E164Digits-len(code.digits)) {
			national += fmt.Sprint(r.IntN(10))
		}
		possible := phonenumbers.IsPossibleNumber(exactNumber(code.number, national))
		impossible := plan.Lookup(code.digits+national).Impossible == numbering.ImpossibleLength
		switch {
		case possible && impossible:
			t.Errorf("+%s %s has an impossible length, but a possible one to libphonenumber", code.digits, national)
		case !possible && !impossible:
			differs[fmt.Sprintf("+%s %d", code.digits, len(national))] = true
		}
	}
	// Kazakhstan's numbers within one place.
	want := map[string]bool{"+7 5": true, "+7 6": true}
	for length := range differs {
		if !want[length] {
			t.Errorf("%s digits are possible, but not to libphonenumber", length)
		}
	}
}

// A number that libphonenumber calls valid is never impossible: its own examples.
func TestNoExampleIsImpossible(t *testing.T) {
	plan := numbering.Default()
	for code := range phonenumbers.GetSupportedCallingCodes() {
		if renumbered[fmt.Sprint(code)] {
			continue
		}
		for _, region := range phonenumbers.GetRegionCodesForCountryCode(code) {
			for _, kind := range []phonenumbers.PhoneNumberType{
				phonenumbers.FIXED_LINE, phonenumbers.MOBILE, phonenumbers.TOLL_FREE, phonenumbers.PREMIUM_RATE, phonenumbers.UAN,
			} {
				example := phonenumbers.GetExampleNumberForType(region, kind)
				if example == nil {
					continue
				}
				digits := phonenumbers.Format(example, phonenumbers.E164)[1:]
				if why := plan.Lookup(digits).Impossible; why != 0 {
					t.Errorf("+%s is impossible: %s", digits, why)
				}
			}
		}
	}
}
