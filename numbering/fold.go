package numbering

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold brings the ways in which Unicode writes a number or an address to
// ASCII: compatibility forms (full width, superscript), the decimal digits of
// every script, kinds of spaces and dashes; what is not seen goes away. What it
// does not know stays as it is, for the reader to stumble over.
func fold(text string) string {
	if isPlain(text) {
		return strings.TrimSpace(text)
	}
	var b strings.Builder
	b.Grow(len(text))
	for _, c := range norm.NFKC.String(text) {
		switch {
		case c < 0x80:
			b.WriteRune(c)
		case unicode.Is(unicode.Nd, c):
			b.WriteByte('0' + digitValue(c))
		case unicode.Is(unicode.Zs, c) || c == '\u2028' || c == '\u2029' || c == '\u0085':
			b.WriteByte(' ')
		case unicode.Is(unicode.Pd, c) || c == '\u2212' || c == '\u00ad':
			b.WriteByte('-')
		case unicode.In(c, unicode.Cf, unicode.Mn, unicode.Me, unicode.Variation_Selector) || c == '\u115f' || c == '\u1160' || c == '\u3164':
			// Not seen: marks, joiners, direction marks, fillers.
		default:
			b.WriteRune(c)
		}
	}
	return strings.TrimSpace(b.String())
}

// mixesDigits tells whether a text has digits in ASCII together with digits or
// a plus sign that are not. Readers who know ASCII alone drop the latter and
// come to another number.
func mixesDigits(text string) bool {
	if isPlain(text) {
		return false
	}
	ascii, other := false, false
	for _, c := range text {
		switch {
		case '0' <= c && c <= '9':
			ascii = true
		case c >= 0x80:
			other = other || strings.ContainsAny(fold(string(c)), "+0123456789")
		}
	}
	return ascii && other
}

// digitValue is the value of a decimal digit of any script. Unicode keeps the
// ten digits of a script together and in order, beginning at a multiple that
// the range tables show: count back to the first that is not a digit, by tens.
func digitValue(c rune) byte {
	for _, r := range unicode.Nd.R16 {
		if rune(r.Lo) <= c && c <= rune(r.Hi) {
			return byte((c - rune(r.Lo)) % 10)
		}
	}
	for _, r := range unicode.Nd.R32 {
		if rune(r.Lo) <= c && c <= rune(r.Hi) {
			return byte((c - rune(r.Lo)) % 10)
		}
	}
	return 0
}

// isPlain tells whether the text holds printable ASCII only.
func isPlain(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}
