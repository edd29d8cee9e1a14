package caddymodule_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// choices turn the bytes of a fuzzer into decisions. When they are used up, the
// first of each is taken.
type choices struct{ bytes []byte }

func (c *choices) below(n int) int {
	if len(c.bytes) == 0 {
		return 0
	}
	b := c.bytes[0]
	c.bytes = c.bytes[1:]
	return int(b) % n
}

func (c *choices) of(list []string) string { return list[c.below(len(list))] }

// text is some bytes of the fuzzer's own, in which anything may stand.
func (c *choices) text() string {
	n := min(c.below(24), len(c.bytes))
	text := string(c.bytes[:n])
	c.bytes = c.bytes[n:]
	return text
}

// A denied send in layers. Each list holds ways to say the same to some reader:
// whichever are put together, the request names a denied destination to one that
// is lenient enough.
var (
	// Operations: host, path and the name of the parameter with the destination,
	// with what else the request needs.
	deniedOperations = []struct {
		host, path, name, rest string
		// documents are ways to write the destination into a JSON document that is
		// the value of the parameter; none if the value is the destination itself.
		documents []string
	}{
		{"api", "/2010-04-01/Accounts/" + acme + "/Messages.json", "To", "From=%2B12015550199&Body=Hello", nil},
		{"api", "/2010-04-01/Accounts/" + acme + "/Calls.json", "To", "From=%2B12015550199&Url=http%3A%2F%2Fapps.example%2F", nil},
		{"api", "/2010-04-01/Accounts/" + acme + "/Conferences/CF1/Participants.json", "To", "From=%2B12015550199", nil},
		{"verify", "/v2/Services/VA1/Verifications", "To", "Channel=sms", nil},
		{"verify", "/v2/Services/VA1/Verifications", "To", "Channel=call", nil},
		{"studio", "/v2/Flows/FW1/Executions", "To", "From=%2B12015550199", nil},
		{"conversations", "/v1/Conversations/CH1/Participants", "MessagingBinding.Address", "MessagingBinding.ProxyAddress=%2B12015550199", nil},
		{"proxy", "/v1/Services/KS1/Sessions/KC1/Participants", "Identifier", "FriendlyName=x", nil},
		{"taskrouter", "/v1/Workspaces/WS1/Tasks/WT1/Reservations/WR1", "CallTo", "Instruction=call", nil},
		{"notify", "/v1/Services/IS1/Bindings", "Address", "BindingType=sms&Identity=1", nil},
		{"conversations", "/v1/ConversationWithParticipants", "Participant", "FriendlyName=x", participantDocuments},
		{"conversations", "/v1/Services/IS1/ConversationWithParticipants", "Participant", "FriendlyName=x", participantDocuments},
		{"notify", "/v1/Services/IS1/Notifications", "ToBinding", "Body=Hello", []string{
			`{"binding_type":"sms","address":%s}`, `{"address":"+12015550123","address":%s,"binding_type":"sms"}`, `[{"binding_type":"sms","Address":%s}]`}},
		{"flex-api", "/v1/Interactions", "Channel", "Routing=%7B%7D", []string{
			`{"type":"sms","participants":[{"address":%s}]}`, `{"type":"sms","participants":{"a":{"ADDRESS":%s}}}`}},
	}
	participantDocuments = []string{
		`{"messaging_binding":{"address":%s,"proxy_address":"+12015550199"}}`,
		`{"MessagingBinding.Address":%s,"MessagingBinding.ProxyAddress":"+12015550199"}`,
		`{"messaging_binding.address":%s}`,
		`{"identity":"x","MessagingBinding":{"Address":%s}}`,
		`{"messaging_binding":{"type":"sms","address":"+12015550123"},"messaging_binding":{"address":%s}}`,
	}
	// jsonSpellings write a text as a JSON string.
	jsonSpellings = []func(string) string{
		func(v string) string { text, _ := json.Marshal(v); return string(text) },
		func(v string) string {
			var b strings.Builder
			for _, c := range v {
				fmt.Fprintf(&b, `\u%04x`, c)
			}
			return `"` + b.String() + `"`
		},
	}
	deniedNumbers = []string{
		"+998912345678", "998912345678", "00998912345678", "011998912345678", "+998 91 234-56-78", "+998(91)2345678", "whatsapp:+998912345678",
		"tel:+998912345678", " +998912345678 ", "+９９８９１２３４５６７８", "+٩٩٨٩١٢٣٤٥٦٧٨", "\u200b+998912345678", "+998\u00a0912345678",
		"+998.912.345.678", "tel:+998912345678;phone-context=+1", "sms:+998912345678", "WHATSAPP:+998912345678", "+998912345678,", "+12015550123,+998912345678",
	}
	nameSpellings = []func(string) string{
		func(n string) string { return n },
		strings.ToLower,
		strings.ToUpper,
		func(n string) string { return fmt.Sprintf("%%%02X", n[0]) + n[1:] },
		func(n string) string { return n + "[]" },
		func(n string) string { return n + "%5B0%5D" },
		func(n string) string { return "+" + n },
		func(n string) string { return n + "%20" },
	}
	valueSpellings = []func(string) string{
		url.QueryEscape,
		func(v string) string {
			var b strings.Builder
			for i := 0; i < len(v); i++ {
				fmt.Fprintf(&b, "%%%02x", v[i])
			}
			return b.String()
		},
		func(v string) string { return strings.ReplaceAll(url.QueryEscape(v), "%2B", "+") },
	}
	deniedMethods = []string{"POST", "PUT", "PATCH", "post", "DELETE", "GET", "SEND"}
	hostSpellings = []string{"%s.twilio.com", "%s.twilio.com:443", "%s.TWILIO.COM", "%s.twilio.com."}
	formTypes     = []string{"application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-8", "APPLICATION/X-WWW-FORM-URLENCODED", ""}
	otherHeaders  = []string{"", "X-Http-Method-Override: GET", "Content-Encoding: identity", "Expect: 100-continue", "Accept: application/json", "Te: trailers", "Prefer: x", "X-Twilio-ApiVersion: v1.0"}
	pathSpellings = []func(string) string{
		func(p string) string { return p },
		strings.ToLower,
		func(p string) string { return p + "/" },
		func(p string) string { return "/" + p },
		func(p string) string { return "/." + p },
		func(p string) string { return strings.Replace(p, "s", "%73", 1) },
		func(p string) string { return strings.TrimSuffix(p, ".json") },
		func(p string) string { return strings.TrimSuffix(p, ".json") + ".XML" },
		func(p string) string { return p + "#x" },
		func(p string) string { return p + ";x=1" },
	}
	pairSeparators = []string{"&", "&&", ";"}
)

// deniedSend puts a request together by choices.
func deniedSend(c *choices) string {
	op := deniedOperations[c.below(len(deniedOperations))]
	number := c.of(deniedNumbers)
	if len(op.documents) > 0 {
		number = fmt.Sprintf(c.of(op.documents), jsonSpellings[c.below(len(jsonSpellings))](number))
	}
	destination := nameSpellings[c.below(len(nameSpellings))](op.name) + "=" + valueSpellings[c.below(len(valueSpellings))](number)

	// What stands around it are honest parameters and anything else; only what
	// would end the form, or the value before, is kept out of that.
	filler := func() string {
		return strings.NewReplacer("&", "", ";", "", "#", "", " ", "", "\r", "", "\n", "", "%", "%25", "?", "").Replace(c.text())
	}
	pairs := []string{destination}
	if c.below(2) == 1 {
		pairs = append(pairs, op.rest)
	}
	if c.below(3) == 1 {
		pairs = append([]string{"To=%2B12015550123"}, pairs...)
	}
	if text := filler(); text != "" {
		pairs = append([]string{"x" + text}, pairs...)
	}
	form := strings.Join(pairs, c.of(pairSeparators))

	path := pathSpellings[c.below(len(pathSpellings))](op.path)
	body, contentType := form, c.of(formTypes)
	switch c.below(5) {
	case 1: // in the query
		path, body = path+"?"+asciiOnly(form), op.rest
	case 2: // in both
		path += "?" + op.name + "=%2B12015550123"
	case 3: // in a multipart body
		value, _ := url.QueryUnescape(strings.SplitN(destination, "=", 2)[1])
		name, _ := url.QueryUnescape(strings.SplitN(destination, "=", 2)[0])
		body = "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n--b--\r\n"
		contentType = "multipart/form-data; boundary=b"
	}
	head := c.of(deniedMethods) + " " + path + " HTTP/1.1\r\n" +
		"Host: " + fmt.Sprintf(c.of(hostSpellings), op.host) + "\r\n" +
		"Connection: close\r\nAuthorization: " + asAcme + "\r\n"
	if contentType != "" {
		head += "Content-Type: " + contentType + "\r\n"
	}
	if header := c.of(otherHeaders); header != "" {
		head += header + "\r\n"
	}
	if c.below(3) == 1 {
		return head + "Transfer-Encoding: chunked\r\n\r\n" + fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(body), body)
	}
	return head + fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body)
}

// asciiOnly encodes what cannot stand in a target.
func asciiOnly(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] <= ' ' || text[i] >= 0x7f || text[i] == '"' {
			fmt.Fprintf(&b, "%%%02x", text[i])
		} else {
			b.WriteByte(text[i])
		}
	}
	return b.String()
}

// FuzzHandler sends denied destinations through a whole Caddy with the gate in
// front of a recording upstream, put together in every layer by what the fuzzer
// chooses. None of them may arrive.
func FuzzHandler(f *testing.F) {
	for op := range deniedOperations {
		f.Add([]byte{byte(op)})
		for layer := range 14 {
			seed := make([]byte, 20)
			seed[0] = byte(op)
			for variant := range 4 {
				seed[layer+1] = byte(variant + op)
				f.Add(append([]byte{}, seed...))
			}
		}
	}
	// To whom a denial is shown is another question, and its answers take their time.
	s := startExactGate(f, acmePolicy, "strangers off")
	f.Fuzz(func(t *testing.T, bytes []byte) {
		request := deniedSend(&choices{bytes})
		a := s.send(t, request)
		if arrived := s.upstream.take(); len(arrived) > 0 {
			t.Fatalf("sent\n%q\nanswered %d, arrived\n%q", request, a.status, arrived[0])
		}
	})
}
