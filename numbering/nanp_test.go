package numbering

import (
	"slices"
	"strings"
	"testing"
)

func TestTheTableOfAreaCodesIsInOrder(t *testing.T) {
	seen := make(map[string]string)
	check := func(place, codes string) {
		list := strings.Fields(codes)
		if !slices.IsSorted(list) {
			t.Errorf("%s: %s is not in order", place, codes)
		}
		for _, code := range list {
			if other, ok := seen[code]; ok {
				t.Errorf("%s stands at %s and at %s", code, other, place)
			}
			seen[code] = place
			if len(code) != 3 || code[0] < '2' || code[1] == '9' || code[1:] == "11" {
				t.Errorf("%s at %s is not an area code", code, place)
			}
		}
	}
	for i, row := range placeTable {
		check(row.place, row.codes)
		if i == 0 {
			continue
		}
		before := placeTable[i-1]
		if before.territory == row.territory && before.place >= row.place {
			t.Errorf("%s stands before %s", before.place, row.place)
		}
	}
	for _, row := range serviceTable {
		check(row.service, row.codes)
	}
}

func TestNorthAmericanNumbers(t *testing.T) {
	plan := Default()
	tests := []struct {
		name, number, want string
	}{
		{"New York", "12125551234", "US fixed_line_or_mobile"},
		{"Toronto", "14165551234", "CA fixed_line_or_mobile"},
		{"Puerto Rico", "17872345678", "PR fixed_line_or_mobile"},
		{"a mobile in Jamaica", "18762101234", "JM mobile"},
		{"the Dominican Republic", "18092345678", "DO fixed_line_or_mobile"},
		{"Guam", "16713001234", "GU fixed_line_or_mobile"},
		{"an overlay that libphonenumber does not know, Minnesota", "19242345678", "US fixed_line_or_mobile"},
		{"another, Louisiana", "14572345678", "US fixed_line_or_mobile"},
		{"another, Quebec", "12732345678", "CA fixed_line_or_mobile"},
		{"toll-free: either country will do", "18002345678", "US|CA toll_free any"},
		{"toll-free of the newest code", "18332345678", "US|CA toll_free any"},
		{"premium rate: both countries are needed", "19002345678", "US,CA premium_rate"},
		{"a personal number", "15002345678", "US,CA personal_number"},
		{"a personal number of a code that libphonenumber does not know", "15352345678", "US,CA personal_number"},
		{"a Canadian non-geographic number", "16222345678", "CA personal_number"},
		{"a long-distance carrier's service", "17002345678", "US,CA unknown"},

		{"a digit too few", "1212555123", "US fixed_line_or_mobile unlisted"},
		{"a digit too many", "121255512345", "US fixed_line_or_mobile unlisted"},
		{"an exchange that begins with 1", "12121234567", "US fixed_line_or_mobile unlisted"},
		{"a new overlay with a digit too many", "192423456789", "US fixed_line_or_mobile unlisted"},
		{"toll-free with a digit too few", "1800234567", "US|CA toll_free any unlisted"},
		{"an exchange of Antigua that is not assigned: every kind that 268 can be", "12682345678", "AG fixed_line|mobile|voip|pager unlisted"},
		{"a Canadian number without an area code", "13101234", "CA universal_access"},
	}
	for _, test := range tests {
		if got := describe(plan.Lookup(test.number)); got != test.want {
			t.Errorf("%s: +%s is %s, want %s", test.name, test.number, got, test.want)
		}
	}
}

func TestAnUnknownAreaCodeNeedsPermissionForAllOfTheNumberingPlan(t *testing.T) {
	plan := Default()
	for _, number := range []string{"1", "12", "121", "12902345678", "19992345678", "10002345678", "19112345678"} {
		assignment := plan.Lookup(number)
		if len(assignment.Territories) != 25 || assignment.Any || assignment.Listed {
			t.Errorf("+%s is %s", number, describe(assignment))
		}
	}
}
