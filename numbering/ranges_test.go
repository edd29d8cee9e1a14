package numbering

import "testing"

func TestTheLongestRangeDecides(t *testing.T) {
	us, _ := ParseTerritory("US")
	ca, _ := ParseTerritory("CA")
	kz, _ := ParseTerritory("KZ")
	satellite, _ := ParseTerritory("+881")
	plan := Extend(NewLibrary(), []Range{
		{"1925", us, Kinds(FixedLineOrMobile)},
		{"1290", us, Kinds(FixedLineOrMobile)},
		{"1290234", ca, Kinds(PremiumRate)},
		{"76", kz, Kinds(Mobile)},
		{"999", satellite, Kinds(Mobile)},
		{"44", us, Kinds(Mobile)},
		{"44", ca, Kinds(Mobile)},
	})
	tests := []struct {
		name, number, want string
	}{
		{"a range that the plan lists too", "19252345678", "US fixed_line_or_mobile"},
		{"an area code that the plan does not know", "12905555678", "US fixed_line_or_mobile"},
		{"a longer range within it", "12902345678", "CA premium_rate"},
		{"the range itself", "1290", "US fixed_line_or_mobile"},
		{"less than the range", "129", "the plan's"},
		{"a range of Kazakhstan", "76123456789", "KZ mobile"},
		{"a range under a code nobody has", "999123", "+881 mobile"},
		{"the later of two", "447400123456", "CA mobile"},
		{"a number in no range", "4915112345678", "DE mobile"},
		{"no number", "", "nobody"},
	}
	for _, test := range tests {
		want := test.want
		if want == "the plan's" {
			want = describe(NewLibrary().Lookup(test.number))
		}
		if got := describe(plan.Lookup(test.number)); got != want {
			t.Errorf("%s: +%s is %s, want %s", test.name, test.number, got, want)
		}
	}
}

func TestNoRangesAreThePlanItself(t *testing.T) {
	plan := NewLibrary()
	if Extend(plan, nil) != plan {
		t.Error("got another plan")
	}
}
