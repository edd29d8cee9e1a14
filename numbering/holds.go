package numbering

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// HoldsNumber reports whether a text that Read cannot read looks as if there were
// a number in it: it begins like one, or holds one. It is for places in which a
// text need not be an address at all. Its cost is that of going once through the text.
func HoldsNumber(text string) bool {
	folded := strings.TrimLeft(foldLoosely(text), separators+"\x00")
	if _, rest, ok := cutScheme(folded); ok && beginsWithNumber(rest) {
		return true // behind a scheme, whatever stands behind it in turn
	}
	return strings.HasPrefix(folded, "+") || isNational(folded) || hasNumberInside(folded)
}

// other stands for any character that is in no number.
const other = '\x7f'

// foldLoosely brings a text of any length to ASCII as fold does, character by
// character. What no number holds becomes one and the same character, however many
// there are in a row.
func foldLoosely(text string) string {
	if isPlain(text) {
		return strings.TrimSpace(text)
	}
	folded := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case c < utf8.RuneSelf:
			folded = append(folded, byte(c))
		case c == utf8.RuneError || hasNoOtherForm(c):
			folded = appendOther(folded)
		default:
			if decomposed := norm.NFKC.PropertiesString(text[i:]).Decomposition(); decomposed != nil {
				folded = appendDecomposed(folded, decomposed)
			} else if kept, ok := foldRune(c); ok {
				folded = appendFolded(folded, kept)
			}
		}
		i += size
	}
	return strings.TrimSpace(string(folded))
}

// appendDecomposed appends what a character decomposes to. Digits in it are those of
// ASCII.
func appendDecomposed(folded, decomposed []byte) []byte {
	for _, b := range decomposed {
		if b < utf8.RuneSelf {
			folded = append(folded, b)
		} else if !isAllMarks(decomposed) {
			folded = appendOther(folded)
		}
	}
	return folded
}

// isAllMarks reports whether a decomposition is of marks that are not seen.
func isAllMarks(decomposed []byte) bool {
	if len(decomposed) > 2*utf8.UTFMax {
		return false
	}
	for len(decomposed) > 0 {
		c, size := utf8.DecodeRune(decomposed)
		if !unicode.Is(unicode.Mn, c) {
			return false
		}
		decomposed = decomposed[size:]
	}
	return true
}

func appendFolded(folded []byte, c rune) []byte {
	if c < utf8.RuneSelf {
		return append(folded, byte(c))
	}
	return appendOther(folded)
}

func appendOther(folded []byte) []byte {
	if n := len(folded); n > 0 && folded[n-1] == other {
		return folded
	}
	return append(folded, other)
}

// amidDigits reports whether a character may stand among the digits of a number
// inside a text.
func amidDigits(c byte) bool {
	return c == ' ' || c == '(' || c == ')' || c == '.' || c == '-'
}

// hasNumberInside reports whether a text holds a plus sign and then as many digits as
// a number has.
func hasNumberInside(text string) bool {
	for {
		plus := strings.IndexByte(text, '+')
		if plus < 0 {
			return false
		}
		text = text[plus+1:]
		if hasDigitsFirst(text) {
			return true
		}
	}
}

// beginsWithNumber reports whether a text begins with as many digits as a number has,
// behind a plus sign or not.
func beginsWithNumber(text string) bool { return hasDigitsFirst(strings.TrimPrefix(text, "+")) }

func hasDigitsFirst(text string) bool {
	digits := 0
	for i := 0; i < len(text); i++ {
		if isDigit(text[i]) {
			if digits++; digits == shortestNumber {
				return true
			}
		} else if !amidDigits(text[i]) {
			return false
		}
	}
	return false
}

// isNational reports whether a text is digits and separators alone, and as many digits
// as a number has.
func isNational(text string) bool {
	digits := 0
	for i := 0; i < len(text); i++ {
		if isDigit(text[i]) {
			digits++
		} else if strings.IndexByte(separators, text[i]) < 0 {
			return false
		}
	}
	return digits >= shortestNumber
}
