package libphonenumber

import (
	"reflect"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"

	"github.com/caddy-tollgate/tollgate/numbering"
)

func TestTheNationalNumberIsTheVeryDigits(t *testing.T) {
	for _, national := range []string{"1", "0", "00", "01", "0612345678", "000000", "00000012345678", "99999999999999"} {
		number := exactNumber(39, national)
		if got := phonenumbers.GetNationalSignificantNumber(number); got != national {
			t.Errorf("exactNumber(39, %q) stands for %q", national, got)
		}
	}
}

// Every example number of libphonenumber's, of every region and kind, is that
// region's and of that kind; or else of the region that libphonenumber asks
// before it, where regions share the range.
func TestExampleNumbersAreTheirRegions(t *testing.T) {
	plan := numbering.Default()
	metadata, err := phonenumbers.MetadataCollection() // the package has no examples
	if err != nil {
		t.Fatal(err)
	}
	codes := New().codes
	checked := 0
	for _, m := range metadata.GetMetadata() {
		descriptions := []*phonenumbers.PhoneNumberDesc{
			m.GetFixedLine(), m.GetMobile(), m.GetTollFree(), m.GetPremiumRate(), m.GetSharedCost(),
			m.GetVoip(), m.GetPersonalNumber(), m.GetPager(), m.GetUan(), m.GetVoicemail(),
		}
		for _, description := range descriptions {
			example := description.GetExampleNumber()
			if example == "" {
				continue
			}
			number := exactNumber(m.GetCountryCode(), example)
			digits := phonenumbers.Format(number, phonenumbers.E164)[1:]
			region, kind := codes[strings.TrimSuffix(digits, example)].listing(example)
			if kind == numbering.UnknownKind {
				continue // the example is of a range withdrawn since
			}
			checked++
			own, main := m.GetId(), phonenumbers.GetRegionCodeForCountryCode(int(m.GetCountryCode()))
			if region != own && region != main && own+region != "MFBL" { // Saint Martin has a landline range of Saint Barthélemy's
				t.Errorf("+%s of %s is %s in libphonenumber", digits, own, region)
			}
			want := numbering.Assignment{Territories: []numbering.Territory{territoryOf(region, strings.TrimSuffix(digits, example))},
				Kinds: numbering.Kinds(kind), Listed: true}
			if m.GetCountryCode() == 1 && (kind == numbering.TollFree || kind == numbering.PremiumRate || region == "US" && kind == numbering.PersonalNumber) {
				// The table of area codes knows better: they are both countries'.
				us, _ := numbering.ParseTerritory("US")
				ca, _ := numbering.ParseTerritory("CA")
				want.Territories, want.Any = []numbering.Territory{us, ca}, kind == numbering.TollFree
			}
			if got := plan.Lookup(digits); !reflect.DeepEqual(got, want) {
				t.Errorf("+%s of %s is %v, want %v", digits, m.GetId(), got, want)
			}
		}
	}
	if checked < 900 {
		t.Errorf("only %d example numbers were checked", checked)
	}
}

func TestEverySharedCodeSaysWhoseAnUnlistedNumberIs(t *testing.T) {
	rows := make(map[string]bool)
	for code, reason := range numbering.SharedCodes() {
		if reason == "" || rows[code] {
			t.Errorf("+%s has no reason or is already there", code)
		}
		rows[code] = true
	}
	for digits, code := range New().codes {
		if len(code.territories) > 1 && !rows[digits] {
			t.Errorf("+%s is shared by %v and in no row", digits, code.territories)
		}
		if len(code.unlisted) == 0 {
			t.Errorf("an unlisted number of +%s is not assigned", digits)
		}
	}
}
