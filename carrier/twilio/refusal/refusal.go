package refusal

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/operations"
	"github.com/caddy-tollgate/tollgate/policy"
)

// moreInfo is where Twilio explains an error; the code follows.
const moreInfo = "https://www.twilio.com/docs/errors/"

// New writes a denial as Twilio would.
func New(r *carrier.Request, op *carrier.Operation, d carrier.Denial) carrier.Refusal {
	way := operations.WordsOf(op)
	standard := way == operations.StandardWords || strings.EqualFold(r.Header.Get("X-Twilio-ApiVersion"), "v1.0")
	switch {
	case way == operations.StandardWords:
		way = operations.MessageWords
	case way == operations.MessageWords && d.Channel == policy.Voice:
		// The rows that can do either say which one it was.
		way = operations.CallWords
	}
	f, ok := refusals[d.Reason]
	if !ok {
		f = all(invalidRequest)
	}
	if d.Reason == policy.URLHost && operations.IsWebhook(d.URL.Parameter) {
		way = operations.MessageWords // for later, though the request may be for a call as well
	}
	failure := f[way]
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
	return f[[policy.ChannelCount]operations.Words{policy.Messaging: operations.MessageWords, policy.Voice: operations.CallWords}[channel]].code
}

// fill puts the denial into the words of the failure, in one pass: what the
// caller wrote is never taken for words of ours.
func (f failure) fill(r *carrier.Request, op *carrier.Operation, d carrier.Denial) string {
	var b strings.Builder
	rest := f.message
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

// longestEcho bounds how much of a destination a refusal repeats, in bytes.
const longestEcho = 1024

// verifyChannelName is what Verify calls a channel in its refusals.
var verifyChannelName = [policy.ChannelCount]string{policy.Messaging: "sms", policy.Voice: "call"}

// echoedPath is how an error names the path asked for: product hosts leave the
// version out.
func echoedPath(path, product string) string {
	if product != "api" {
		if _, rest, ok := strings.Cut(strings.TrimPrefix(path, "/"), "/"); ok {
			return "/" + rest
		}
	}
	return path
}

// json is the body in Twilio's usual shape: what Python's json.dumps writes.
func (f failure) json(message string) []byte {
	code := strconv.Itoa(f.code)
	b := append([]byte(`{"code": `), code...)
	b = append(b, `, "message": `...)
	b = appendString(b, message)
	b = append(b, `, "more_info": "`+moreInfo+code+`", "status": `...)
	b = strconv.AppendInt(b, int64(f.status), 10)
	return append(b, '}')
}

// standard is the body in the shape of Twilio's API Standards v1.0. Clients of
// those APIs that do not find it send the request again.
func (f failure) standard(message string) []byte {
	b := append([]byte(`{"code": `), strconv.Itoa(f.code)...)
	b = append(b, `, "message": `...)
	b = appendString(b, message)
	b = append(b, `, "httpStatusCode": `...)
	b = strconv.AppendInt(b, int64(f.status), 10)
	return append(b, `, "params": {}, "userError": true}`...)
}

// xml is the body for paths of the API of 2010 that do not ask for JSON.
func (f failure) xml(message string) []byte {
	code := strconv.Itoa(f.code)
	var b bytes.Buffer
	b.WriteString("<?xml version='1.0' encoding='UTF-8'?>\n<TwilioResponse><RestException><Code>" + code + "</Code><Message>")
	text := xmlText.Replace(strings.ToValidUTF8(message, "\uFFFD"))
	for _, c := range text {
		if !isXMLChar(c) {
			c = '\uFFFD'
		}
		b.WriteRune(c)
	}
	b.WriteString("</Message><MoreInfo>" + moreInfo + code + "</MoreInfo><Status>" + strconv.Itoa(f.status) +
		"</Status></RestException></TwilioResponse>")
	return b.Bytes()
}

// xmlText escapes what must be escaped in text; Twilio leaves quotes alone.
var xmlText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// isXMLChar tells whether XML 1.0 can hold the character at all.
func isXMLChar(c rune) bool {
	return c == '\t' || c == '\n' || c == '\r' || c >= ' ' && c != '\uFFFE' && c != '\uFFFF'
}

// appendString appends a JSON string of ASCII alone, as Python writes it.
func appendString(b []byte, text string) []byte {
	if isPlain(text) {
		b = append(b, '"')
		b = append(b, text...)
		return append(b, '"')
	}
	var quoted bytes.Buffer
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text) // strings always encode
	const hexDigits = "0123456789abcdef"
	unit := func(u rune) {
		b = append(b, '\\', 'u', hexDigits[u>>12&15], hexDigits[u>>8&15], hexDigits[u>>4&15], hexDigits[u&15])
	}
	for _, c := range strings.TrimSuffix(quoted.String(), "\n") {
		switch {
		case c < 0x80:
			b = append(b, byte(c))
		case c <= 0xffff:
			unit(c)
		default:
			c -= 0x10000
			unit(0xd800 + c>>10)
			unit(0xdc00 + c&0x3ff)
		}
	}
	return b
}

// isPlain tells whether a JSON string holds the text as it is.
func isPlain(text string) bool {
	for i := 0; i < len(text); i++ {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// isXML tells whether a path of the API of 2010 asks for XML: by ".xml", or by
// no extension at all.
func isXML(path string) bool {
	extension := operations.ExtensionOf(path)
	return extension == "" || strings.EqualFold(extension, ".xml")
}

// fixedHeader is what every answer has, as recorded on a refused message in
// November 2023 (keploy's sample recordings), in Twilio's own letter case.
var fixedHeader = []carrier.Field{
	{Name: "Twilio-Concurrent-Requests", Value: "1"},
	{Name: "Twilio-Request-Duration", Value: "0.002"},
	{Name: "Access-Control-Allow-Origin", Value: "*"},
	{Name: "Access-Control-Allow-Headers", Value: "Accept, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Unmodified-Since, Idempotency-Key"},
	{Name: "Access-Control-Allow-Methods", Value: "GET, POST, DELETE, OPTIONS"},
	{Name: "Access-Control-Expose-Headers", Value: "ETag"},
	{Name: "Access-Control-Allow-Credentials", Value: "true"},
	{Name: "X-Powered-By", Value: "AT-5000"},
	{Name: "X-Shenanigans", Value: "none"},
	{Name: "X-Home-Region", Value: "us1"},
	{Name: "Strict-Transport-Security", Value: "max-age=31536000"},
}

// RequestID is a fresh "RQ" and 32 hexadecimal digits.
func RequestID() string {
	var random [16]byte
	_, _ = rand.Read(random[:]) // never fails
	return "RQ" + hex.EncodeToString(random[:])
}
