package sandbox

import (
	"regexp"
	"strings"
)

// maximumAddress limits how much of an address is kept, in bytes; a SIP address may have
// 255.
const maximumAddress = 255

// scheme is a prefix of an address that is not a plain phone number. Some schemes have a
// phone number behind the prefix.
type scheme struct {
	prefix string
	number bool
}

var (
	messageSchemes = []scheme{{"whatsapp:", true}, {"rcs:", true}, {"messenger:", false}, {"apple:", false}}
	callSchemes    = []scheme{{"client:", false}, {"sip:", false}, {"sips:", false}, {"app:", false}, {"whatsapp:", true}}
)

var (
	// shortCode in To: three to six digits.
	shortCode = regexp.MustCompile(`^[0-9]{3,6}$`)
	// senderName is an alphanumeric sender ID or a short code:
	// https://www.twilio.com/docs/glossary/what-alphanumeric-sender-id.
	senderName = regexp.MustCompile(`^([0-9]{3,8}|[A-Za-z0-9 +\-_&]{0,10}[A-Za-z][A-Za-z0-9 +\-_&]{0,10})$`)
	separators = strings.NewReplacer(" ", "", "-", "", ".", "", "(", "", ")", "")
	// internationalNumber is E.164: at least seven digits, and eleven under +1.
	internationalNumber = regexp.MustCompile(`^\+([2-9][0-9]{6,14}|1[2-9][0-9]{9})$`)
	nationalNumber      = regexp.MustCompile(`^[2-9][0-9]{2}[2-9][0-9]{6}$`)
)

// maximumSenderName is the longest alphanumeric sender ID.
const maximumSenderName = 11

// trunkPrefixes are the prefixes of numbers in national form, by calling code. Twilio's
// own example is GB (https://www.twilio.com/docs/messaging/twiml/message#to); that it
// knows the others is unverified.
var trunkPrefixes = map[string]string{
	"33": "0", "34": "", "39": "", "43": "0", "44": "0", "49": "0", "61": "0", "63": "0", "353": "0",
}

// readLocal reads a number without + as a national number of the sender's country, which
// Twilio documents for messages. For calls it is unverified.
func readLocal(digits, sender string) (number string, local bool) {
	_, sender, _ = strings.Cut(sender, "+")
	for code, trunk := range trunkPrefixes {
		isInternational := strings.HasPrefix(digits, code) || strings.HasPrefix(digits, "00")
		if sender == "" || !strings.HasPrefix(sender, code) || isInternational {
			continue
		}
		return "+" + code + strings.TrimPrefix(digits, trunk), true
	}
	return "", false
}

// readNumber reads a phone number as leniently as Twilio's documentation does: E.164, a
// number of the sender's country, or a US number in national form, with separators.
// Other digits without + start with their country code.
func readNumber(text, sender string) (number string, valid bool) {
	digits := separators.Replace(strings.TrimSpace(text))
	local, isLocal := readLocal(digits, sender)
	switch {
	case strings.HasPrefix(digits, "+"):
		number = digits
	case isLocal:
		number = local
	case nationalNumber.MatchString(digits):
		number = "+1" + digits
	default:
		number = "+" + digits
	}
	return number, internationalNumber.MatchString(number)
}

// readScheme reads an address with one of the prefixes. A prefix without the number or
// name that it needs is not an address.
func readScheme(text, sender string, schemes []scheme) (address string, found, valid bool) {
	for _, scheme := range schemes {
		if len(text) < len(scheme.prefix) || !strings.EqualFold(text[:len(scheme.prefix)], scheme.prefix) {
			continue
		}
		rest := text[len(scheme.prefix):]
		if !scheme.number {
			return text, true, rest != "" && len(text) <= maximumAddress
		}
		number, valid := readNumber(rest, sender)
		return scheme.prefix + number, true, valid
	}
	return "", false, false
}

func readMessageTo(text, sender string) (address string, code int) {
	address, found, valid := readScheme(text, sender, messageSchemes)
	switch {
	case found && valid:
		return address, 0
	case found && strings.HasPrefix(address, "whatsapp:"):
		return "", invalidOnWhatsApp
	case found:
		return "", 21211
	case shortCode.MatchString(text):
		return "", 21265
	}
	address, valid = readNumber(text, sender)
	switch {
	case isTooShort(address):
		return "", 21265
	case !valid:
		return "", 21211
	}
	return address, magicMessageTo[address]
}

// nationalLengths are how many digits every number of a country has after its calling
// code, in countries where all have as many. India's is recorded: 21265 for nine of its
// ten digits. That Twilio answers alike for the others is unverified.
var nationalLengths = map[string]int{"91": 10, "33": 9, "34": 9, "61": 9}

// isTooShort reports whether a number has fewer digits than all of its country's.
func isTooShort(number string) bool {
	for code, length := range nationalLengths {
		digits, isOfCountry := strings.CutPrefix(number, "+"+code)
		if isOfCountry && strings.Trim(digits, "0123456789") == "" && len(digits) < length {
			return true
		}
	}
	return false
}

func readMessageFrom(text string) (address string, code int) {
	// A sender with a prefix may be named rather than numbered: rcs:brand_agent.
	if _, found, _ := readScheme(text, "", messageSchemes); found && len(text) <= maximumAddress {
		return text, 0
	}
	if address, valid := readNumber(text, ""); valid {
		return address, magicMessageFrom[address]
	}
	if len(text) <= maximumSenderName && senderName.MatchString(text) {
		return text, 0
	}
	return "", 21212
}

// emergency are the numbers that Twilio calls with or without the country code
// (https://www.twilio.com/docs/voice/tutorials/emergency-calling-for-programmable-voice/emergency-telephone-numbers),
// 933, which plays back the caller's emergency address, and the N11 codes of the US and
// Canada, which are unverified.
var emergency = regexp.MustCompile(`^\+?(1?(911|112|988)|933|[2-8]11|(44|353|60)?(112|999)|` +
	`(61)?(000|106|112)|33(15|17|18)|(33)?(112|11[459]|191|196)|(49)?11[02]|` +
	`(43)?(112|122|133|14[0-247])|(66)?(112|191|199|1155|1669)|(63)?(112|117|911)|` +
	`(64)?111|(39)?(11[23458]|1530))$`)

func readCallTo(text, sender string) (address string, code int) {
	if digits := separators.Replace(strings.TrimSpace(text)); emergency.MatchString(digits) {
		return digits, 0
	}
	address, found, valid := readScheme(text, sender, callSchemes)
	switch {
	case found && valid:
		return address, 0
	case found:
		return "", 21217
	case isSIPAddress(text):
		return text, 0
	}
	if address, valid = readNumber(keypad(text), sender); !valid {
		return "", 21217
	}
	return address, magicCallTo[address]
}

// readCallFrom rejects letters: Twilio answers 21210 to "gdygadba" as a sender, but
// calls +43942322 for it as a destination.
func readCallFrom(text string) (address string, code int) {
	if address, found, valid := readScheme(text, "", callSchemes); found && valid {
		return address, 0
	}
	if address, valid := readNumber(text, ""); valid {
		return address, magicCallFrom[address]
	}
	return "", 21210
}

// isSIPAddress recognizes user@host without a scheme, which Twilio has accepted since
// its earliest versions.
func isSIPAddress(text string) bool {
	user, host, at := strings.Cut(text, "@")
	return at && user != "" && host != "" && len(text) <= maximumAddress
}

// keypad gives letters the digits they share a key with.
func keypad(text string) string {
	const digits = "22233344455566677778889999"
	return strings.Map(func(character rune) rune {
		switch {
		case 'a' <= character && character <= 'z':
			return rune(digits[character-'a'])
		case 'A' <= character && character <= 'Z':
			return rune(digits[character-'A'])
		}
		return character
	}, text)
}

// formatted writes a number as to_formatted of a call has it: +1 numbers in national
// form, all others unchanged.
func formatted(address string) string {
	if len(address) != len("+14158675308") || !strings.HasPrefix(address, "+1") {
		return address
	}
	return "(" + address[2:5] + ") " + address[5:8] + "-" + address[8:]
}

// Twilio's test numbers, each with the code of its refusal, for every account. Source:
// https://www.twilio.com/docs/iam/test-credentials. With test credentials only the
// sender +15005550006 works; here every sender works except those below, because
// customers test their code with their own numbers. Those from +15005550020 on are the
// sandbox's own, for errors that no test number of Twilio's has.
var (
	magicMessageTo = map[string]int{
		"+15005550001": 21211, // invalid
		"+15005550002": 21612, // cannot be routed to
		"+15005550003": 21408, // a region that is not enabled
		"+15005550004": 21610, // has opted out
		"+15005550009": 21614, // not a mobile number
		"+15005550020": 21608, // not verified, for an account on trial
	}
	magicMessageFrom = map[string]int{
		"+15005550001": 21212, // invalid
		"+15005550007": 21606, // not the account's, or not capable of SMS
		"+15005550008": 21611, // its queue is full
		"+15005550020": 21659, // not a number of Twilio's
		"+15005550021": 21660, // another account's
	}
	magicCallTo = map[string]int{
		"+15005550001": 21217, // invalid
		"+15005550002": 21214, // cannot be routed to
		"+15005550003": 21215, // a country that is not enabled
		"+15005550004": 21216, // on Twilio's own block list
		"+15005550020": 21219, // not verified, for an account on trial
	}
	magicCallFrom = map[string]int{
		"+15005550001": 21212, // invalid
	}
)
