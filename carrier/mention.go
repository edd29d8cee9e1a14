package carrier

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// fewestDigits is how many digits in a row look like a number.
const fewestDigits = 7

// Mention is digits in a text, with separators among them, that look like a
// number.
type Mention struct {
	Text string
	// Plus tells whether a plus sign stands before them; it is in Text too.
	Plus bool
	// InWord tells whether a letter touches them, as in a SID.
	InWord bool
}

// Mentions finds all runs of digits in a text that are long enough for a number.
func Mentions(text string) []Mention {
	var mentions []Mention
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRuneInString(text[i:])
		if !unicode.IsNumber(c) {
			i += size
			continue
		}
		start, end, digits := i, i, 0
		for i < len(text) {
			c, size = utf8.DecodeRuneInString(text[i:])
			if unicode.IsNumber(c) {
				digits++
				end = i + size
			} else if !separatesDigits(c) {
				break
			}
			i += size
		}
		if digits < fewestDigits {
			continue
		}
		m := Mention{Text: text[start:end]}
		before := strings.TrimRight(text[:start], " (")
		for _, plus := range []string{"+", "\uff0b"} { // the latter in full width
			if strings.HasSuffix(before, plus) {
				m.Plus, m.Text = true, plus+m.Text
			}
		}
		m.InWord = start > 0 && isWord(text[start-1]) || end < len(text) && isWord(text[end])
		mentions = append(mentions, m)
	}
	return mentions
}

// separatesDigits tells whether a character can stand among the digits of a
// number: those that are usual there, and those that nobody sees.
func separatesDigits(c rune) bool {
	if c < utf8.RuneSelf {
		return strings.ContainsRune(" -.()/", c)
	}
	return unicode.In(c, unicode.Zs, unicode.Pd, unicode.Cf, unicode.M)
}

func isWord(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_' }
