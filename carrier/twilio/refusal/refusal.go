package refusal

import (
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/operations"
	"github.com/caddy-tollgate/tollgate/policy"
)

// New writes a denial as Twilio would.
func New(r *carrier.Request, op *carrier.Operation, d carrier.Denial) carrier.Refusal {
	words := operations.WordsOf(op)
	standard := words == operations.StandardWords || strings.EqualFold(r.Header.Get("X-Twilio-ApiVersion"), "v1.0")
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
	if d.Reason == policy.URLHost && operations.IsWebhook(d.URL.Parameter) {
		// Such a URL is stored for later, even in a request that also makes a call.
		words = operations.MessageWords
	}
	failure := f[words]
	message := failure.fill(r, op, d)

	refusal := carrier.Refusal{Status: failure.status, Code: failure.code, RequestID: RequestID()}
	contentType := "application/json"
	switch {
	case standard:
		refusal.Body = failure.standard(message)
	case operations.IsLegacy(op) && isXML(r.Path):
		refusal.Body = failure.xml(message)
		contentType = "application/xml"
	default:
		refusal.Body = failure.json(message)
	}
	refusal.Header = make([]carrier.Field, 0, len(fixedHeader)+5)
	refusal.Header = append(refusal.Header,
		carrier.Field{Name: "Content-Type", Value: contentType},
		carrier.Field{Name: "Content-Length", Value: strconv.Itoa(len(refusal.Body))},
		carrier.Field{Name: "Twilio-Request-Id", Value: refusal.RequestID},
		carrier.Field{Name: "X-API-Domain", Value: op.Product + "." + operations.Domain})
	refusal.Header = append(refusal.Header, fixedHeader...)
	if failure.status == http.StatusUnauthorized {
		refusal.Header = append(refusal.Header, carrier.Field{Name: "WWW-Authenticate", Value: `Basic realm="Twilio API"`})
	}
	return refusal
}

// Code is Twilio's code for a reason.
func Code(reason policy.Reason, channel policy.Channel, verification bool) int {
	f, ok := refusals[reason]
	if !ok {
		f = all(invalidRequest)
	}
	if verification {
		return f[operations.VerifyWords].code
	}
	if channel == policy.Voice {
		return f[operations.CallWords].code
	}
	return f[operations.MessageWords].code
}

// fill fills in the failure's message, in one pass: placeholders in the caller's own
// text have no effect.
func (f failure) fill(r *carrier.Request, op *carrier.Operation, d carrier.Denial) string {
	var b strings.Builder
	rest := f.text(op, d.To)
	for {
		before, after, found := strings.Cut(rest, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, _ := strings.Cut(after, "}")
		switch name {
		case "To":
			b.WriteString(d.To[:min(len(d.To), longestEcho)])
		case "MaskedTo":
			b.WriteString(masked(d.To[:min(len(d.To), longestEcho)]))
		case "Parameter":
			b.WriteString(d.URL.Parameter)
		case "URL":
			b.WriteString(d.URL.Address[:min(len(d.URL.Address), longestEcho)])
		case "Territory":
			b.WriteString(d.Territory.String())
		case "Channel":
			b.WriteString(verifyChannelName[d.Channel])
		case "Path":
			b.WriteString(echoedPath(r.Path, op.Product))
		}
		rest = after
	}
}

// text is the failure's message with its placeholders, for an operation and a
// destination.
func (f failure) text(op *carrier.Operation, to string) string {
	const whatsApp = "whatsapp:"
	toWhatsApp := len(to) >= len(whatsApp) && strings.EqualFold(to[:len(whatsApp)], whatsApp)
	// IsLegacy, because Messages is a resource of the API of 2010.
	if older, ok := unmasked[f.code]; ok && (!operations.IsLegacy(op) || toWhatsApp && f.code == messageInvalid.code) {
		return older
	}
	return f.message
}

// masked replaces each of the last four characters with an X, whatever they are, as
// Messages does ("False" becomes "FXXXX"). What Twilio does with fewer is unknown: here
// all of them are masked, and nothing stays nothing.
func masked(to string) string {
	const mask = "XXXX"
	shown, count := to, 0
	for ; count < len(mask) && shown != ""; count++ {
		_, size := utf8.DecodeLastRuneInString(shown)
		shown = shown[:len(shown)-size]
	}
	return shown + mask[:count]
}

// longestEcho limits how much of a destination a refusal repeats, in bytes.
const longestEcho = 1024

// verifyChannelName is Verify's name for a channel in its refusals.
var verifyChannelName = [policy.ChannelCount]string{
	policy.Messaging: "sms", policy.Voice: "call", policy.WhatsApp: "whatsapp", policy.RCS: "rcs",
}

// echoedPath is the path of the request as an error names it: product hosts leave the
// version out.
func echoedPath(path, product string) string {
	if product != "api" {
		if _, rest, ok := strings.Cut(strings.TrimPrefix(path, "/"), "/"); ok {
			return "/" + rest
		}
	}
	return path
}
