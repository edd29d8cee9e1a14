package twiml

import (
	"regexp"
	"strings"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/carrier/params"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Limits of a value that is a number as a whole, with anything between its digits.
const (
	fewestDigits  = 7
	longestNumber = 40 // in bytes
)

// fillIn adds the numbers in a query parameter that may fill in a document. Twilio dials
// the value unchanged: if it has digits besides the numbers in it, or letters that may be
// digits, the whole value counts.
func (r *reader) fillIn(p params.Parameter, messages bool) {
	value := strings.TrimSpace(p.Value)
	isOther := messages && namesNoNumber(p.Name) || isIdentifier.MatchString(value)
	left := digitsIn(value)
	isWhole := len(value) <= longestNumber && (left >= fewestDigits || strings.HasPrefix(value, "+"))
	for _, m := range address.Mentions(value) {
		left -= digitsIn(m.Text)
		if m.Plus || !isOther {
			r.mayReach(m.Text, messages)
		}
	}
	if isWhole && left > 0 && !isOther {
		r.mayReach(value, messages)
	}
}

// digitsIn counts the digits of ASCII in a text.
func digitsIn(text string) (digits int) {
	for i := range len(text) {
		if '0' <= text[i] && text[i] <= '9' {
			digits++
		}
	}
	return digits
}

// mayReach adds a text that may be called or messaged.
func (r *reader) mayReach(to string, messages bool) {
	r.result.Sends = append(r.result.Sends, Send{Channel: policy.Voice, To: to, Tentative: true})
	if messages {
		r.result.Sends = append(r.result.Sends, Send{Channel: policy.Messaging, To: to, Tentative: true})
	}
}

// isIdentifier matches values of digits that are never a phone number: a UUID (RFC
// 9562), and a day with or without a time of day (RFC 3339).
var isIdentifier = regexp.MustCompile(`^(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|` +
	`(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9](?:[T ][0-2][0-9]:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?(?:Z|[-+ ][0-9]{2}:?[0-9]{2})?)?)$`)

// noNumbers are last words of parameter names whose value is not a phone number, such as
// "orderId" or "ts", with which a customer's function looks something up. After a plus
// sign a number counts under any name.
var noNumbers = setOf(`
	amount appointment case code count date day expires expiry guid hash id ids index invoice
	key nonce order pin price ref reference session sid sig signature size ticket time
	timestamp token total ts uuid v version zip
`)

// namesNoNumber reports whether a parameter's name says so.
func namesNoNumber(name string) bool {
	name = strings.TrimRight(name, "[]0123456789 ")
	start := len(name)
	for start > 0 && isLetter(name[start-1]) {
		start--
		if isCapital(name[start]) && start > 0 && !isCapital(name[start-1]) {
			break // the capital letter in "orderId"
		}
	}
	word := strings.ToLower(name[start:])
	return noNumbers[word] || strings.HasSuffix(word, "id") // "userid"
}

func isLetter(c byte) bool  { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isCapital(c byte) bool { return 'A' <= c && c <= 'Z' }
