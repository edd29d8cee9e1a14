package refusal

import (
	"net/http"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

// UnauthorizedCode is Twilio's code for a credential that it does not accept.
const UnauthorizedCode = 20003

// failure is one of Twilio's errors. In a message, {To} is the destination as the caller
// wrote it, {MaskedTo} the same with its last four characters masked, {Territory} its
// territory, {Channel} the channel in Verify's words, {Path} the path of the request,
// {URL} the address that is refused and {Parameter} its parameter.
type failure struct {
	status  int
	code    int
	message string
}

// Twilio's errors, each message as it was seen on the wire. The sources are
// public reports that quote whole answers, and the page
// https://www.twilio.com/docs/errors/<code> of each.
var (
	// Raw answers in public reports of 2025 and 2026, the newest of August 2026. No full
	// stop. Confidence high; medium for a destination behind a scheme such as "whatsapp:",
	// of which no answer is known.
	messageNotEnabled = failure{http.StatusBadRequest, 21408,
		"Permission to send an SMS has not been enabled for the region indicated by the 'To' number: {MaskedTo}"}
	// cabotapp/cabot issue 395, and others until September 2026, which show the whole
	// number. No full stop. The page is that of low-risk numbers in all of them, even
	// where the number is of a high-risk range. Confidence high; for high-risk ranges
	// medium.
	callNotEnabled = failure{http.StatusBadRequest, 21215,
		"Account not authorized to call {To}. Perhaps you need to enable some international permissions: " +
			"https://www.twilio.com/console/voice/calls/geo-permissions/low-risk"}
	// The body is in Twilio's documentation of Verify's geo permissions.
	verifyNotEnabled = failure{http.StatusForbidden, 60605,
		"The destination phone number has been blocked by Verify Geo-Permissions. {Territory} is blocked for {Channel} channel for all services"}

	// Whole answers in public fixtures of 2025 and 2026. No full stop. Confidence high.
	// WhatsApp has the text in unmasked.
	messageInvalid = failure{http.StatusBadRequest, 21211, "Invalid 'To' Phone Number: {MaskedTo}"}
	// aloha/laravel-twilio issue 169, and nash-md/twilio-contact-center issue 17 for
	// stored URLs. Which products answer with which is unknown.
	callURLInvalid   = failure{http.StatusBadRequest, 21205, "{Parameter} is not a valid URL: {URL}"}
	storedURLInvalid = failure{http.StatusBadRequest, 21402, "{Parameter} is not a valid URL: {URL}"}

	callInvalid   = failure{http.StatusBadRequest, 21217, "The phone number you are attempting to call, {To}, is not valid."}
	verifyInvalid = failure{http.StatusBadRequest, 60200, "Invalid parameter `To`: {To}"}

	// keploy's recording of November 2023, public reports of November and December 2025.
	// Both places are masked. Confidence high.
	messageTrial = failure{http.StatusBadRequest, 21608,
		"The number {MaskedTo} is unverified. Trial accounts cannot send messages to unverified numbers; verify {MaskedTo} at " +
			"twilio.com/user/account/phone-numbers/verified, or purchase a Twilio number to send messages to unverified numbers"}
	// Public reports, all of which show the whole number. Confidence high.
	callTrial = failure{http.StatusBadRequest, 21219,
		"The number {To} is unverified. Trial accounts may only make calls to verified numbers."}

	// The form of 2026; older ones also have a "detail".
	unauthorized = failure{http.StatusUnauthorized, UnauthorizedCode, "Authenticate"}
	// https://www.twilio.com/docs/errors/20403; the wording is unknown.
	forbidden = failure{http.StatusForbidden, 20403, "Forbidden"}
	// The wording is that of public reports; https://www.twilio.com/docs/errors/70004.
	notPermitted = failure{http.StatusUnauthorized, 70004, "The provided key does not have the permissions to access this endpoint"}
	notFound     = failure{http.StatusNotFound, 20404, "The requested resource {Path} was not found"}

	// https://www.twilio.com/docs/errors/20503 asks to try again; /20500 says that a
	// message may have been sent nevertheless. Wording of the latter:
	// aloha/laravel-twilio issue 162. Twilio's statuses are 503 and 500; these are the
	// statuses of a gateway, because the gate answers.
	unreachable = failure{http.StatusBadGateway, 20503, "Service unavailable"}
	unavailable = failure{http.StatusServiceUnavailable, 20503, "Service unavailable"}
	failed      = failure{http.StatusBadGateway, 20500, "An internal server error has occurred"}
	full        = failure{http.StatusServiceUnavailable, 20503, "Service unavailable"}
	timedOut    = failure{http.StatusGatewayTimeout, 20500, "An internal server error has occurred"}

	// Twilio's wording of these is unknown; code and shape are Twilio's.
	invalidBody    = failure{http.StatusBadRequest, 20001, "Invalid request: the parameters cannot be read"}
	invalidRequest = failure{http.StatusBadRequest, 20001, "Invalid request"}
	tooLate        = failure{http.StatusRequestTimeout, 20001, "Invalid request: the body did not come in time"}
	tooLarge       = failure{http.StatusRequestEntityTooLarge, 20001, "Invalid request: the body is too large"}
	headTooLarge   = failure{http.StatusRequestHeaderFieldsTooLarge, 20001, "Invalid request: the query and the header are too large"}
	tooEarly       = failure{http.StatusTooEarly, 20001, "Invalid request: sent before the handshake was complete"}
	notValidated   = failure{http.StatusBadRequest, 20001, "Invalid request: Twilio-Client-Validation is not supported here"}
	notIncremental = failure{http.StatusNotImplemented, 20001, "Invalid request: not forwarded incrementally"}
)

// unmasked are the messages that show the whole destination, by their codes: those of
// every product except Messages, and of 21211 to WhatsApp. Twilio masks in the answers of
// Messages; no public answer of another product with these codes is known, so they keep
// the older texts.
var unmasked = map[int]string{
	// appwrite/appwrite issue 3859, sfreiberg/gotwilio issue 17, both until 2022.
	21408: "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: {To}.",
	// A report of August 2026 on WhatsApp, and older ones on numbers. Confidence high for
	// WhatsApp; whether other channels, such as RCS, are answered in it is unknown.
	21211: "The 'To' number {To} is not a valid phone number.",
	21608: "The number {To} is unverified. Trial accounts cannot send messages to unverified numbers; verify {To} at " +
		"twilio.com/user/account/phone-numbers/verified, or purchase a Twilio number to send messages to unverified numbers",
}

// refusals has the failure of each reason, for messages, calls and verifications.
var refusals = map[policy.Reason][3]failure{
	policy.TerritoryNotEnabled:   {messageNotEnabled, callNotEnabled, verifyNotEnabled},
	policy.ClassNotEnabled:       {messageNotEnabled, callNotEnabled, verifyNotEnabled},
	policy.SenderNotEnabled:      {messageNotEnabled, callNotEnabled, verifyNotEnabled},
	policy.PrefixBlocked:         {messageNotEnabled, callNotEnabled, verifyNotEnabled},
	policy.ByRequest:             {messageNotEnabled, callNotEnabled, verifyNotEnabled},
	policy.Unsupported:           {messageNotEnabled, callNotEnabled, verifyNotEnabled},
	policy.AccountUnknown:        {messageNotEnabled, callNotEnabled, verifyNotEnabled},
	policy.DestinationUnreadable: {messageInvalid, callInvalid, verifyInvalid},
	policy.UnassignedCode:        {messageInvalid, callInvalid, verifyInvalid},
	// https://www.twilio.com/docs/api/errors/21211 names too few digits for the country, and
	// /13224, for TwiML, area codes and exchanges that do not exist. That a range which is
	// unallocated is answered alike is our choice.
	policy.ImpossibleNumber:  {messageInvalid, callInvalid, verifyInvalid},
	policy.UnallocatedRange:  {messageInvalid, callInvalid, verifyInvalid},
	policy.TrialRestricted:   {messageTrial, callTrial, messageTrial},
	policy.ServiceUnscoped:   {messageNotEnabled, callNotEnabled, verifyNotEnabled},
	policy.AccountSuspended:  all(unauthorized),
	policy.CredentialUnknown: all(unauthorized),
	policy.CredentialForeign: all(unauthorized),
	policy.StoredDenied:      {messageNotEnabled, callNotEnabled, verifyNotEnabled},
	policy.ControlDenied:     all(forbidden),
	policy.URLHost:           {storedURLInvalid, callURLInvalid, storedURLInvalid},

	carrier.PathNotCanonical:  all(notFound),
	carrier.TargetAmbiguous:   all(notFound),
	carrier.HostUnknown:       all(notFound),
	carrier.OperationUnknown:  all(notFound),
	carrier.UpgradeForbidden:  all(notFound),
	carrier.CredentialDenied:  all(unauthorized),
	carrier.CredentialMissing: all(unauthorized),
	carrier.HeaderRepeated:    all(invalidRequest),
	carrier.ConnectionHeader:  all(invalidRequest),
	carrier.TrailerForbidden:  all(invalidRequest),
	carrier.MethodOverride:    all(invalidRequest),
	carrier.EarlyData:         all(tooEarly),
	carrier.Incremental:       all(notIncremental),
	carrier.HeadTooLarge:      all(headTooLarge),
	carrier.BodyTooLarge:      all(tooLarge),
	carrier.BodyEncoded:       all(invalidBody),
	carrier.BodyUnreadable:    all(invalidBody),
	carrier.BodyUndecodable:   all(invalidBody),
	carrier.BodyLate:          all(tooLate),
	carrier.ContentTypeDenied: all(invalidBody),
	carrier.MemoryFull:        all(full),

	carrier.KeyInvalid:       all(unauthorized),
	carrier.KeyRestricted:    all(notPermitted),
	carrier.AccountMismatch:  all(notFound),
	carrier.ClientValidation: all(notValidated),

	carrier.Unlogged:            all(unavailable),
	carrier.UpstreamUnreachable: all(unreachable),
	carrier.UpstreamFailed:      all(failed),
	carrier.UpstreamTimeout:     all(timedOut),
}

func all(f failure) [3]failure { return [3]failure{f, f, f} }
