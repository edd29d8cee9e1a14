package address

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// fewestMentioned is how many digits in a row look like a number.
const fewestMentioned = 7

// Mention is digits in a text, with separators among them, that look like a
// number.
type Mention struct {
	Text string
	// Plus reports whether a plus sign is before them; it is in Text too.
	Plus bool
	// InWord reports whether a letter touches them, as in a SID.
	InWord bool
}

// Mentions finds all runs of digits in a text that are long enough for a number.
func Mentions(text string) []Mention {
	var mentions []Mention
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf && !isDigit(c) {
			i++
			continue
		}
		c, size := utf8.DecodeRuneInString(text[i:])
		if !isNumeral(c) {
			i += size
			continue
		}
		start, end, digits := i, i, 0
		for i < len(text) {
			if text[i] < utf8.RuneSelf {
				c, size = rune(text[i]), 1
			} else {
				c, size = utf8.DecodeRuneInString(text[i:])
			}
			if isNumeral(c) {
				digits++
				end = i + size
			} else if !separatesDigits(c) {
				i += size // no number begins here either
				break
			}
			i += size
		}
		if digits < fewestMentioned {
			continue
		}
		m := Mention{Text: text[start:end]}
		before := strings.TrimRightFunc(text[:start], separatesDigits)
		for _, plus := range plusSigns {
			if strings.HasSuffix(before, plus) {
				m.Plus, m.Text = true, plus+m.Text
			}
		}
		m.InWord = start > 0 && isWord(text[start-1]) || end < len(text) && isWord(text[end])
		mentions = append(mentions, m)
	}
	return mentions
}

// plusSigns are the plus sign and what Unicode takes for one (compatibility
// decompositions, UAX #15): in full width, small, superscript and subscript.
var plusSigns = [...]string{"+", "\uff0b", "\ufe62", "\u207a", "\u208a"}

// NumbersIn finds what looks like a number in a text that can be anything: a plus sign
// and seven or more digits of any script, or so many behind the blank that a text begins
// with, since in a form a blank may have been a plus sign that was not encoded. All
// begin with a plus sign.
func NumbersIn(text string) (numbers []string) {
	if !MayHoldNumber(text) {
		return nil
	}
	for i, m := range Mentions(text) {
		switch {
		case m.Plus:
			numbers = append(numbers, m.Text)
		case i == 0 && text[0] == ' ' && strings.HasPrefix(strings.TrimLeft(text, " "), m.Text):
			numbers = append(numbers, "+"+m.Text)
		}
	}
	return numbers
}

// LooksLikeNumber reports whether NumbersIn finds something.
func LooksLikeNumber(text string) bool { return len(NumbersIn(text)) > 0 }

// MayHoldNumber is false for most texts that NumbersIn finds nothing in: those without a
// plus sign, in whatever script.
func MayHoldNumber(text string) bool {
	if len(text) <= fewestMentioned {
		return false
	}
	return text[0] == ' ' || slices.ContainsFunc(plusSigns[:], func(plus string) bool { return strings.Contains(text, plus) })
}

func isWord(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_' }
