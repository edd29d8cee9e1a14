package twilio

import (
	"strconv"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/nyaruka/phonenumbers"
)

func TestEveryEmergencyNumberOfLibphonenumberIsInTheTable(t *testing.T) {
	for _, row := range emergencyTable {
		for region := range strings.FieldsSeq(row.territories) {
			found := 0
			for n := range 10_000 {
				for width := 2; width <= 4; width++ {
					number := strings.Repeat("0", max(0, width-len(strconv.Itoa(n)))) + strconv.Itoa(n)
					if len(number) != width || !phonenumbers.IsEmergencyNumber(number, region) {
						continue
					}
					found++
					if !dialect.Emergency[row.code+number] {
						t.Errorf("+%s %s is missing", row.code, number)
					}
					if len(number) > 2 && !dialect.Emergency[number] {
						t.Errorf("%s of %s is missing", number, region)
					}
				}
			}
			if found == 0 {
				t.Errorf("libphonenumber knows no emergency number of %s", region)
			}
		}
	}
}

func TestTheTableSaysWhichEmergencyNumbersStandOnTheirSourceAlone(t *testing.T) {
	for _, row := range emergencyTable {
		has := func(number string) bool {
			for region := range strings.FieldsSeq(row.territories) {
				if phonenumbers.IsEmergencyNumber(number, region) {
					return true
				}
			}
			return false
		}
		for number := range strings.FieldsSeq(row.numbers) {
			if !has(number) {
				t.Errorf("libphonenumber has no %s in %s", number, row.territories)
			}
		}
		for number := range strings.FieldsSeq(row.others) {
			if has(number) {
				t.Errorf("libphonenumber has %s in %s", number, row.territories)
			}
		}
	}
}

// An emergency number that were the number of a subscriber would be a way past every
// permission.
func TestNoEmergencyNumberIsAnyOthersNumber(t *testing.T) {
	for digits := range dialect.Emergency {
		if digits[0] != '0' && numbering.Default().Lookup(digits).Listed {
			t.Errorf("+%s is a number of the plan", digits)
		}
		if dialect.Services[digits] {
			t.Errorf("%s is both for help and for something else", digits)
		}
		if len(digits) > 7 {
			t.Errorf("%s is long for a short number", digits)
		}
	}
}

func TestTheCallingCodesOfTheEmergencyTableAreTheirTerritories(t *testing.T) {
	for _, row := range emergencyTable {
		for code := range strings.FieldsSeq(row.territories) {
			territory, ok := numbering.ParseTerritory(code)
			if !ok || address.CountryOf(territory).CallingCode() != row.code {
				t.Errorf("+%s is not of %s", row.code, code)
			}
		}
		if row.source == "" {
			t.Errorf("the row of %s has no source", row.territories)
		}
	}
}
