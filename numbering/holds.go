package numbering

import (
	"regexp"
	"strings"
)

// numberInside is what a number looks like inside a text that is none.
var numberInside = regexp.MustCompile(`\+[ ().-]*([0-9][ ().-]*){7,}`)

// numberFirst is a text that begins with a number.
var numberFirst = regexp.MustCompile(`^\+?[ ().-]*([0-9][ ().-]*){7,}`)

// HoldsNumber tells whether a text that Read cannot read looks as if there were
// a number in it: it begins like one, or holds one. It is for places in which a
// text need not be an address at all.
func HoldsNumber(text string) bool {
	folded := strings.TrimLeft(fold(text), separators+"\x00")
	if _, rest, ok := cutScheme(folded); ok && numberFirst.MatchString(rest) {
		return true // behind a scheme, whatever stands behind it in turn
	}
	return strings.HasPrefix(folded, "+") || isNational(folded) || numberInside.MatchString(folded)
}

// isNational tells whether a text is digits and separators alone.
func isNational(text string) bool {
	digits := keepDigits(text, false)
	return len(digits) >= 7 && strings.Trim(text, separators+"0123456789") == ""
}
