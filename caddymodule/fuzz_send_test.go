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
	// with what else the request has. It is never empty: where the destination stands in
	// the query, a GET without a body would read.
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
		{"taskrouter", "/v1/Workspaces/WS1/Tasks", "Attributes", "WorkflowSid=WW1", taskAttributes},
		{"taskrouter", "/v1/Workspaces/WS1/Tasks/WT1", "Attributes", "Priority=1", taskAttributes},
		{"taskrouter", "/v1/Workspaces/WS1/Workers", "Attributes", "FriendlyName=x", taskAttributes},
		{"taskrouter", "/v1/Workspaces/WS1/Tasks/WT1/Reservations/WR1", "Supervisor", "Instruction=supervise", nil},
		{"flex-api", "/v1/Interactions", "Routing", "Channel=%7B%7D", []string{
			`{"properties":{"attributes":{"outbound_to":%s}}}`, `{"properties":{"workflow_sid":"WW1","attributes":{"contact_uri":%s}}}`}},
		{"flex-api", "/v1/Interactions/KD1/Channels/UO1/Invites", "Routing", "Priority=1", []string{`{"properties":{"attributes":{"outbound_to":%s}}}`}},
		{"flex-api", "/v1/Channels", "TaskAttributes", "FlexFlowSid=FO1&Identity=x&ChatUserFriendlyName=x&ChatFriendlyName=x", taskAttributes},
	}
	taskAttributes = []string{
		`{"outbound_to":%s}`, `{"contact_uri":%s}`, `{"a":{"outbound_to":%s}}`, `{"outbound_to":"+12015550123","outbound_to":%s}`, `{"Outbound_To":%s}`,
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
	// localNumbers are numbers without a plus sign, and a sender whose country they
	// are of.
	localNumbers = []struct{ from, to string }{
		{"+998901234567", "912345678"},
		{"+998901234567", "91 234-56-78"},
		{"+447400123456", "9012345678"},
		{"+447400123456", "09012345678"},
		{"+447400123456", "(0901) 234 5678"},
		{"+639171234567", "9172345678"},
		{"whatsapp:+639171234567", "09172345678"},
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

// deniedRequest is a request that names a denied destination, before it is
// written in some version of HTTP.
type deniedRequest struct {
	method, target, host, contentType string
	// header is one further line, or empty.
	header  string
	body    string
	chunked bool
}

// deniedSend puts a request together by choices.
func deniedSend(c *choices) deniedRequest {
	op := deniedOperations[c.below(len(deniedOperations))]
	number, rest := c.of(deniedNumbers), op.rest
	if len(op.documents) > 0 {
		number = fmt.Sprintf(c.of(op.documents), jsonSpellings[c.below(len(jsonSpellings))](number))
	}
	isLocal := strings.Contains(rest, "From=") && op.host == "api" && c.below(3) == 1
	if isLocal {
		local := localNumbers[c.below(len(localNumbers))]
		number, rest = local.to, "From="+url.QueryEscape(local.from)
	}
	destination := nameSpellings[c.below(len(nameSpellings))](op.name) + "=" + valueSpellings[c.below(len(valueSpellings))](number)

	// What stands around it are honest parameters and anything else; only what
	// would end the form, or the value before, is kept out of that.
	filler := func() string {
		return strings.NewReplacer("&", "", ";", "", "#", "", " ", "", "\r", "", "\n", "", "%", "%25", "?", "").Replace(c.text())
	}
	pairs := []string{destination}
	if c.below(2) == 1 || isLocal {
		pairs = append(pairs, rest)
	}
	if c.below(3) == 1 {
		pairs = append([]string{"To=%2B12015550123"}, pairs...)
	}
	if text := filler(); text != "" {
		pairs = append([]string{"x" + text}, pairs...)
	}
	form := strings.Join(pairs, c.of(pairSeparators))

	r := deniedRequest{
		target:      pathSpellings[c.below(len(pathSpellings))](op.path),
		body:        form,
		contentType: c.of(formTypes),
	}
	switch c.below(5) {
	case 1: // in the query
		r.target, r.body = r.target+"?"+asciiOnly(form), rest
	case 2: // in both
		r.target += "?" + op.name + "=%2B12015550123"
	case 3: // in a multipart body
		r.body = multipartOf(destination)
		if isLocal {
			r.body = multipartOf(destination, rest)
		}
		r.contentType = "multipart/form-data; boundary=b"
	}
	r.method = c.of(deniedMethods)
	r.host = fmt.Sprintf(c.of(hostSpellings), op.host)
	r.header = c.of(otherHeaders)
	r.chunked = c.below(3) == 1
	return r
}

// multipartOf writes pairs of a form as the parts of a multipart body.
func multipartOf(pairs ...string) string {
	var b strings.Builder
	for _, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		name, _ = url.QueryUnescape(name)
		value, _ = url.QueryUnescape(value)
		b.WriteString("--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n")
	}
	return b.String() + "--b--\r\n"
}

// inHTTP1 writes the request as it goes over the wire in HTTP/1.1: the head, and
// all that follows.
func (r *deniedRequest) inHTTP1() (head, body string) {
	head = r.method + " " + r.target + " HTTP/1.1\r\n" +
		"Host: " + r.host + "\r\n" +
		"Connection: close\r\nAuthorization: " + asAcme + "\r\n"
	if r.contentType != "" {
		head += "Content-Type: " + r.contentType + "\r\n"
	}
	if r.header != "" {
		head += r.header + "\r\n"
	}
	if r.chunked {
		return head + "Transfer-Encoding: chunked\r\n\r\n", fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(r.body), r.body)
	}
	return head + fmt.Sprintf("Content-Length: %d\r\n\r\n", len(r.body)), r.body
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
// chooses: in one piece or so slowly that the policy changes on the way, in
// HTTP/1.1 or HTTP/2. None of them may arrive.
//
// Each seed costs the fuzzer some 50 ms before it begins, since it hands the
// coverage of a whole Caddy to and fro with each, and so do the inputs that it has
// kept: it says "gathering baseline coverage" as long as that takes.
func FuzzHandler(f *testing.F) {
	for op := range deniedOperations {
		f.Add([]byte{byte(op)})
	}
	for layer := range 18 {
		for variant := range 3 {
			seed := make([]byte, 20)
			seed[layer] = byte(variant + 1)
			f.Add(seed)
		}
	}
	s := startFuzzedGate(f)
	f.Fuzz(func(t *testing.T, bytes []byte) {
		c := &choices{bytes}
		way := c.below(8)
		request := deniedSend(c)
		var status int
		switch way {
		case 1, 2:
			status = s.sendInHTTP2(t, &request)
		case 3:
			status = s.sendSlowly(t, &request, c.below(256))
		default:
			head, body := request.inHTTP1()
			status = s.send(t, head+body).status
		}
		if arrived := s.upstream.take(); len(arrived) > 0 {
			t.Fatalf("sent, way %d,\n%+v\nanswered %d, arrived\n%q", way, request, status, arrived[0])
		}
	})
}
