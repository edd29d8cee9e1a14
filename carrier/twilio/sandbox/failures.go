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

// failures are Twilio's errors. {to} and {from} are the addresses as the caller wrote
// them. The texts are recorded from Twilio's API (published bug reports, logs and
// fixtures, 2015 to 2026) or are in its documentation
// (https://www.twilio.com/docs/api/errors), except those marked: wording unverified.
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
	21211: {400, "The 'To' number {to} is not a valid phone number."},
	21212: {400, "The 'From' number {from} is not a valid phone number, shortcode, or alphanumeric sender ID."}, // on Calls: unverified
	21265: {400, "The 'To' number {to} cannot be a short code."},                                                // wording unverified
	21408: {400, "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: {to}."},
	21602: {400, "Message body is required."},
	21603: {400, "A 'From' phone number is required."},
	21604: {400, "A 'To' phone number is required."},
	21606: {400, "The From phone number {from} is not a valid, SMS-capable inbound phone number or short code for your account."},
	21610: {400, "Attempt to send to unsubscribed recipient"},                                   // the page's title; wording unverified
	21611: {400, "The 'From' number {from} has exceeded the maximum number of queued messages"}, // wording unverified
	21612: {400, "The 'To' phone number: {to}, is not currently reachable using the 'From' phone number: {from} via SMS."},
	21614: {400, "To number: {to}, is not a mobile number"},
	21617: {400, "The concatenated message body exceeds the 1600 character limit."},

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
