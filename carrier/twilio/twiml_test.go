package twilio

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier"
)

func TestDestinationsOfTwiML(t *testing.T) {
	for _, test := range []struct {
		name, document, want string
	}{
		{"nothing", "", ""},
		{"blanks", " \n\t", ""},
		{"no verb", "<Response/>", ""},
		{"a dial", "<Response><Dial>1</Dial></Response>", "call 1"},
		{"space around the number", "<Response><Dial>\n\t+1 201 555 0123 \n</Dial></Response>", "call +1 201 555 0123"},
		{"a number in a dial", "<Response><Dial><Number>1</Number><Number>2</Number></Dial></Response>", "call 1, call 2"},
		{"a number beside a number", "<Response><Dial>1<Number>2</Number></Dial></Response>", "call 2, call 1"},
		{"a declaration", `<?xml version="1.0" encoding="UTF-8"?><Response><Dial>1</Dial></Response>`, "call 1"},
		{"another letter case", "<RESPONSE><dIAL><nUMBER>1</nUMBER></dIAL></RESPONSE>", "call 1"},
		{"a namespace", `<t:Response xmlns:t="https://example.com/"><t:Dial>1</t:Dial></t:Response>`, "call 1"},
		{"a namespace by default", `<Response xmlns="urn:x"><Dial>1</Dial></Response>`, "call 1"},
		{"a prefix without a namespace", "<Response><x:Dial>1</x:Dial></Response>", "call 1"},
		{"entities", "<Response><Dial>&#43;1&#x32;&#48;</Dial></Response>", "call +120"},
		{"an ampersand", "<Response><Dial>1&amp;2</Dial></Response>", "call 1&2"},
		{"CDATA", "<Response><Dial><![CDATA[+1]]>2<![CDATA[0]]></Dial></Response>", "call +120"},
		{"a comment in the number", "<Response><Dial>+1<!-- x -->20</Dial></Response>", "call +120"},
		{"an instruction in the number", "<Response><Dial>+1<?x y?>20</Dial></Response>", "call +120"},
		{"a number in a comment", "<Response><!-- <Dial>1</Dial> +12015550123 --></Response>", ""},
		{"markup in the number", "<Response><Dial>+1<b>2</b>0</Dial></Response>", "call +120"},
		{"an element within the number", "<Response><Dial><Number>+1<Number>2</Number>0</Number></Dial></Response>", "call 2, call +10"},
		{"a SIP address", "<Response><Dial><Sip>sip:1@x.pstn.twilio.com?a=b</Sip></Dial></Response>", "call sip:1@x.pstn.twilio.com?a=b"},
		{"a WhatsApp number", "<Response><Dial><WhatsApp>1</WhatsApp></Dial></Response>", "call 1"},
		{"a referral", "<Response><Refer><Sip>sip:1@a.example</Sip></Refer></Response>", "call sip:1@a.example"},
		{"a referral of old", "<Response><Refer><ReferSip>sip:1@a.example</ReferSip></Refer></Response>", "call sip:1@a.example"},
		{"a client", "<Response><Dial><Client>alice</Client></Dial></Response>", ""},
		{"a client with an identity and parameters", "<Response><Dial><Client><Identity>alice</Identity><Parameter name='a' value='b'/></Client></Dial></Response>", ""},
		{"a conference", "<Response><Dial><Conference>Room 7</Conference></Dial></Response>", ""},
		{"a conference that looks like a number", "<Response><Dial><Conference>12015550123</Conference></Dial></Response>", ""},
		{"a message", "<Response><Message to='1' from='2'>Hello</Message></Response>", "message 1"},
		{"a message in a call", `<Response><Sms TO="1">Hello</Sms></Response>`, "message 1"},
		{"a caller ID", "<Response><Dial callerId='+12015550123'>1</Dial></Response>", "call 1"},
		{"words", "<Response><Say>Your code is 1 2 3 4</Say></Response>", ""},
		{"a number that is spoken", "<Response><Say>Call 201-555-0123 now, or +44 20 7946 0000.</Say></Response>", "call +44 20 7946 0000?"},
		{"a number after a bracket", "<Response><Say>(201) 555-0123</Say></Response>", ""},
		{"keys", "<Response><Play digits='1w2w3'/></Response>", ""},
		{"keys that look like a number", "<Response><Play digits='12015550123'/></Response>", ""},
		{"two documents", "<Response/><Response><Dial>1</Dial></Response>", "call 1"},
		{"text around the document", "1 <Response><Dial>2</Dial></Response> 3", "call 2"},
		{"a byte order mark", "\ufeff<Response><Dial>1</Dial></Response>", "call 1"},
		{"other digits", "<Response><Dial>+٩٩٨٩١٢٣٤٥٦٧٨</Dial></Response>", "call +٩٩٨٩١٢٣٤٥٦٧٨"},
		{"an element that is no TwiML", "<Response><Foo bar='12015550123'>12015550123</Foo></Response>", "call 12015550123?, call 12015550123?"},

		{"a document type", "<!DOCTYPE Response><Response><Dial>1</Dial></Response>", "undecodable"},
		{"an entity of one's own", "<!DOCTYPE r [<!ENTITY x '1'>]><Response><Dial>&x;</Dial></Response>", "undecodable"},
		{"an entity that nobody knows", "<Response><Dial>&x;</Dial></Response>", "undecodable"},
		{"HTML's entities", "<Response><Dial>1&nbsp;2</Dial></Response>", "undecodable"},
		{"no end", "<Response><Dial>1", "undecodable"},
		{"tags that cross", "<Response><Dial>1</Response></Dial>", "undecodable"},
		{"another charset", `<?xml version="1.0" encoding="UTF-16"?><Response><Dial>1</Dial></Response>`, "undecodable"},
		{"bytes that are no UTF-8", "<Response><Dial>1\xff</Dial></Response>", "undecodable"},
		{"a NUL", "<Response><Dial>1\x002</Dial></Response>", "undecodable"},
		{"XML 1.1", `<?xml version="1.1"?><Response><Dial>1</Dial></Response>`, "undecodable"},
		{"an attribute without quotes", "<Response><Message to=1/></Response>", "undecodable"},
		{"JSON", `{"dial": "12015550123"}`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var reader twimlReader
			err := reader.document(test.document)
			got := describeIntent(carrier.Intent{Sends: reader.sends})
			if err != nil {
				got = err.Error()
				if errors.Is(err, carrier.ErrUndecodable) {
					got = "undecodable"
				}
			}
			if got != test.want {
				t.Errorf("%s\nreaches %q, want %q", test.document, got, test.want)
			}
		})
	}
}

func TestTwiMLIsReadToADepth(t *testing.T) {
	nested := func(depth int) string {
		return strings.Repeat("<a>", depth-1) + "<Dial>1</Dial>" + strings.Repeat("</a>", depth-1)
	}
	var reader twimlReader
	err := reader.document(nested(maxDepth))
	if got := describeIntent(carrier.Intent{Sends: reader.sends}); err != nil || got != "call 1" {
		t.Errorf("%q, %v", got, err)
	}
	if err := reader.document(nested(maxDepth + 1)); !errors.Is(err, carrier.ErrUndecodable) {
		t.Errorf("one deeper: %v", err)
	}
}

// What a URL carries along counts, and what is only fetched from it does not.
func TestDestinationsOfURLs(t *testing.T) {
	const forward = "http://twimlets.com/forward?PhoneNumber=%2B998912345678"
	inside := forward
	for range maxHops {
		inside = "http://twimlets.com/menu?Options[1]=" + url.QueryEscape(inside)
	}
	for _, test := range []struct{ name, url, want string }{
		{"a web server of one's own", "https://app.example/voice?order=2015550123", ""},
		{"a query that does not decode", "https://app.example/voice?100%&a=b", ""},
		{"a twimlet that forwards", forward, "call +998912345678?"},
		{"a twimlet that rings several", "http://twimlets.com/simulring?PhoneNumbers[0]=12015550123;998912345678", "call 12015550123?, call 998912345678?, call 12015550123?"},
		{"a twimlet in a twimlet", "http://twimlets.com/menu?Options[1]=" + url.QueryEscape(forward), "call +998912345678?"},
		{"a twimlet in another letter case", "HTTP://TwiMLets.com./forward?phonenumber=a998912345678", "call 998912345678?"},
		{"TwiML that is echoed", "https://app.example/echo?Twiml=" + url.QueryEscape("<Response><Dial>+998912345678</Dial></Response>"), "call +998912345678"},
		{"twimlets in twimlets without an end", inside, "too many"},
		{"no URL", "::", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var reader twimlReader
			err := reader.url(test.url)
			got := describeIntent(carrier.Intent{Sends: reader.sends})
			if errors.Is(err, carrier.ErrTooMany) {
				got = "too many"
			}
			if got != test.want {
				t.Errorf("%s\nreaches %q, want %q", test.url, got, test.want)
			}
		})
	}
}
