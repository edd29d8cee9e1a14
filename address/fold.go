package address

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxFolded bounds a text in characters beyond ASCII, in bytes, as it is and as it is
// folded: a single character can stand for eighteen.
const maxFolded = 256

// fold brings the ways in which Unicode writes a number or an address to
// ASCII: compatibility forms (full width, superscript), the decimal digits of
// every script, kinds of spaces and dashes; what is not seen goes away. What it
// does not know stays as it is, for the reader to stumble over. It fails on a text
// that is longer than any address is in such characters.
func fold(text string) (folded string, ok bool) {
	if isPlain(text) {
		return strings.TrimSpace(text), true
	}
	if !isASCII(text) {
		if len(text) > maxFolded || foldedLength(text) > maxFolded {
			return "", false
		}
		text = norm.NFKC.String(text)
	}
	var b strings.Builder
	b.Grow(len(text))
	for _, c := range text {
		if kept, ok := foldRune(c); ok {
			b.WriteRune(kept)
		}
	}
	return strings.TrimSpace(b.String()), true
}

// foldedLength is how many bytes a text has at most once it is decomposed.
func foldedLength(text string) (length int) {
	for i := 0; i < len(text); {
		properties := norm.NFKC.PropertiesString(text[i:])
		size := properties.Size()
		if size == 0 {
			size = 1 // no valid UTF-8
		}
		length += max(size, len(properties.Decomposition()))
		i += size
	}
	return length
}

// foldRune returns what a character that has no other form is to readers of ASCII, or
// false for one that is not seen.
func foldRune(c rune) (kept rune, ok bool) {
	switch {
	case c < 0x80:
		return c, true
	case c == '\u115f' || c == '\u1160' || c == '\u3164':
		return 0, false // fillers
	case isCommonLetter(c) || unicode.IsLetter(c):
		return c, true
	case unicode.Is(unicode.Nd, c):
		return rune('0' + digitValue(c)), true
	case unicode.Is(unicode.Zs, c) || c == '\u2028' || c == '\u2029' || c == '\u0085':
		return ' ', true
	case unicode.Is(unicode.Pd, c) || c == '\u2212' || c == '\u00ad':
		return '-', true
	case unicode.In(c, unicode.Cf, unicode.Mn, unicode.Me, unicode.Variation_Selector):
		return 0, false // marks, joiners, direction marks
	}
	return c, true
}

// mixesDigits reports whether a text has digits in ASCII together with digits or
// a plus sign that are not. Readers who know ASCII alone drop the latter and
// come to another number.
func mixesDigits(text string) bool {
	if isASCII(text) {
		return false
	}
	ascii, other := false, false
	for _, c := range text {
		switch {
		case c < 0x80:
			ascii = ascii || isDigit(byte(c))
		case !other:
			other = hidesDigit(c)
		}
	}
	return ascii && other
}

// hidesDigit reports whether a character that is not ASCII has a digit or a plus sign
// in it.
func hidesDigit(c rune) bool {
	if hasNoOtherForm(c) {
		return false
	}
	var buffer [utf8.UTFMax]byte
	decomposed := norm.NFKC.Properties(utf8.AppendRune(buffer[:0], c)).Decomposition()
	if decomposed == nil {
		return unicode.Is(unicode.Nd, c)
	}
	for _, b := range decomposed {
		if b == '+' || isDigit(b) {
			return true
		}
	}
	return false
}

// isCommonLetter reports whether a character is of the letters that the longest
// compatibility forms are made of, Arabic and Kana: they are many in a row.
func isCommonLetter(c rune) bool {
	return 0x0620 <= c && c <= 0x064a || 0x3041 <= c && c <= 0x3096 || 0x30a1 <= c && c <= 0x30fa || hasNoOtherForm(c)
}

// hasNoOtherForm reports whether a character is of the large scripts of East Asia,
// which have neither digits of ASCII nor anything else in them.
func hasNoOtherForm(c rune) bool {
	return 0x3400 <= c && c < 0xa000 || 0xac00 <= c && c < 0xd7a4 || 0x20000 <= c && c < 0x2f800
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

// isPlain reports whether the text holds printable ASCII only.
func isPlain(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

func isASCII(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
