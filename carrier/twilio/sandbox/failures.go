package sandbox

import (
	"strconv"
	"strings"
)

// failure is a refusal in Twilio's words.
type failure struct {
	code, status int
	message      string
}

// bodyTooLarge is not a code of Twilio's: no record shows how its API answers a body
// that is too large. The entry below has the code of an invalid parameter and HTTP's own
// status.
const bodyTooLarge = -20001

// invalidOnWhatsApp is 21211 as it is answered to a WhatsApp number.
const invalidOnWhatsApp = -21211

// failures are Twilio's errors. {to} and {from} are the addresses as the caller wrote
// them, {masked} is the destination without its last four characters. The texts are
// recorded from Twilio's API (published bug reports, logs and fixtures, 2015 to 2026) or
// are in its documentation (https://www.twilio.com/docs/api/errors), except those marked:
// wording unverified. Those that are masked are of 2024 to 2026.
var failures = map[int]struct {
	status  int
	message string
}{
	// Any resource
	20001:        {400, "Invalid parameter: {parameter}"}, // wording unverified
	20002:        {400, "Invalid page"},                   // wording unverified
	20003:        {401, "Authenticate"},
	20004:        {405, "Method not allowed"}, // wording unverified
	20404:        {404, "The requested resource {path} was not found"},
	bodyTooLarge: {413, "Request body is too large"}, // code and wording unverified

	// Messages
	21211: {400, "Invalid 'To' Phone Number: {masked}"},
	21212: {400, "The 'From' number {from} is not a valid phone number, shortcode, or alphanumeric sender ID."}, // on Calls: unverified
	21265: {400, "'To' number cannot be a Short Code: {masked}"},
	21408: {400, "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: {masked}"},
	21602: {400, "Message body is required."},
	21603: {400, "A 'From' phone number is required."},
	21604: {400, "A 'To' phone number is required."},
	21606: {400, "The From phone number {from} is not a valid, SMS-capable inbound phone number or short code for your account."},
	21610: {400, "Attempt to send to unsubscribed recipient"},                                   // the page's title; wording unverified
	21611: {400, "The 'From' number {from} has exceeded the maximum number of queued messages"}, // wording unverified
	21612: {400, "Message cannot be sent with the current combination of 'To' ({masked}) and/or 'From' ({from}) parameters"},
	21614: {400, "To number: {to}, is not a mobile number"},
	21617: {400, "The concatenated message body exceeds the 1600 character limit."},

	// Messages to WhatsApp, recorded in 2026
	invalidOnWhatsApp: {400, "The 'To' number {to} is not a valid phone number."},

	// Calls
	21201: {400, "No 'To' number is specified"},
	21205: {400, "Url parameter is required."},
	21210: {400, "The source phone number provided, {from}, is not yet verified for your account. " +
		"You may only make calls from phone numbers that you've verified or purchased from Twilio."},
	21213: {400, "From phone number is required."},                         // wording unverified
	21214: {400, "The phone number you are calling, {to}, is unreachable"}, // wording unverified
	21215: {400, "Account not authorized to call {to}. Perhaps you need to enable some international permissions: " +
		"https://www.twilio.com/console/voice/calls/geo-permissions/low-risk"},
	21216: {400, "Account not allowed to call {to}"},
	21217: {400, "The phone number you are attempting to call, {to}, is not valid."},
	21220: {400, "Call is not in-progress. Cannot redirect."},
}

// fail returns the error with this code; details are pairs of a placeholder and its
// value.
func fail(code int, details ...string) *failure {
	known := failures[code]
	return &failure{max(code, -code), known.status, strings.NewReplacer(details...).Replace(known.message)}
}

// masked replaces each of the last four characters with an X, whatever they are, as
// Twilio does in the errors of messages, and not of calls. What it does with fewer is
// unknown: here all of them are masked.
func masked(to string) string {
	characters := []rune(to)
	shown := max(0, len(characters)-4)
	return string(characters[:shown]) + strings.Repeat("X", len(characters)-shown)
}

// answer has the keys in the order in which Twilio writes them. The status in the body is
// the status of the response: some of Twilio's SDKs use one, some the other.
func (f *failure) answer() answer {
	return answer{f.status, document{element: "RestException", fields: object{
		{"code", f.code},
		{"message", f.message},
		{"more_info", "https://www.twilio.com/docs/errors/" + strconv.Itoa(f.code)},
		{"status", f.status},
	}}}
}
