package rates

import (
	"strings"
	"testing"
)

func TestPricesAreReadAndWrittenExactly(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       Price
		shown      string
	}{
		{"one with four decimals", "0.0079", 7_900, "0.0079"},
		{"one with all six", "0.000001", 1, "0.000001"},
		{"one without decimals", "3", 3_000_000, "3.00"},
		{"nothing", "0", 0, "0.00"},
		{"zeros behind the sixth decimal", "0.1000000000", 100_000, "0.10"},
		{"the most there may be", "10000.00", 10_000_000_000, "10000.00"},
	} {
		got, err := ParsePrice(test.text)
		if err != nil || got != test.want || got.String() != test.shown {
			t.Errorf("%s: %q is %d, shown as %s (%v), want %d and %s", test.name, test.text, got, got, err, test.want, test.shown)
		}
	}
}

func TestWhatIsNoMoneyIsRefused(t *testing.T) {
	price := func(text string) error { _, err := ParsePrice(text); return err }
	amount := func(text string) error { _, err := ParseAmount(text); return err }
	for _, test := range []struct {
		name  string
		parse func(string) error
		text  string
		says  string
	}{
		{"an empty price", price, "", "write digits"},
		{"a comma", price, "0,15", "a point before decimals"},
		{"a sign", price, "-1", "write digits"},
		{"a point alone", price, ".", "write digits"},
		{"a point at the end", price, "1.", "write digits"},
		{"a point at the beginning", price, ".5", "write digits"},
		{"a currency", price, "0.15 USD", "write digits"},
		{"a seventh decimal", price, "0.0000001", "more than 6 decimals"},
		{"a price above the most there may be", price, "10000.000001", "more than 10000"},
		{"more digits than an integer has", price, "99999999999999999999", "too much"},
		{"no amount", amount, "0.0000", "it is nothing"},
		{"a fifth decimal of an amount", amount, "20.00001", "more than 4 decimals"},
		{"more than a limit counts", amount, "400000.0001", "more than 400000"},
	} {
		if err := test.parse(test.text); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %q is refused with %v, which does not say %q", test.name, test.text, err, test.says)
		}
	}
}

func TestAnAmountIsRoundedUp(t *testing.T) {
	for _, test := range []struct {
		price Price
		want  Amount
	}{{0, 0}, {1, 1}, {100, 1}, {101, 2}, {7_900, 79}, {7_901, 80}} {
		if got := test.price.Amount(); got != test.want {
			t.Errorf("%s is %d ten-thousandths, want %d", test.price, got, test.want)
		}
	}
}
