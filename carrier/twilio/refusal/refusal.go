package refusal

import (
	"cmp"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/apierrors"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/operations"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/twiml"
	"github.com/caddy-tollgate/tollgate/policy"
)

// New writes a denial as Twilio would.
func New(r *carrier.Request, op *carrier.Operation, d carrier.Denial) carrier.Refusal {
	words := operations.WordsOf(op)
	standard := words == operations.StandardWords || strings.EqualFold(r.Field("X-Twilio-Apiversion"), "v1.0")
	switch {
	case words == operations.StandardWords:
		words = operations.MessageWords
	case words == operations.MessageWords && d.Channel == policy.Voice:
		// Operations that can message or call state the channel in the denial.
		words = operations.CallWords
	}
	f, ok := refusals[d.Reason]
	if !ok {
		f = all(invalidRequest)
	}
	if d.Held {
		f = held
	}
	if d.Reason == policy.URLHost && operations.IsWebhook(d.URL.Parameter) {
		// Such a URL is stored for later, even in a request that also makes a call.
		words = operations.MessageWords
	}
	failure := failureOf(f[words], op, &d)
	// There is room for most texts, so that only the body is allocated.
	var messageRoom [512]byte
	message := reworded(failure.AppendFilled(messageRoom[:0], values(r, op, &d)), d.Wording)
	var pageRoom [128]byte
	page := appendPage(pageRoom[:0], failure, d.Wording.MoreInfo)
	id, domain := idAndDomain(op)
	refusal := carrier.Refusal{Status: failure.Status, Code: failure.Code, RequestID: id}
	contentType := "application/json"
	switch {
	case standard:
		refusal.Body = standardBody(failure, message)
	case operations.IsLegacy(op) && isXML(r.Path):
		refusal.Body = xmlBody(failure, message, page)
		contentType = "application/xml"
	default:
		refusal.Body = jsonBody(failure, message, page)
	}
	refusal.Header = append(make([]carrier.Field, 0, 4),
		carrier.Field{Name: "Content-Type", Value: contentType},
		carrier.Field{Name: "Twilio-Request-Id", Value: id},
		carrier.Field{Name: "X-API-Domain", Value: domain})
	refusal.Fixed = fixedHeader
	if failure.Status == http.StatusTooManyRequests && d.RetryAfter > 0 {
		// Whole seconds, rounded up (RFC 9110, 10.2.3).
		seconds := (d.RetryAfter + time.Second - 1) / time.Second
		refusal.Header = append(refusal.Header, carrier.Field{Name: "Retry-After", Value: strconv.FormatInt(int64(seconds), 10)})
	}
	if failure.Status == http.StatusUnauthorized {
		refusal.Header = append(refusal.Header, carrier.Field{Name: "WWW-Authenticate", Value: `Basic realm="Twilio API"`})
	}
	return refusal
}

// Code is Twilio's code for a denial.
func Code(d carrier.Denial, verification bool) int {
	if d.Held {
		return ofChannel(held, d.Channel, verification).Code
	}
	return ErrorOf(d.Reason, d.Channel, verification).Code
}

// ErrorOf is Twilio's error for a reason.
func ErrorOf(reason policy.Reason, channel policy.Channel, verification bool) *apierrors.Error {
	f, ok := refusals[reason]
	if !ok {
		f = all(invalidRequest)
	}
	return ofChannel(f, channel, verification)
}

// ofChannel is the failure of a channel, or of a verification.
func ofChannel(f [3]*failure, channel policy.Channel, verification bool) *failure {
	if verification {
		return f[operations.VerifyWords]
	}
	if channel == policy.Voice {
		return f[operations.CallWords]
	}
	return f[operations.MessageWords]
}

// failureOf is the failure as an operation words it for a denial: what cannot be read is
// named, and the destination is masked or not.
func failureOf(f *failure, op *carrier.Operation, d *carrier.Denial) *failure {
	if d.Reason == policy.LimitExceeded && !d.Held && d.SameNumber && operations.WordsOf(op) == operations.VerifyWords {
		return &apierrors.VerifyTooMany
	}
	if f.Text == invalidBody.Text {
		return unread(op, d.Cause)
	}
	const whatsApp = "whatsapp:"
	toWhatsApp := len(d.To) >= len(whatsApp) && strings.EqualFold(d.To[:len(whatsApp)], whatsApp)
	// IsLegacy, because Messages is a resource of the API of 2010.
	if older, ok := unmasked[f.Code]; ok && (!operations.IsLegacy(op) || toWhatsApp && f.Code == messageInvalid.Code) {
		return older
	}
	return f
}

// reworded is a message with the operator's beside it, or in its place.
func reworded(message []byte, wording carrier.Wording) []byte {
	switch {
	case wording.Message == "":
		return message
	case wording.Replaces:
		return append(message[:0], wording.Message...)
	}
	message = append(message, " ("...)
	message = append(message, wording.Message...)
	return append(message, ')')
}

// unread is the failure of a request that cannot be read. Twilio itself sees no parameters
// in a body that is not a form.
func unread(op *carrier.Operation, cause error) *failure {
	if missing, ok := missingTo[op.Name]; ok && operations.IsLegacy(op) && errors.Is(cause, params.ErrType) {
		return missing
	}
	if errors.Is(cause, twiml.ErrParse) {
		return &apierrors.DocumentParse
	}
	return invalidBody
}

// values returns the values of a denial's placeholders. A caller's text is repeated up to
// a length.
func values(r *carrier.Request, op *carrier.Operation, d *carrier.Denial) func(string) string {
	return func(placeholder string) string {
		switch placeholder {
		case "To":
			return echo(d.To)
		case "MaskedTo":
			return apierrors.Masked(echo(d.To))
		case "MaskedE164":
			return apierrors.Masked(echo(cmp.Or(d.E164, d.To)))
		case "Parameter":
			return d.URL.Parameter
		case "URL":
			return echo(d.URL.Address)
		case "Territory":
			return d.Territory.String()
		case "Channel":
			return verifyChannelName[d.Channel]
		case "CHANNEL":
			return strings.ToUpper(verifyChannelName[d.Channel])
		case "Path":
			return EchoedPath(r.Path, op.Product)
		case "Cause":
			return causeOf(d.Cause)
		}
		return ""
	}
}

// causeOf is why a request cannot be read, in words for its client.
func causeOf(cause error) string {
	if fault := (*params.Fault)(nil); errors.As(cause, &fault) {
		return fault.Words()
	}
	return "the parameters cannot be read"
}

func echo(text string) string { return text[:min(len(text), longestEcho)] }

// longestEcho limits how much of a destination a refusal repeats, in bytes.
const longestEcho = 1024

// verifyChannelName is Verify's name for a channel in its refusals.
var verifyChannelName = [policy.ChannelCount]string{
	policy.Messaging: "sms", policy.Voice: "call", policy.WhatsApp: "whatsapp", policy.RCS: "rcs",
}

// EchoedPath is the path of a request as an error names it: product hosts leave the version out.
func EchoedPath(path, product string) string {
	if product != "api" {
		if _, rest, ok := strings.Cut(strings.TrimPrefix(path, "/"), "/"); ok {
			return "/" + rest
		}
	}
	return path
}
