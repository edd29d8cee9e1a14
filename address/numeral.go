package address

import (
	"sync"
	"unicode"
	"unicode/utf8"
)

// isNumeral reports whether a character is a digit of any script, or another number.
func isNumeral(c rune) bool {
	if c < utf8.RuneSelf {
		return '0' <= c && c <= '9'
	}
	return amidNumbers(c)&numeral != 0
}

// separatesDigits reports whether a character can stand among the digits of a
// number: those that are usual there, and those that cannot be seen.
func separatesDigits(c rune) bool {
	if c < utf8.RuneSelf {
		return c == ' ' || c == '-' || c == '.' || c == '(' || c == ')' || c == '/'
	}
	return amidNumbers(c)&separator != 0
}

// What a character beyond ASCII can be in a number.
const (
	numeral   = 1 << iota // Unicode's category N
	separator             // its categories Zs, Pd, Cf and M
)

// The planes of Unicode that have such characters: the first two, and of the
// fifteenth the tags and variation selectors.
const (
	planesEnd = 0x20000
	tagsStart = 0xe0000
	tagsEnd   = 0xe0200
)

// amidNumbers is what a character is in a number. To search Unicode's tables for each
// character of a long text would take many times as long.
func amidNumbers(c rune) byte {
	switch {
	case c < planesEnd:
		return numberTable()[c]
	case tagsStart <= c && c < tagsEnd:
		return numberTable()[planesEnd+c-tagsStart]
	}
	return 0
}

var numberTable = sync.OnceValue(func() *[planesEnd + tagsEnd - tagsStart]byte {
	table := new([planesEnd + tagsEnd - tagsStart]byte)
	fill := func(class byte, low, high, stride rune) {
		for c := low; c <= high; c += stride {
			switch {
			case c < planesEnd:
				table[c] |= class
			case tagsStart <= c && c < tagsEnd:
				table[planesEnd+c-tagsStart] |= class
			}
		}
	}
	for _, of := range []struct {
		class  byte
		tables []*unicode.RangeTable
	}{
		{numeral, []*unicode.RangeTable{unicode.N}},
		{separator, []*unicode.RangeTable{unicode.Zs, unicode.Pd, unicode.Cf, unicode.M}},
	} {
		for _, t := range of.tables {
			for _, r := range t.R16 {
				fill(of.class, rune(r.Lo), rune(r.Hi), rune(r.Stride))
			}
			for _, r := range t.R32 {
				fill(of.class, rune(r.Lo), rune(r.Hi), rune(r.Stride))
			}
		}
	}
	return table
})
