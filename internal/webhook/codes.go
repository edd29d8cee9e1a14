package webhook

import (
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Twilio's codes, as its debugger would show them; each has a page
// https://www.twilio.com/docs/api/errors/<code>.
const (
	// callNotEnabled is "Geo Permission configuration is not permitting call".
	callNotEnabled = 13227
	// callInvalid is "Dial: Invalid phone number format", callUnassigned "Dial: Invalid
	// country code". callImpossible is "Dial: Twilio does not support calling this number or
	// the number is invalid", for area codes and exchanges that do not exist, by its page.
	callInvalid    = 13223
	callImpossible = 13224
	callUnassigned = 13226
	// messageInvalid is "Invalid To attribute". That messages to a destination which
	// is not enabled have it too is not verified.
	messageInvalid = 14101
	// messageTrial is "Invalid To phone number for Trial mode".
	messageTrial = 14111

	// parseFailure is "Document parse failure", tooLarge "TwiML response body too
	// large", invalidType "Invalid Content-Type".
	parseFailure = 12100
	tooLarge     = 11750
	invalidType  = 12300
	// errorStatus is "HTTP error response code", which 403, 408 and 503 are, and invalidRedirect
	// "HTTP invalid redirect", which a 304 is.
	errorStatus     = 11217
	invalidRedirect = 11216
	// retrievalFailure is "HTTP retrieval failure". That it is the nearest code for a URL
	// that may not be fetched is our choice.
	retrievalFailure = 11200
)

// codes says which code a reason has, of messages and of calls; other reasons have
// those of a destination that is not enabled.
var codes = map[policy.Reason]struct{ message, call int }{
	policy.DestinationUnreadable: {messageInvalid, callInvalid},
	policy.UnassignedCode:        {messageInvalid, callUnassigned},
	policy.ImpossibleNumber:      {messageInvalid, callImpossible},
	policy.UnallocatedRange:      {messageInvalid, callImpossible},
	policy.TrialRestricted:       {messageTrial, callNotEnabled},

	policy.URLHost:            {retrievalFailure, retrievalFailure},
	SignatureMissing:          {errorStatus, errorStatus},
	SignatureInvalid:          {errorStatus, errorStatus},
	carrier.BodyLate:          {errorStatus, errorStatus},
	carrier.MemoryFull:        {errorStatus, errorStatus},
	carrier.PolicyUnavailable: {errorStatus, errorStatus},
	carrier.BodyTooLarge:      {tooLarge, tooLarge},
	carrier.BodyUndecodable:   {parseFailure, parseFailure},
	carrier.BodyUnreadable:    {invalidRedirect, invalidRedirect},
	carrier.BodyEncoded:       {invalidType, invalidType},
	carrier.ContentTypeDenied: {invalidType, invalidType},

	carrier.CountersUnavailable: {errorStatus, errorStatus},
}

// Code is Twilio's code for a reason, on a channel.
func Code(reason policy.Reason, channel policy.Channel) int {
	code, ok := codes[reason]
	if !ok {
		code.message, code.call = messageInvalid, callNotEnabled
	}
	if channel == policy.Voice {
		return code.call
	}
	return code.message
}

// setCode writes down the code of a decision that denies.
func setCode(d *gate.Decision) {
	if d.Outcome != policy.Allow && !d.Recorded {
		d.Refusal.Code = Code(d.Reason, d.Channel)
	}
}
