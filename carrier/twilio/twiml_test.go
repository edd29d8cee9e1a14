package twilio

import (
	"errors"
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
		{"a conference that looks like a number", "<Response><Dial><Conference>12015550123</Conference></Dial></Response>", "call 12015550123?"},
		{"a message", "<Response><Message to='1' from='2'>Hello</Message></Response>", "message 1"},
		{"a message in a call", `<Response><Sms TO="1">Hello</Sms></Response>`, "message 1"},
		{"a caller ID", "<Response><Dial callerId='+12015550123'>1</Dial></Response>", "call +12015550123?, call 1"},
		{"words", "<Response><Say>Your code is 1 2 3 4</Say></Response>", ""},
		{"a number that is spoken", "<Response><Say>Call 201-555-0123 now, or +44 20 7946 0000.</Say></Response>", "call 201-555-0123?, call +44 20 7946 0000?"},
		{"a number after a bracket", "<Response><Say>(201) 555-0123</Say></Response>", "call 201) 555-0123?"},
		{"keys", "<Response><Play digits='1w2w3'/></Response>", ""},
		{"keys that look like a number", "<Response><Play digits='12015550123'/></Response>", "call 12015550123?"},
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
			sends, err := twimlSends(nil, test.document)
			got := describeIntent(carrier.Intent{Sends: sends})
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

func TestDeepTwiMLIsRead(t *testing.T) {
	const depth = 10_000
	document := strings.Repeat("<a>", depth) + "<Dial>1</Dial>" + strings.Repeat("</a>", depth)
	sends, err := twimlSends(nil, document)
	if got := describeIntent(carrier.Intent{Sends: sends}); err != nil || got != "call 1" {
		t.Errorf("%q, %v", got, err)
	}
}
