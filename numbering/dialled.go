package numbering

import "strings"

// dialledDigits is one way to get digits out of a text.
type dialledDigits struct {
	text string
	plus bool
}

// separators may stand anywhere among the digits of a number.
const separators = " \t\r\n-.()[]/_~'"

// extensionMarks end the number: what follows is dialled once somebody has
// answered, or is a parameter.
const extensionMarks = ";,#*"

// keypad has the digit of each letter on a telephone keypad, from a to z
// (ITU-T E.161).
const keypad = "22233344455566677778889999"

// dialled returns the ways to get digits out of a text, the likely one first:
// without what looks like an extension; with it, for whoever just drops all
// that is no digit; and on calls with letters turned to digits as on a keypad.
// It returns none for a text with anything in it that belongs in no number.
func dialled(text string, letters bool) []dialledDigits {
	text = strings.TrimLeft(text, separators)
	text, plus := strings.CutPrefix(text, "+")
	text = strings.ToLower(text)
	number, extension := cutExtension(text)

	digits, hasLetters, ok := scanDigits(number, letters)
	if !ok || digits == "" {
		return nil
	}
	ways := []dialledDigits{{digits, plus}}
	if extension == "" && !hasLetters {
		return ways
	}
	// Each further way takes the whole text and skips what it does not know.
	if letters {
		ways = append(ways, dialledDigits{keepDigits(text, true), plus})
	}
	return append(ways,
		dialledDigits{keepDigits(number, false), plus},
		dialledDigits{keepDigits(text, false), plus},
	)
}

// cutExtension cuts a text, in lower case, at the mark or word that begins an
// extension.
func cutExtension(text string) (number, extension string) {
	end := len(text)
	if i := strings.IndexAny(text, extensionMarks); i >= 0 {
		end = i
	}
	// Words count only where a digit or a separator stands on both sides, or
	// "ext" would be cut out of a number spelled in letters.
	for _, word := range []string{"extension", "extn", "ext", "x"} {
		if i := strings.Index(text[:end], word); i > 0 && !isASCIILetter(text[i-1]) {
			after := text[i+len(word):]
			if after == "" || !isASCIILetter(after[0]) {
				end = i
			}
		}
	}
	return text[:end], text[end:]
}

// scanDigits reads the digits of a number that may hold separators and, if
// letters is set, letters. It fails on anything else.
func scanDigits(number string, letters bool) (digits string, hasLetters, ok bool) {
	var b strings.Builder
	for i := 0; i < len(number); i++ {
		c := number[i]
		switch {
		case isDigit(c):
			b.WriteByte(c)
		case strings.IndexByte(separators, c) >= 0:
		case letters && 'a' <= c && c <= 'z':
			b.WriteByte(keypad[c-'a'])
			hasLetters = true
		default:
			return "", false, false
		}
	}
	return b.String(), hasLetters, true
}

// keepDigits drops all that is no digit, turning letters to digits if asked.
func keepDigits(text string, letters bool) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case isDigit(c):
			b.WriteByte(c)
		case letters && 'a' <= c && c <= 'z':
			b.WriteByte(keypad[c-'a'])
		}
	}
	return b.String()
}
