package numbering

import (
	"math/rand/v2"
	"testing"
)

func TestTheLongestRangeDecides(t *testing.T) {
	us, _ := ParseTerritory("US")
	ca, _ := ParseTerritory("CA")
	kz, _ := ParseTerritory("KZ")
	satellite, _ := ParseTerritory("+881")
	plan := Extend(Default(), []Range{
		{"1925", us, Kinds(FixedLineOrMobile)},
		{"1290", us, Kinds(FixedLineOrMobile)},
		{"1290234", ca, Kinds(PremiumRate)},
		{"76", kz, Kinds(Mobile)},
		{"999", satellite, Kinds(Mobile)},
		{"44", us, Kinds(Mobile)},
		{"44", ca, Kinds(Mobile)},
	}, nil)
	tests := []struct {
		name, number, want string
	}{
		{"a range that the plan lists too", "19252345678", "US fixed_line_or_mobile"},
		{"an area code that the plan does not know", "12905555678", "US fixed_line_or_mobile"},
		{"a longer range within it", "12902345678", "CA premium_rate"},
		{"the range itself", "1290", "US fixed_line_or_mobile"},
		{"less than the range", "129", "the plan's"},
		{"a range of Kazakhstan", "76123456789", "KZ mobile"},
		{"a range under an unassigned code", "999123", "+881 mobile"},
		{"the later of two", "447400123456", "CA mobile"},
		{"a number in no range", "4915112345678", "DE mobile"},
		{"no number", "", "unassigned"},
	}
	for _, test := range tests {
		want := test.want
		if want == "the plan's" {
			want = describe(Default().Lookup(test.number))
		}
		if got := describe(plan.Lookup(test.number)); got != want {
			t.Errorf("%s: +%s is %s, want %s", test.name, test.number, got, want)
		}
	}
}

func TestNoRangesAreThePlanItself(t *testing.T) {
	plan := Default()
	for _, none := range []*TollFraud{nil, new(TollFraud), NewTollFraud(nil)} {
		if Extend(plan, nil, none) != plan {
			t.Error("got another plan")
		}
	}
}

// BenchmarkExtended looks numbers up that no range and no toll fraud has, in the
// plan itself and in what is made of it.
func BenchmarkExtended(b *testing.B) {
	us, _ := ParseTerritory("US")
	r := rand.New(rand.NewPCG(3, 4))
	numbers := make([]string, 65_536)
	for i := range numbers {
		numbers[i] = "4915" + randomDigits(r, 9)
	}
	for _, bench := range []struct {
		name string
		plan Plan
	}{
		{"plan", Default()},
		{"toll fraud", Extend(Default(), nil, DefaultTollFraud())},
		{"toll fraud and a range", Extend(Default(), []Range{{"1924", us, Kinds(Mobile)}}, DefaultTollFraud())},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				bench.plan.Lookup(numbers[i%len(numbers)])
				i++
			}
		})
	}
}
