package address

import "strings"

// longestShort is how many digits an emergency number has at most: four, behind a
// calling code of three and an international prefix of three.
const longestShort = 10

// bareDigits is how many digits most numbers have that are dialled without a calling
// code anywhere.
const bareDigits = 3

// isEmergency reports whether digits, all of them, call for help.
func (r *Reader) isEmergency(digits string) bool {
	return len(digits) <= longestShort && r.Dialect.Emergency[digits]
}

// readShort reads a text as a number of few digits that is dialled within a country,
// or for help behind its calling code, and reports whether it is one. Three digits
// without "+" are never a number of another country.
func (r *Reader) readShort(reading *Reading, text string) bool {
	number, context, hasContext := cutContext(text)
	var buffer [longestShort]byte
	digits, plus, ok := shortDigits(number, buffer[:0])
	if !ok {
		return false
	}
	switch code, isCode := strings.CutPrefix(context, "+"); {
	case hasContext && isCode:
		if plus || rulesOfCode(code) == nil || !r.isEmergency(code+digits) {
			return false
		}
		reading.Meaning = Emergency
	case r.isEmergency(digits) || r.isEmergencyAbroad(digits):
		if !plus && r.isSubscriber(digits) {
			return false
		}
		reading.Meaning = Emergency
	case !plus && r.Dialect.Services[digits]:
		reading.Meaning = NotANumber
	case !plus && len(digits) == bareDigits:
		reading.Meaning = Unreadable
	default:
		return false
	}
	return true
}

// isEmergencyAbroad reports whether digits are an international prefix and then an
// emergency number behind its calling code.
func (r *Reader) isEmergencyAbroad(digits string) bool {
	for _, prefix := range []string{usualInternational, "011"} {
		if rest, ok := strings.CutPrefix(digits, prefix); ok && len(rest) > bareDigits && r.isEmergency(rest) {
			return true
		}
	}
	return false
}

// isSubscriber reports whether digits that stand without "+" are a number of a sender's
// country: "353112" is help in Ireland, and from Andorra a subscriber's number there. None
// is so short as what is dialled for help without a calling code.
func (r *Reader) isSubscriber(digits string) bool {
	if len(digits) <= bareDigits {
		return false
	}
	for _, country := range r.From {
		if country.rules == nil {
			continue
		}
		var found candidates
		found.within(country.rules, digits)
		if r.hasListed(&found) {
			return true
		}
	}
	return false
}

// shortDigits appends the digits of a text that has no more of them than a short
// number, separators among them, and perhaps a plus sign before them.
func shortDigits(text string, digits []byte) (found string, plus, ok bool) {
	if len(text) > 4*longestShort {
		return "", false, false
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case isDigit(c):
			if len(digits) == longestShort {
				return "", false, false
			}
			digits = append(digits, c)
		case c == '+' && !plus && len(digits) == 0:
			plus = true
		case isSeparator[c]:
		default:
			return "", false, false
		}
	}
	return string(digits), plus, len(digits) > 0
}

// cutContext cuts off where a local number is dialled (RFC 3966, section 5.1.5):
// behind a calling code, or at a domain.
func cutContext(text string) (number, context string, ok bool) {
	const name = "phone-context="
	i := strings.IndexByte(text, ';')
	if i < 0 || len(text) > 2*maxDialled || len(text) < i+1+len(name) || !strings.EqualFold(text[i+1:i+1+len(name)], name) {
		return text, "", false
	}
	return text[:i], strings.TrimSpace(text[i+1+len(name):]), true
}
