package apierrors

// What an integrator does.
const (
	strike      = "Strike the number out, or ask its owner for it again: it will never be reached."
	askOperator = "Ask the operator of the gate to enable the destination for the account. Do not try again."
	verifyTrial = "Verify the number at Twilio, or leave the trial."
	mendRequest = "Mend the request as the text says. Do not send it again as it is."
	fixSender   = "Send from a number of the account that can message this destination."
	tryAgain    = "Nothing was sent. Try again, after a growing pause."
	askFirst    = "The message may have been sent. Look it up before you send it again."
	credentials = "Check the account and its credential or key. Do not try again with the same."
)

const page = "https://www.twilio.com/docs/api/errors/"

// A destination that is not permitted.
var (
	// Newest raw answer of August 2026. No full stop. Twilio writes the number in the form
	// of E.164: it answered "+821072704586" to "+8201072704586" (an older recording, of
	// medium confidence). Of a destination behind a scheme such as "whatsapp:" no answer is
	// known.
	MessageNotEnabled = Error{21408, 400,
		"Permission to send an SMS has not been enabled for the region indicated by the 'To' number: {MaskedE164}",
		Evidence{Recording, "2026-08", High}, askOperator}
	// appwrite/appwrite issue 3859, sfreiberg/gotwilio issue 17, both until 2022.
	MessageNotEnabledUnmasked = Error{21408, 400,
		"Permission to send an SMS has not been enabled for the region indicated by the 'To' number: {To}.",
		Evidence{"https://github.com/appwrite/appwrite/issues/3859", "2022", Low}, askOperator}
	// cabotapp/cabot issue 395, and others until September 2026, which show the whole
	// number. No full stop. The page is that of low-risk numbers in all of them, even
	// where the number is of a high-risk range; for those the confidence is medium.
	CallNotEnabled = Error{21215, 400,
		"Account not authorized to call {To}. Perhaps you need to enable some international permissions: " +
			"https://www.twilio.com/console/voice/calls/geo-permissions/low-risk",
		Evidence{"https://github.com/cabotapp/cabot/issues/395", "2026-09-13", High}, askOperator}
	// Twilio's own block, whatever the permissions, and for a call to +1 from an account
	// without a customer profile.
	CallBlocked = Error{21216, 400, "Account not allowed to call {To}",
		Evidence{page + "21216", "2026-06-16", High}, "Ask the operator of the gate, or Twilio if it is not the gate that answers: no permission of the account opens it."}
	// Channel call was never seen.
	VerifyNotEnabled = Error{60605, 403,
		"The destination phone number has been blocked by Verify Geo-Permissions. {Territory} is blocked for {Channel} channel for all services",
		Evidence{page + "60605", "2026-03", High}, askOperator}

	// Twilio's own block of a prefix, for twelve hours that are renewed. That of a channel other
	// than SMS was never seen.
	VerifyBlocked = Error{60410, 403,
		"The destination phone number has been temporarily blocked by Twilio due to fraudulent activities. {To} prefix is blocked for the {CHANNEL} channel",
		Evidence{page + "60410", "2026", Medium}, askOperator}

	// DialNotEnabled and DialHighRiskNotEnabled are in the status callback of the call. The
	// second is of an Australian special number; "Toll Fraud" by analogy was not seen.
	DialNotEnabled = Error{13227, 0,
		"No International Permission. To call this phone number you must enable the Low Risk permission for {Territory} at " +
			"https://www.twilio.com/console/voice/calls/geo-permissions/low-risk?countryIsoCode={Territory}",
		Evidence{Recording, "", High}, askOperator}
	DialHighRiskNotEnabled = Error{13227, 0,
		"No International Permission. To call this phone number you must enable the High Risk:Special permission for {Territory} at " +
			"https://www.twilio.com/console/voice/calls/geo-permissions/high-risk?countryIsoCode={Territory}",
		Evidence{Recording, "2026-09-16", High}, askOperator}
	DialInvalid    = Error{13223, 0, "Dial: Invalid phone number format", Evidence{page + "13223", "2026", High}, strike}
	DialImpossible = Error{13224, 0, "Dial: Twilio does not support calling this number or the number is invalid",
		Evidence{page + "13224", "2026", High}, strike}
	DialUnassigned = Error{13226, 0, "Dial: Invalid country code", Evidence{page + "13226", "2026", High}, strike}
)

// A destination that cannot be reached.
var (
	// Whole answers in public fixtures of 2025 and 2026. No full stop.
	MessageInvalid = Error{21211, 400, "Invalid 'To' Phone Number: {MaskedTo}", Evidence{Recording, "2026-08", High}, strike}
	// Of WhatsApp; whether other channels, such as RCS, and other products are answered in
	// it is unknown.
	MessageInvalidUnmasked = Error{21211, 400, "The 'To' number {To} is not a valid phone number.",
		Evidence{Recording, "2026-08-15", High}, strike}
	MessageToShortCode = Error{21265, 400, "'To' number cannot be a Short Code: {MaskedTo}", Evidence{Recording, "2024-11-26", High}, strike}
	MessageUnroutable  = Error{21612, 400,
		"Message cannot be sent with the current combination of 'To' ({MaskedTo}) and/or 'From' ({From}) parameters",
		Evidence{Recording, "", High}, fixSender}
	MessageOptedOut = Error{21610, 400, "Attempt to send to unsubscribed recipient", Evidence{page + "21610", "2026", Low},
		"Do not message the number until it has opted in again."}
	MessageNotMobile = Error{21614, 400, "To number: {To}, is not a mobile number", Evidence{Recording, "", Medium}, strike}

	CallInvalid     = Error{21217, 400, "The phone number you are attempting to call, {To}, is not valid.", Evidence{Recording, "", High}, strike}
	CallUnreachable = Error{21214, 400, "The phone number you are calling, {To}, is unreachable", Evidence{page + "21214", "2026", Low}, strike}
	VerifyInvalid   = Error{60200, 400, "Invalid parameter `To`: {To}", Evidence{Recording, "", Medium}, strike}

	// keploy's recording of November 2023, public reports of November and December 2025.
	// Both places are masked.
	MessageTrial = Error{21608, 400,
		"The number {MaskedTo} is unverified. Trial accounts cannot send messages to unverified numbers; verify {MaskedTo} at " +
			"twilio.com/user/account/phone-numbers/verified, or purchase a Twilio number to send messages to unverified numbers",
		Evidence{Recording, "2025-12-16", High}, verifyTrial}
	MessageTrialUnmasked = Error{21608, 400,
		"The number {To} is unverified. Trial accounts cannot send messages to unverified numbers; verify {To} at " +
			"twilio.com/user/account/phone-numbers/verified, or purchase a Twilio number to send messages to unverified numbers",
		Evidence{Recording, "2023", Low}, verifyTrial}
	// All of them show the whole number.
	CallTrial = Error{21219, 400,
		"The number {To} is unverified. Trial accounts may only make calls to verified numbers.",
		Evidence{Recording, "", High}, verifyTrial}
)

// A parameter that is missing. Twilio reads forms: it sees none of the parameters of a
// request with another body (https://github.com/excid3/noticed/issues/16,
// https://github.com/twilio/twilio-csharp/issues/682).
var (
	MessageToMissing = Error{21604, 400, "A 'To' phone number is required.", Evidence{Recording, "", High},
		"Name the destination in To, in a form: the content type is application/x-www-form-urlencoded."}
	MessageFromMissing = Error{21603, 400, "A 'From' phone number is required.", Evidence{Recording, "", High}, mendRequest}
	MessageBodyMissing = Error{21602, 400, "Message body is required.", Evidence{Recording, "", High}, mendRequest}
	MessageTooLong     = Error{21617, 400, "The concatenated message body exceeds the 1600 character limit.",
		Evidence{Recording, "", Medium}, mendRequest}
	CallToMissing = Error{21201, 400, "No 'To' number is specified", Evidence{Recording, "", High},
		"Name the destination in To, in a form: the content type is application/x-www-form-urlencoded."}
	CallURLMissing    = Error{21205, 400, "Url parameter is required.", Evidence{Recording, "", High}, mendRequest}
	CallFromMissing   = Error{21213, 400, "From phone number is required.", Evidence{page + "21213", "2026", Low}, mendRequest}
	CallNotInProgress = Error{21220, 400, "Call is not in-progress. Cannot redirect.", Evidence{Recording, "", Medium}, mendRequest}
)

// A sender. Twilio does not mask it.
var (
	// On Calls it was not seen.
	FromInvalid = Error{21212, 400, "The 'From' number {From} is not a valid phone number, shortcode, or alphanumeric sender ID.",
		Evidence{Recording, "", Medium}, fixSender}
	FromIncapable = Error{21606, 400,
		"The 'From' phone number provided ({From}) is not a valid message-capable Twilio phone number for this destination",
		Evidence{"https://github.com/supabase/supabase/issues/28770", "2024", High}, fixSender}
	FromForeign = Error{21659, 400, "'From' {From} is not a Twilio phone number or Short Code country mismatch",
		Evidence{Recording, "2024", High}, fixSender}
	FromMismatch = Error{21660, 400, "Mismatch between the 'From' number {From} and the account {Account}",
		Evidence{Recording, "2024", High}, fixSender}
	FromQueueFull = Error{21611, 400, "The 'From' number {From} has exceeded the maximum number of queued messages",
		Evidence{page + "21611", "2026", Low}, tryAgain}
	CallerUnverified = Error{21210, 400, "The source phone number provided, {From}, is not yet verified for your account. " +
		"You may only make calls from phone numbers that you've verified or purchased from Twilio.", Evidence{Recording, "", High}, fixSender}
)

// An instruction URL, and TwiML in a parameter.
var (
	// aloha/laravel-twilio issue 169, and nash-md/twilio-contact-center issue 17 for
	// stored URLs. Which products answer with which is unknown.
	CallURLInvalid = Error{21205, 400, "{Parameter} is not a valid URL: {URL}",
		Evidence{"https://github.com/aloha/laravel-twilio/issues/169", "", Medium}, "Ask the operator of the gate to list the host of the URL."}
	StoredURLInvalid = Error{21402, 400, "{Parameter} is not a valid URL: {URL}",
		Evidence{"https://github.com/nash-md/twilio-contact-center/issues/17", "", Medium}, "Ask the operator of the gate to list the host of the URL."}
	// Twilio accepts the request and reports the error once it reads the document. What
	// follows the colon is the gate's.
	DocumentParse = Error{12100, 400, "Document parse failure: {Cause}", Evidence{page + "12100", "2026", Medium},
		"Mend the TwiML at the line and column that are named."}
)

// An answer with TwiML, by the titles of Twilio's pages.
var (
	// That a message to a destination which is not enabled has it too is not verified.
	TwiMLMessageInvalid = Error{14101, 0, "Invalid To attribute", Evidence{page + "14101", "2026", Medium}, strike}
	TwiMLMessageTrial   = Error{14111, 0, "Invalid To phone number for Trial mode", Evidence{page + "14111", "2026", High}, verifyTrial}
	TwiMLParse          = Error{12100, 0, "Document parse failure", Evidence{page + "12100", "2026", High}, "Mend the document that the server answers."}
	TwiMLTooLarge       = Error{11750, 0, "TwiML response body too large", Evidence{page + "11750", "2026", High}, "Answer less than 64 KiB."}
	TwiMLType           = Error{12300, 0, "Invalid Content-Type", Evidence{page + "12300", "2026", High}, "Answer text/xml in UTF-8, without another encoding than gzip."}
	TwiMLStatus         = Error{11217, 0, "HTTP error response code", Evidence{page + "11217", "2026", High}, "See the reason in the gate's log."}
	TwiMLRedirect       = Error{11216, 0, "HTTP invalid redirect", Evidence{page + "11216", "2026", High}, "Answer the document itself."}
	// That it is the nearest code for a URL that may not be fetched is our choice.
	TwiMLURL = Error{11200, 0, "HTTP retrieval failure", Evidence{page + "11200", "2026", Medium}, "Ask the operator of the gate to list the host of the URL."}
)

// Whatever the product.
var (
	// The form of 2026; older ones also have a "detail".
	Unauthorized = Error{20003, 401, "Authenticate", Evidence{"https://github.com/Bandwidth/migration-toolkit", "2026-06", High}, credentials}
	Forbidden    = Error{20403, 403, "Forbidden", Evidence{page + "20403", "2026", Low},
		"Ask the operator of the gate to allow the account to change this protection."}
	NotPermitted = Error{70004, 401, "The provided key does not have the permissions to access this endpoint",
		Evidence{page + "70004", "2026", Medium}, "Ask the operator of the gate for a key that may do this."}
	NotFound = Error{20404, 404, "The requested resource {Path} was not found", Evidence{Recording, "2026-06", High},
		"Correct the address. If it is right, ask the operator of the gate about the reason in the log."}
	TooManyRequests = Error{20429, 429, "Too Many Requests", Evidence{Recording, "", Medium}, tryAgain}
	// Of a number that got too many verifications.
	VerifyTooMany    = Error{60203, 429, "Max send attempts reached", Evidence{Recording, "", Medium}, tryAgain}
	MethodNotAllowed = Error{20004, 405, "Method not allowed", Evidence{page + "20004", "2026", Low}, mendRequest}
	InvalidPage      = Error{20002, 400, "Invalid page", Evidence{page + "20002", "2026", Low}, mendRequest}
	InvalidParameter = Error{20001, 400, "Invalid parameter: {Parameter}", Evidence{page + "20001", "2026", Low}, mendRequest}

	// https://www.twilio.com/docs/errors/20503 asks to try again; /20500 says that a
	// message may have been sent nevertheless. Wording of the latter:
	// aloha/laravel-twilio issue 162. Twilio's statuses are 503 and 500; these are the
	// statuses of a gateway, because the gate answers.
	Unreachable = Error{20503, 502, "Service unavailable", Evidence{page + "20503", "2026", Low}, tryAgain}
	Unavailable = Error{20503, 503, "Service unavailable", Evidence{page + "20503", "2026", Low}, tryAgain}
	Failed      = Error{20500, 502, "An internal server error has occurred",
		Evidence{"https://github.com/aloha/laravel-twilio/issues/162", "", Medium}, askFirst}
	TimedOut = Error{20500, 504, "An internal server error has occurred",
		Evidence{"https://github.com/aloha/laravel-twilio/issues/162", "", Medium}, askFirst}
)

// ownWords is the evidence of what is under Twilio's code of an invalid parameter
// (https://www.twilio.com/docs/api/errors/20001).
var ownWords = Evidence{OwnWords, "", Low}

// What the gate alone refuses, and how a request cannot be read.
var (
	InvalidRequest  = Error{20001, 400, "Invalid request", ownWords, mendRequest}
	InvalidBody     = Error{20001, 400, "Invalid request: {Cause}", ownWords, mendRequest}
	EncodedBody     = Error{20001, 400, "Invalid request: the body has a Content-Encoding; send it as it is", ownWords, mendRequest}
	BrokenBody      = Error{20001, 400, "Invalid request: the body broke off; send all of it", ownWords, tryAgain}
	RepeatedHeader  = Error{20001, 400, "Invalid request: a header is repeated; send Authorization, Content-Type and Content-Encoding once", ownWords, mendRequest}
	NamedHeader     = Error{20001, 400, "Invalid request: the header Connection names other headers; send it without them", ownWords, mendRequest}
	TrailingHeader  = Error{20001, 400, "Invalid request: a header is sent as a trailer; send it before the body", ownWords, mendRequest}
	OverridingParam = Error{20001, 400, "Invalid request: a header or the parameter _method names another method, address or host; send it without", ownWords, mendRequest}
	TooLate         = Error{20001, 408, "Invalid request: the body did not come in time", ownWords, tryAgain}
	TooLarge        = Error{20001, 413, "Invalid request: the body is too large", ownWords, "Split the request: fewer destinations, or less text, in each."}
	HeadTooLarge    = Error{20001, 431, "Invalid request: the query and the header are too large", ownWords, "Move parameters from the query to the body."}
	TooEarly        = Error{20001, 425, "Invalid request: sent before the handshake was complete", ownWords, "Send it again, without TLS early data."}
	NotValidated    = Error{20001, 400, "Invalid request: Twilio-Client-Validation is not supported here", ownWords, "Turn client validation off in the SDK."}
	NotIncremental  = Error{20001, 501, "Invalid request: not forwarded incrementally", ownWords, mendRequest}
	// SandboxTooLarge is the sandbox's: no record shows how Twilio answers it.
	SandboxTooLarge = Error{20001, 413, "Request body is too large", ownWords, mendRequest}
)

// Table has every error.
var Table = []*Error{
	&MessageNotEnabled, &MessageNotEnabledUnmasked, &CallNotEnabled, &CallBlocked,
	&VerifyNotEnabled, &VerifyBlocked, &DialNotEnabled, &DialHighRiskNotEnabled, &DialInvalid, &DialImpossible, &DialUnassigned,
	&MessageInvalid, &MessageInvalidUnmasked, &MessageToShortCode, &MessageUnroutable,
	&MessageOptedOut, &MessageNotMobile, &CallInvalid, &CallUnreachable, &VerifyInvalid,
	&MessageTrial, &MessageTrialUnmasked, &CallTrial, &MessageToMissing, &MessageFromMissing,
	&MessageBodyMissing, &MessageTooLong, &CallToMissing, &CallURLMissing, &CallFromMissing,
	&CallNotInProgress, &FromInvalid, &FromIncapable, &FromForeign, &FromMismatch, &FromQueueFull,
	&CallerUnverified, &CallURLInvalid, &StoredURLInvalid, &DocumentParse, &TwiMLMessageInvalid,
	&TwiMLMessageTrial, &TwiMLParse, &TwiMLTooLarge, &TwiMLType, &TwiMLStatus, &TwiMLRedirect,
	&TwiMLURL, &Unauthorized, &Forbidden, &NotPermitted, &NotFound, &TooManyRequests, &VerifyTooMany, &MethodNotAllowed,
	&InvalidPage, &InvalidParameter, &Unreachable, &Unavailable, &Failed, &TimedOut,
	&InvalidRequest, &InvalidBody, &EncodedBody, &BrokenBody, &RepeatedHeader, &NamedHeader,
	&TrailingHeader, &OverridingParam, &TooLate, &TooLarge, &HeadTooLarge, &TooEarly,
	&NotValidated, &NotIncremental, &SandboxTooLarge,
}
