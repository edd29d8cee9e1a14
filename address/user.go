package address

import (
	"strings"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// longestUserID is how many characters a user's ID has at most behind the country
// (https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids).
const longestUserID = 128

// readUser reads a number, the ID of a user ("US.13491208655302741918",
// "US.ENT.11815799212886844830") or a user's name. What could be taken for a number
// by a reader that drops letters is judged as that, or unreadable.
func (r *Reader) readUser(reading *Reading, text string, medium Medium) {
	r.readDialled(reading, text, medium)
	if !isPlain(reading.Text) {
		return
	}
	if id, ok := cutUserID(text); ok {
		reading.Meaning, reading.Numbers = NotANumber, NumberList{}
		digits := keepDigits(id, false)
		if digits == "" || digits[0] == '0' || len(digits) > numbering.E164Digits {
			return
		}
		if assignment := r.Plan.Lookup(digits); assignment.Listed {
			reading.Numbers.add(&Number{digits, assignment})
			r.settle(reading)
		}
		return
	}
	if medium != ForCall && isUserName(text) {
		reading.Meaning = NotANumber
	}
}

// cutUserID returns what stands behind the country in the ID of a user.
func cutUserID(text string) (id string, ok bool) {
	if len(text) < 4 || text[2] != '.' || !isCapital(text[0]) || !isCapital(text[1]) {
		return "", false
	}
	id = strings.TrimPrefix(text[3:], "ENT.")
	for i := 0; i < len(id); i++ {
		if !isASCIILetter(id[i]) && !isDigit(id[i]) {
			return "", false
		}
	}
	return id, id != "" && len(id) <= longestUserID
}

// isUserName reports whether a text is the name of a user, which has a letter, and no
// number in it.
func isUserName(text string) bool {
	letters, digits := 0, 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case isASCIILetter(c):
			letters++
		case isDigit(c):
			digits++
		case c != '.' && c != '_' && (c != '@' || i > 0):
			return false
		}
	}
	return letters > 0 && digits < shortestNumber && len(text) <= maxDialled
}

// isSID reports whether a text is the name of a thing of the carrier's: two letters
// and 32 hexadecimal digits.
func isSID(text string) bool {
	if len(text) != 34 || !isCapital(text[0]) || !isCapital(text[1]) {
		return false
	}
	return strings.Trim(text[2:], "0123456789abcdefABCDEF") == ""
}

func isCapital(c byte) bool { return 'A' <= c && c <= 'Z' }
