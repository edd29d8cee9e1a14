package address

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
)

// slowWithoutTrunkPrefix asks libphonenumber itself.
func slowWithoutTrunkPrefix(digits string) []string {
	parsed, err := phonenumbers.Parse("+"+digits, "")
	if err != nil {
		return nil
	}
	code := strconv.Itoa(int(parsed.GetCountryCode()))
	rewritten := []string{code + phonenumbers.GetNationalSignificantNumber(parsed)}
	for rest := strings.TrimPrefix(digits, code); strings.HasPrefix(rest, "0"); {
		rest = rest[1:]
		rewritten = append(rewritten, code+rest)
	}
	return rewritten
}

// withdrawnSince is the calling code of Zimbabwe. The table is of newer metadata than those
// of the Go module, in which most of Zimbabwe's landline ranges are still in service
// (libphonenumber 9.0.38 to 9.0.43). What the other territories drop is the same in both.
const withdrawnSince = "263"

// The table and the few lines that use it come to what libphonenumber comes to, in
// every territory: of numbers that exist, with and without a trunk prefix, of random
// digits, and of digits too few and too many.
func TestTrunkPrefixesAreDroppedAsLibphonenumberDropsThem(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 3))
	compared, changed := 0, 0
	compare := func(digits string) {
		t.Helper()
		if strings.HasPrefix(digits, withdrawnSince) {
			return
		}
		compared++
		got, want := withoutTrunkPrefix(digits), slowWithoutTrunkPrefix(digits)
		if !slices.Equal(got, want) {
			t.Errorf("+%s becomes %q, and to libphonenumber %q", digits, got, want)
		}
		if len(want) > 0 && want[0] != digits {
			changed++
		}
	}
	rounds := 30
	if testing.Short() {
		rounds = 5
	}
	for _, row := range diallingTable {
		for _, trunk := range []string{"", "0", "1", "8", "06", "00", "90", "180020", "9", "15", "044", "01", "003768", "1001", "10"} {
			for _, kind := range []phonenumbers.PhoneNumberType{phonenumbers.FIXED_LINE, phonenumbers.MOBILE, phonenumbers.PREMIUM_RATE} {
				if example := phonenumbers.GetExampleNumberForType(row.region, kind); example != nil {
					national := trunk + phonenumbers.GetNationalSignificantNumber(example)
					compare(row.code + national)
					compare(row.code + national[:len(national)/2])
					compare(row.code + national + "7")
				}
			}
			for range rounds {
				compare(row.code + trunk + string(drawDigits(r, 1+r.IntN(14))))
			}
		}
	}
	for n := range 20_000 {
		compare(string(drawDigits(r, 1+n%20)))
	}
	if changed*20 < compared {
		t.Errorf("of %d numbers only %d change", compared, changed)
	}
}

func BenchmarkWithoutTrunkPrefix(b *testing.B) {
	for _, digits := range []string{"4407400123456", "447400123456", "5491134567890", "550151112345678", "14155550123", "390669812345", "8100037681234567"} {
		b.Run(digits, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				withoutTrunkPrefix(digits)
			}
		})
	}
}

func withoutTrunkPrefix(digits string) []string { return appendWithoutTrunk(nil, digits) }

// A number that begins with another digit than the trunk prefix of a country can is left as
// it is, which the pattern itself says too.
func TestATrunkPrefixBeginsWithItsFirstDigits(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	left := 0
	for _, row := range diallingTable {
		text := "^(?:" + row.trunk + ")"
		pattern, first := regexp.MustCompile(text), firstDigits(text)
		for range 200 {
			digits := string(drawDigits(r, 5+r.IntN(8)))
			if first&(1<<(digits[0]-'0')) != 0 {
				continue
			}
			left++
			if found := pattern.FindString(digits); found != "" {
				t.Errorf("%s: %s begins with %s, of %s", row.region, digits, found, row.trunk)
			}
		}
	}
	if left < 10_000 {
		t.Errorf("%d numbers begin otherwise: too few to say anything", left)
	}
}
