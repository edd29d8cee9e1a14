package address

import (
	"bytes"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// ContainsNumber reports whether a text that Read cannot read looks as if there were
// a number in it: it begins like one, or holds one. It is for places in which a
// text need not be an address at all. Its cost is that of going once through the text.
func ContainsNumber(text string) bool {
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
	forms := looseForms()
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			folded = append(folded, text[i])
			i++
			continue
		}
		c, size := utf8.DecodeRuneInString(text[i:])
		i += size
		if int(c) >= len(forms.single) {
			folded = appendLoosely(folded, c)
			continue
		}
		switch form := forms.single[c]; form {
		case unseen:
		case several:
			folded = append(folded, forms.several[c]...)
		case other:
			folded = appendOther(folded)
		default:
			folded = append(folded, form)
		}
	}
	return strings.TrimSpace(string(folded))
}

// What a character can become beside a character of ASCII.
const (
	unseen  = 0x80 + iota // nothing
	several               // more than one
)

// looseForms has what the characters become of the planes that are written in, so that
// no text is slow to go through. It is made when it is first needed, in milliseconds.
var looseForms = sync.OnceValue(func() *struct {
	single  [0x20000]byte
	several map[rune][]byte
} {
	forms := &struct {
		single  [0x20000]byte
		several map[rune][]byte
	}{several: make(map[rune][]byte)}
	for c := range rune(len(forms.single)) {
		switch folded := appendLoosely(nil, c); {
		case len(folded) == 0:
			forms.single[c] = unseen
		case len(folded) == 1:
			forms.single[c] = folded[0]
		case bytes.IndexByte(folded, other) >= 0 && !bytes.ContainsFunc(folded, func(c rune) bool { return c == '+' || c == ':' || unicode.IsLetter(c) || unicode.IsDigit(c) }):
			forms.single[c] = other // whatever else is in it, it is in no number
		default:
			forms.single[c], forms.several[c] = several, folded
		}
	}
	return forms
})

// appendLoosely appends what one character becomes.
func appendLoosely(folded []byte, c rune) []byte {
	if c == utf8.RuneError || hasNoOtherForm(c) {
		return appendOther(folded)
	}
	var buffer [utf8.UTFMax]byte
	if decomposed := norm.NFKC.Properties(utf8.AppendRune(buffer[:0], c)).Decomposition(); decomposed != nil {
		return appendDecomposed(folded, decomposed)
	}
	if kept, ok := foldRune(c); ok {
		return appendFolded(folded, kept)
	}
	return folded
}

// appendDecomposed appends what a character decomposes to.
func appendDecomposed(folded, decomposed []byte) []byte {
	for len(decomposed) > 0 {
		c, size := utf8.DecodeRune(decomposed)
		if kept, ok := foldRune(c); ok {
			folded = appendFolded(folded, kept)
		}
		decomposed = decomposed[size:]
	}
	return folded
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
