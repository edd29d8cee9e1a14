package libphonenumber

import (
	"regexp"
	"testing"

	"github.com/nyaruka/phonenumbers"
)

// The longest feasible beginning of an example number is all of it.
func TestWhatAPatternAcceptsIsFeasible(t *testing.T) {
	older, err := ModuleRegions() // the package has no examples
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range older {
		for _, description := range []*phonenumbers.PhoneNumberDesc{m.GetFixedLine(), m.GetMobile(), m.GetTollFree(), m.GetPremiumRate()} {
			example, source := description.GetExampleNumber(), description.GetNationalNumberPattern()
			if example == "" || !regexp.MustCompile("^(?:"+source+")$").MatchString(example) {
				continue
			}
			if depth, _ := reach(example, newPatterns(m)); depth != len(example) {
				t.Errorf("%s: %d digits of %s are feasible", m.GetId(), depth, example)
			}
		}
	}
}

func TestTheLongestFeasibleBeginning(t *testing.T) {
	territory := newPatterns(&phonenumbers.PhoneMetadata{
		FixedLine:   description(`[23]\d{3}`),
		Mobile:      description(`(?:7[0-5]|25)\d{4}`),
		PremiumRate: description(`90(?:1\d|23)\d`),
		Voip:        description("NA"),
	})
	tests := []struct {
		national, kinds string
		depth           int
	}{
		{"2345", "fixed_line", 4},
		{"23456789", "fixed_line", 4},
		{"2", "fixed_line|mobile", 1},
		{"25", "fixed_line|mobile", 2},
		{"25123", "mobile", 5},
		{"7512", "mobile", 4},
		{"76", "mobile", 1},
		{"9023", "premium_rate", 4},
		{"9029", "premium_rate", 3},
		{"1234", "fixed_line_or_mobile", 0},
		{"", "fixed_line_or_mobile", 0},
	}
	for _, test := range tests {
		depth, kinds := reach(test.national, territory)
		if depth != test.depth || kinds.String() != test.kinds {
			t.Errorf("%q reaches %d of %s, want %d of %s", test.national, depth, kinds, test.depth, test.kinds)
		}
	}
}

func description(pattern string) *phonenumbers.PhoneNumberDesc {
	return &phonenumbers.PhoneNumberDesc{NationalNumberPattern: &pattern}
}
