package address

import (
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestEveryCharacterIsInNumbersWhatUnicodeSays(t *testing.T) {
	for c := rune(utf8.RuneSelf); c <= unicode.MaxRune; c++ {
		if got, want := isNumeral(c), unicode.IsNumber(c); got != want {
			t.Errorf("%U is a numeral: %v, want %v", c, got, want)
		}
		if got, want := separatesDigits(c), unicode.In(c, unicode.Zs, unicode.Pd, unicode.Cf, unicode.M); got != want {
			t.Errorf("%U separates digits: %v, want %v", c, got, want)
		}
	}
}
