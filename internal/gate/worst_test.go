package gate_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier/twilio"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// worst is a kind of request that is as much work to read as its length allows.
type worst struct {
	name        string
	host, path  string
	contentType string
	// head and tail surround as many repetitions of the pieces, in turn, as the length
	// leaves room for.
	head, tail string
	pieces     []string
}

// worstLength is how long the longest body is that any operation takes.
const worstLength = 4 << 20

// The operations that take the longest bodies, by what they look into.
const (
	anyPath      = "/2010-04-01/Accounts/" + benchAccount + "/NewThing.json"
	jsonType     = "application/json"
	multipartOfB = "multipart/form-data; boundary=b"
)

// nested is a text that holds itself to a depth, with another one innermost.
func nested(before, innermost, after string, depth int) string {
	return strings.Repeat(before, depth) + innermost + strings.Repeat(after, depth)
}

// among puts a number beside a text, so that ten thousand of them and no more are
// as long as a body may be.
func among(number string) string {
	const length = worstLength / 9_800
	piece := `{"to":"` + number + `"`
	return piece + `,"x":"` + strings.Repeat("y", max(length-len(piece)-9, 0)) + `"},`
}

// worstOfJSON are pieces of a list that take long to read for their length.
var worstOfJSON = []worst{
	{name: "empty lists", pieces: []string{"[],"}},
	{name: "empty objects", pieces: []string{"{},"}},
	{name: "short numbers", pieces: []string{"1,"}},
	{name: "long numbers", pieces: []string{strings.Repeat("1", 1000) + "e99,"}},
	{name: "literals", pieces: []string{"true,null,"}},
	{name: "empty texts", pieces: []string{`"",`}},
	{name: "deep lists", pieces: []string{nested("[", "", "]", 58) + ","}},
	{name: "deep objects", pieces: []string{nested(`{"":`, "1", "}", 58) + ","}},
	{name: "short members", pieces: []string{`{"a":1},`}},
	{name: "members with the first letter of a wanted one", pieces: []string{`{"t":1,"a":1,"f":1,"c":1},`}},
	{name: "members that are paths", pieces: []string{`{"a.b":1},`, `{"[":1},`, `{"..":1},`}},
	{name: "members with long names", pieces: []string{`{"` + strings.Repeat("t-", 500) + `":1},`}},
	{name: "escapes", pieces: []string{`"` + strings.Repeat(`\u00e9`, 100) + `",`}},
	{name: "short escapes in names", pieces: []string{`{"\n":1},`}},
	{name: "wanted texts", pieces: []string{`{"to":"x"},`}},
	{name: "wanted numbers", pieces: []string{`{"to":1},`}},
	{name: "numbers to reach", pieces: []string{`{"to":"+12015550123"},`}},
	{name: "numbers without a plus", pieces: []string{`{"to":"2015550123"},`}},
	{name: "numbers behind an international prefix", pieces: []string{`{"to":"0112015550123x1"},`}},
	{name: "lists of numbers in one text", pieces: []string{`{"to":"` + strings.Repeat("0012015550123,", 28) + `"},`}},
	{name: "texts that are none", pieces: []string{`{"to":"` + strings.Repeat("(", 1000) + `"},`}},
	{name: "texts that begin like a number", pieces: []string{`{"to":"` + strings.Repeat("+1 ", 330) + `z"},`}},
	{name: "texts that Unicode makes longer", pieces: []string{`{"to":"` + strings.Repeat("\ufdfa", 330) + `"},`}},
	{name: "texts that Unicode makes longer, with digits", pieces: []string{`{"to":"` + strings.Repeat("\ufdfa1", 250) + `"},`}},
	{name: "texts with digits of two scripts", pieces: []string{`{"to":"` + strings.Repeat("1\u0661", 300) + `"},`}},
	{name: "texts with digits and marks", pieces: []string{`{"to":"` + strings.Repeat("1\u20e3", 250) + `"},`}},
	{name: "texts with digits and letters", pieces: []string{`{"to":"` + strings.Repeat("1\u044f", 330) + `"},`}},
	{name: "texts with digits and tags", pieces: []string{`{"to":"` + strings.Repeat("1\U000e0101", 200) + `"},`}},
	{name: "texts with mathematical digits", pieces: []string{`{"to":"` + strings.Repeat("x\U0001d7d9", 200) + `"},`}},
	{name: "addresses with a host", pieces: []string{`{"to":"sip:` + strings.Repeat("%2B1201555@", 90) + `"},`}},
	{name: "JSON in texts", pieces: []string{`"[1,1,1,1,1,1,1,1,1,1]",`}},
	{name: "JSON in JSON in texts", pieces: []string{`"[\"[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]\"]",`}},
	{name: "JSON in JSON in JSON in texts", pieces: []string{`"[\"[\\\"[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]\\\"]\"]",`}},
	{name: "what only begins as JSON", pieces: []string{`"[[[[[[[[[[[[[[[[[[[[[[",`}},
	{name: "digits and blanks", pieces: []string{`"` + strings.Repeat("1 (", 300) + `",`}},
	{name: "short numbers behind a plus", pieces: []string{`"+1234567",`}},
	{name: "numbers behind a plus", pieces: []string{`"+12015550123",`}},
	{name: "as many numbers as may be", pieces: []string{among("+12015550123")}},
	{name: "as many numbers without a plus as may be", pieces: []string{among("2015550123")}},
	{name: "as many numbers behind a prefix as may be", pieces: []string{among("0112015550123")}},
	{name: "as many numbers in pieces as may be", pieces: []string{among("+1 (201) 555-0123")}},
	{name: "as many numbers with an extension as may be", pieces: []string{among("0112015550123x1")}},
	{name: "as many texts that are none as may be", pieces: []string{among(strings.Repeat("(", 300))}},
	{name: "as many lists of numbers as may be", pieces: []string{among(strings.Repeat("0012015550123,", 25))}},
	{name: "wide digits", pieces: []string{`"` + strings.Repeat("\uff0b\uff11", 100) + `",`}},
}

// worstOfTwiML are documents that take long to read for their length, as pieces
// between the beginning and the end of one.
var worstOfTwiML = []worst{
	{name: "elements", pieces: []string{"<a/>"}},
	{name: "deep elements", pieces: []string{nested("<a>", "", "</a>", 60)}},
	{name: "verbs", pieces: []string{"<Dial>1</Dial>"}},
	{name: "messages", pieces: []string{"<Sms/>"}},
	{name: "attributes", pieces: []string{"<a " + strings.Repeat(`b="" `, 200) + "/>"}},
	{name: "attributes that lead elsewhere", pieces: []string{"<a " + strings.Repeat(`url="//" `, 200) + "/>"}},
	{name: "attributes with numbers", pieces: []string{"<a " + strings.Repeat(`b="1234567" `, 200) + "/>"}},
	{name: "entities", pieces: []string{"&lt;"}},
	{name: "numeric entities", pieces: []string{"&#49;"}},
	{name: "comments", pieces: []string{"1<!---->"}},
	{name: "a destination in pieces", head: "<Dial>", pieces: []string{"1<b/>"}, tail: "</Dial>"},
	{name: "a destination in pieces, deep", head: nested("<Dial>", "", "", 60), pieces: []string{"1<!---->"}, tail: nested("</Dial>", "", "", 60)},
	{name: "digits", head: "<a>", pieces: []string{"1 "}, tail: "</a>"},
	{name: "addresses", pieces: []string{"<Redirect>/?a=1&amp;a=2</Redirect>"}},
	{name: "pairs in an address", head: "<Redirect>/?", pieces: []string{"a&amp;"}, tail: "</Redirect>"},
	{name: "pairs of a twimlet", head: "<Redirect>http://twimlets.com/?", pieces: []string{"a=1234567&amp;"}, tail: "</Redirect>"},
	{name: "addresses of a twimlet", head: "<Redirect>http://twimlets.com/?", pieces: []string{"a=//&amp;"}, tail: "</Redirect>"},
	{name: "documents in an address", head: "<Redirect>/?", pieces: []string{"Twiml=&lt;a/>&amp;"}, tail: "</Redirect>"},
	{name: "documents in addresses, deep", head: "<Redirect>/?Twiml=&lt;Redirect>/?Twiml=%26lt;Redirect>/?", pieces: []string{"a%26amp;"},
		tail: "%26lt;/Redirect>&lt;/Redirect></Redirect>"},
	{name: "documents in a pair's address, deep", pieces: []string{
		"<Redirect>/?Twiml=" + url.QueryEscape("<Redirect>/?Twiml="+url.QueryEscape("<Redirect>/?Twiml="+url.QueryEscape("<a/>")+"</Redirect>")+"</Redirect>") + "</Redirect>"}},
	{name: "an address in pieces", pieces: []string{"<Redirect>" + strings.Repeat("/?Twiml=%3Ca/%3E<!---->", 18) + "</Redirect>"}},
	{name: "attributes of tasks", pieces: []string{`<Task>[{"a":1},{"b":2}]</Task>`}},
}

// worstKinds are all kinds, each for an operation that takes the longest bodies.
func worstKinds() []worst {
	var kinds []worst
	for _, w := range worstOfJSON {
		for _, at := range []worst{
			{name: "JSON", host: "comms.twilio.com", path: "/v1/Messages", contentType: jsonType, head: "[", tail: "0]"},
			{name: "JSON of no table", host: "api.twilio.com", path: anyPath, contentType: jsonType, head: "[", tail: "0]"},
			{name: "a flow", host: "studio.twilio.com", path: "/v2/Flows", contentType: formType, head: `Definition={"a":[`, tail: "0]}"},
			{name: "bindings", host: "notify.twilio.com", path: "/v1/Services/IS1/Notifications", contentType: formType, head: `ToBinding={"a":[`, tail: "0]}"},
		} {
			at.name, at.pieces = at.name+"/"+w.name, w.pieces
			if at.contentType == formType {
				at.pieces = nil
				for _, piece := range w.pieces {
					// What a form needs encoded and no more.
					at.pieces = append(at.pieces, strings.NewReplacer("%", "%25", "+", "%2B", "&", "%26", ";", "%3B").Replace(piece))
				}
			}
			kinds = append(kinds, at)
		}
	}
	for _, w := range worstOfTwiML {
		encode := strings.NewReplacer("%", "%25", "+", "%2B", "&", "%26", ";", "%3B")
		piece := strings.Join(w.pieces, "")
		document := encode.Replace("<Response>" + w.head + strings.Repeat(piece, (60_000-len(w.head))/len(piece)) + w.tail + "</Response>")
		for _, at := range []worst{
			{name: "TwiML of a call", host: "api.twilio.com", path: "/2010-04-01/Accounts/" + benchAccount + "/Calls.json", head: "To=%2B12015550123&Twiml=" + document},
			{name: "TwiML of no table", host: "api.twilio.com", path: anyPath, pieces: []string{"Twiml=" + document + "&"}},
			{name: "small TwiML of no table", host: "api.twilio.com", path: anyPath, pieces: []string{"Twiml=" + encode.Replace(w.head+piece+w.tail) + "&"}},
		} {
			at.name, at.contentType = at.name+"/"+w.name, formType
			kinds = append(kinds, at)
		}
	}
	for _, at := range []worst{
		{name: "form of no table", host: "api.twilio.com", path: anyPath, contentType: formType},
		{name: "form of a flow", host: "studio.twilio.com", path: "/v2/Flows", contentType: formType},
		{name: "form of an order", host: "numbers.twilio.com", path: "/v2/HostedNumber/Orders/Bulk", contentType: formType},
	} {
		for _, w := range []worst{
			{name: "names", pieces: []string{"a&"}},
			{name: "no names", pieces: []string{"&"}},
			{name: "names with the first letter of a wanted one", pieces: []string{"t&c&p&u&"}},
			{name: "names that are paths", pieces: []string{"a.b&"}},
			{name: "pairs", pieces: []string{"a=1&"}},
			{name: "semicolons", pieces: []string{"a;"}},
			{name: "semicolons alone", pieces: []string{";"}},
			{name: "a wanted pair in semicolons", head: "PhoneNumber=1", pieces: []string{";%41"}},
			{name: "wanted pairs in semicolons", pieces: []string{"PhoneNumber=1;"}},
			{name: "encoded names", pieces: []string{"%61&"}},
			{name: "one encoded name", pieces: []string{"%61"}},
			{name: "an encoded wanted value", head: "PhoneNumber=", pieces: []string{"%31"}},
			{name: "brackets", pieces: []string{"a[]&"}},
			{name: "many brackets", pieces: []string{"a[b][c][0]&"}},
			{name: "one name of brackets", pieces: []string{"a["}},
			{name: "wanted pairs", pieces: []string{"PhoneNumber=1&"}},
			{name: "numbers", pieces: []string{"PhoneNumber=%2B12015550123&"}},
			{name: "addresses", pieces: []string{"Url=//a?b&"}},
			{name: "addresses with pairs", head: "Url=//a?", pieces: []string{"b%26"}},
			{name: "addresses of twimlets", pieces: []string{"Url=//twimlets.com?a=//twimlets.com?&"}},
			{name: "a twimlet with pairs", head: "Url=//twimlets.com?", pieces: []string{"b=1%26"}},
			{name: "a twimlet with addresses", head: "Url=//twimlets.com?", pieces: []string{"b=//%26"}},
			{name: "a twimlet with numbers", head: "Url=//twimlets.com?", pieces: []string{"b=1234567%26"}},
			{name: "documents", pieces: []string{"Participant={}&"}},
			{name: "letters", head: "a=", pieces: []string{"x"}},
			{name: "plus signs", head: "PhoneNumber=", pieces: []string{"+"}},
		} {
			at.head, at.pieces = w.head, w.pieces
			kinds = append(kinds, worst{name: at.name + "/" + w.name, host: at.host, path: at.path, contentType: at.contentType, head: w.head, pieces: w.pieces})
		}
	}
	const part = "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n"
	for _, w := range []worst{
		{name: "parts", pieces: []string{part}, tail: "--b--\r\n"},
		{name: "boundaries in a part", head: part, pieces: []string{"--b"}, tail: "\r\n--b--\r\n"},
		{name: "boundaries that are none", head: part, pieces: []string{"\r\n--bx"}, tail: "\r\n--b--\r\n"},
		{name: "beginnings of boundaries", head: part, pieces: []string{"\r\n--"}, tail: "\r\n--b--\r\n"},
		{name: "short lines", head: part, pieces: []string{"\r\n"}, tail: "\r\n--b--\r\n"},
		{name: "headers", head: "--b\r\nContent-Disposition: form-data; name=a\r\n", pieces: []string{"a:\r\n"}, tail: "\r\n\r\n--b--\r\n"},
		{name: "headers of many names", head: "--b\r\nContent-Disposition: form-data; name=a\r\n", pieces: manyHeaders(), tail: "\r\n\r\n--b--\r\n"},
		{name: "a long header", head: "--b\r\nContent-Disposition: form-data; name=a\r\nX: ", pieces: []string{"a"}, tail: "\r\n\r\n\r\n--b--\r\n"},
		{name: "a long header in lines", head: "--b\r\nContent-Disposition: form-data; name=a\r\nX: ", pieces: []string{"\r\n a"}, tail: "\r\n\r\n\r\n--b--\r\n"},
		{name: "parameters of a disposition", head: "--b\r\nContent-Disposition: form-data; name=a", pieces: []string{";a=b"}, tail: "\r\n\r\n\r\n--b--\r\n"},
		{name: "dispositions", head: part, pieces: []string{"content-disposition"}, tail: "\r\n--b--\r\n"},
		{name: "a preamble", pieces: []string{"a\r\n"}, tail: "\r\n" + part + "--b--\r\n"},
	} {
		w.name, w.host, w.path, w.contentType = "multipart/"+w.name, "api.twilio.com", anyPath, multipartOfB
		kinds = append(kinds, w)
	}
	kinds = append(kinds,
		worst{name: "JSON lines/short", host: "api.twilio.com", path: anyPath, contentType: "application/x-ndjson", pieces: []string{"1\n"}},
		worst{name: "JSON lines/objects", host: "api.twilio.com", path: anyPath, contentType: "application/x-ndjson", pieces: []string{"{\"a\":1}\n"}},
		worst{name: "JSON lines/blank", host: "api.twilio.com", path: anyPath, contentType: "application/x-ndjson", pieces: []string{"\n"}},
	)
	return kinds
}

func manyHeaders() (lines []string) {
	for i := range 20_000 {
		lines = append(lines, fmt.Sprintf("A%d:\r\n", i))
	}
	return lines
}

// body is as long as the operation takes it.
func (w *worst) body() []byte {
	length := worstLength
	if w.host == "notify.twilio.com" {
		length = 1 << 20
	}
	if len(w.pieces) == 0 {
		return []byte(w.head)
	}
	var b bytes.Buffer
	b.WriteString(w.head)
	for i := 0; ; i++ {
		piece := w.pieces[i%len(w.pieces)]
		if b.Len()+len(piece)+len(w.tail) > length {
			break
		}
		b.WriteString(piece)
	}
	b.WriteString(w.tail)
	return b.Bytes()
}

func (w *worst) request(body []byte) *http.Request {
	r := newRequest(w.host, w.path, w.contentType, "")
	r.SetBasicAuth(benchAccount, "0123456789abcdef0123456789abcdef")
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return r
}

// worstGate lets writes through that are in no table, and looks at URLs.
func worstGate(t testing.TB) *gate.Gate {
	t.Helper()
	us, ok := numbering.ParseTerritory("US")
	if !ok {
		t.Fatal("no US")
	}
	granted := policy.Grant{Set: policy.SetOf(us)}
	set := policy.Permissions{Messaging: &granted, Voice: &[policy.ClassCount]policy.Grant{policy.LowRisk: granted}}
	snapshot, err := policy.New(policy.Definition{
		Revision: "worst",
		URLHosts: []string{"app.example"},
		Accounts: []policy.Account{{ID: benchAccount, At: []policy.CarrierAccount{{Carrier: "twilio", ID: benchAccount}}, Permissions: set}},
	})
	if err != nil {
		t.Fatal(err)
	}
	rules := &gate.Rules{Snapshot: snapshot, Plan: numbering.Default()}
	return &gate.Gate{Carrier: twilio.Twilio{}, Rules: func() *gate.Rules { return rules }, Product: "api", Now: time.Now}
}
