package refusal

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/operations"
)

// moreInfo is where Twilio explains an error; the code follows.
const moreInfo = "https://www.twilio.com/docs/errors/"

// appendPage appends the address of a page about an error: the operator's, or Twilio's if
// there is none.
func appendPage(b []byte, f *failure, stated string) []byte {
	if stated != "" {
		return append(b, stated...)
	}
	return strconv.AppendInt(append(b, moreInfo...), int64(f.Code), 10)
}

// bodyRoom is enough for a body without its texts, if these need no escapes, in bytes.
const bodyRoom = 96

// jsonBody is the body in Twilio's usual shape, as Python's json.dumps writes it.
func jsonBody(f *failure, message, page []byte) []byte {
	b := append(make([]byte, 0, len(message)+len(page)+bodyRoom), `{"code": `...)
	b = strconv.AppendInt(b, int64(f.Code), 10)
	b = append(b, `, "message": `...)
	b = appendString(b, message)
	b = append(b, `, "more_info": `...)
	b = appendString(b, page)
	b = append(b, `, "status": `...)
	b = strconv.AppendInt(b, int64(f.Status), 10)
	return append(b, '}')
}

// standardBody is the body in the shape of Twilio's API Standards v1.0. Clients of those
// APIs send a request again if the refusal has another shape.
func standardBody(f *failure, message []byte) []byte {
	b := append(make([]byte, 0, len(message)+bodyRoom), `{"code": `...)
	b = strconv.AppendInt(b, int64(f.Code), 10)
	b = append(b, `, "message": `...)
	b = appendString(b, message)
	b = append(b, `, "httpStatusCode": `...)
	b = strconv.AppendInt(b, int64(f.Status), 10)
	return append(b, `, "params": {}, "userError": true}`...)
}

// xmlBody is the body for paths of the API of 2010 that do not ask for JSON.
func xmlBody(f *failure, message, page []byte) []byte {
	code := strconv.Itoa(f.Code)
	var b bytes.Buffer
	b.WriteString("<?xml version='1.0' encoding='UTF-8'?>\n<TwilioResponse><RestException><Code>" + code + "</Code><Message>")
	writeXMLText(&b, message)
	b.WriteString("</Message><MoreInfo>")
	writeXMLText(&b, page)
	b.WriteString("</MoreInfo><Status>" + strconv.Itoa(f.Status) + "</Status></RestException></TwilioResponse>")
	return b.Bytes()
}

// writeXMLText writes a text in which some characters may not be of XML.
func writeXMLText(b *bytes.Buffer, text []byte) {
	for _, c := range xmlText.Replace(strings.ToValidUTF8(string(text), "\uFFFD")) {
		if !isXMLChar(c) {
			c = '\uFFFD'
		}
		b.WriteRune(c)
	}
}

// xmlText escapes what must be escaped in text; Twilio leaves quotes alone.
var xmlText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// isXMLChar reports whether XML 1.0 allows the character.
func isXMLChar(c rune) bool {
	return c == '\t' || c == '\n' || c == '\r' || c >= ' ' && c != '\uFFFE' && c != '\uFFFF'
}

// appendString appends a JSON string in ASCII, as Python writes it.
func appendString(b, text []byte) []byte {
	if isPlain(text) {
		b = append(b, '"')
		b = append(b, text...)
		return append(b, '"')
	}
	var quoted bytes.Buffer
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(string(text)) // strings always encode
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

// isPlain reports whether a JSON string needs no escapes for the text.
func isPlain(text []byte) bool {
	for _, c := range text {
		if c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// isXML reports whether a path of the API of 2010 asks for XML: with ".xml", or without
// an extension.
func isXML(path string) bool {
	extension := operations.ExtensionOf(path)
	return extension == "" || strings.EqualFold(extension, ".xml")
}
