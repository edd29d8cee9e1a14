package sandbox

import (
	"strconv"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/apierrors"
)

// failure is a refusal in Twilio's words.
type failure struct {
	code, status int
	message      string
}

// Codes below zero are other texts of a code of Twilio's.
const (
	// bodyTooLarge is not a code of Twilio's: no record shows how its API answers a body
	// that is too large.
	bodyTooLarge = -20001
	// invalidOnWhatsApp is 21211 as it is answered to a WhatsApp number.
	invalidOnWhatsApp = -21211
)

// failures are Twilio's errors, by their codes.
var failures = map[int]*apierrors.Error{
	// Any resource
	20001:        &apierrors.InvalidParameter,
	20002:        &apierrors.InvalidPage,
	20003:        &apierrors.Unauthorized,
	20004:        &apierrors.MethodNotAllowed,
	20404:        &apierrors.NotFound,
	bodyTooLarge: &apierrors.SandboxTooLarge,

	// Messages
	21211:             &apierrors.MessageInvalid,
	21212:             &apierrors.FromInvalid,
	21265:             &apierrors.MessageToShortCode,
	21408:             &apierrors.MessageNotEnabled,
	21602:             &apierrors.MessageBodyMissing,
	21603:             &apierrors.MessageFromMissing,
	21604:             &apierrors.MessageToMissing,
	21606:             &apierrors.FromIncapable,
	21608:             &apierrors.MessageTrial,
	21610:             &apierrors.MessageOptedOut,
	21611:             &apierrors.FromQueueFull,
	21612:             &apierrors.MessageUnroutable,
	21614:             &apierrors.MessageNotMobile,
	21617:             &apierrors.MessageTooLong,
	21659:             &apierrors.FromForeign,
	21660:             &apierrors.FromMismatch,
	invalidOnWhatsApp: &apierrors.MessageInvalidUnmasked,

	// Calls
	21201: &apierrors.CallToMissing,
	21205: &apierrors.CallURLMissing,
	21210: &apierrors.CallerUnverified,
	21213: &apierrors.CallFromMissing,
	21214: &apierrors.CallUnreachable,
	21215: &apierrors.CallNotEnabled,
	21216: &apierrors.CallBlocked,
	21217: &apierrors.CallInvalid,
	21219: &apierrors.CallTrial,
	21220: &apierrors.CallNotInProgress,
}

// details are the values of a text's placeholders.
type details struct{ to, number, from, account, parameter, path string }

func (d *details) value(placeholder string) string {
	switch placeholder {
	case "To":
		return d.to
	case "MaskedTo":
		return apierrors.Masked(d.to)
	case "MaskedE164":
		return apierrors.Masked(d.number)
	case "From":
		return d.from
	case "Account":
		return d.account
	case "Parameter":
		return d.parameter
	case "Path":
		return d.path
	}
	return ""
}

// fail returns the error with this code.
func fail(code int) *failure { return failWith(code, details{}) }

// failWith returns the error with this code, and with details in its text.
func failWith(code int, d details) *failure {
	known := failures[code]
	return &failure{known.Code, known.Status, known.Fill(d.value)}
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
