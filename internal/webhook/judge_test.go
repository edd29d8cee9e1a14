package webhook_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/twiml"
	"github.com/caddy-tollgate/tollgate/internal/webhook"
	"github.com/caddy-tollgate/tollgate/policy"
)

const (
	before = `<?xml version="1.0" encoding="UTF-8"?><Response>`
	after  = `</Response>`
)

func TestOnlyWhatIsDeniedIsTakenOutOrReplaced(t *testing.T) {
	const (
		empty = before + after
		dial  = "<Dial>" + inUZ + "</Dial>"
	)
	say := webhook.Denied{Mode: webhook.Say, Text: "Not <allowed> & sorry"}
	redirect := webhook.Denied{Mode: webhook.Redirect, Text: "/refused?a=b&c=d"}
	reject := webhook.Denied{Mode: webhook.Reject}
	answered := aCall()
	answered.Ringing = false
	for _, c := range []struct {
		name     string
		denied   webhook.Denied
		request  *webhook.Request
		document string
		want     string // empty if it passes as it came
	}{
		{"an allowed call passes", webhook.Denied{}, aCall(), before + "<Dial>" + inUS + "</Dial>" + after, ""},
		{"a denied one is taken out", webhook.Denied{}, aCall(), before + "\n <Say>Hi</Say>\n " + dial + "\n <Hangup/>" + after,
			before + "\n <Say>Hi</Say>\n \n <Hangup/>" + after},
		{"an allowed one beside it stays", webhook.Denied{}, aCall(), before + dial + "<Dial>" + inUS + "</Dial>" + after,
			before + "<Dial>" + inUS + "</Dial>" + after},
		{"one number of several is taken out of a dial", webhook.Denied{}, aCall(), before + "<Dial><Number>" + inUS + "</Number> <Number>" + inUZ + "</Number></Dial>" + after,
			before + "<Dial><Number>" + inUS + "</Number> </Dial>" + after},
		{"and one SIP address, beside what costs nothing", webhook.Denied{}, aCall(), before + `<Dial action="/é"><Client>日本</Client><Sip>sip:` + inUZ + `@acme.pstn.twilio.com</Sip><Queue>x</Queue></Dial>` + after,
			before + `<Dial action="/é"><Client>日本</Client><Queue>x</Queue></Dial>` + after},
		{"and two of three, with all of their attributes", webhook.Denied{}, aCall(),
			before + `<Dial><Number url="/ü">` + inUZ + `</Number><!-- 👍 --><Number>` + inUS + `</Number><WhatsApp>` + inUZ + `</WhatsApp></Dial><Hangup/>` + after,
			before + `<Dial><!-- 👍 --><Number>` + inUS + `</Number></Dial><Hangup/>` + after},
		{"and one that another document in its URL dials", webhook.Denied{}, aCall(),
			before + `<Dial><Number>` + inUS + `</Number><Number url="https://twimlets.com/forward?PhoneNumber=%2B998912345678">` + inUS + `</Number></Dial>` + after,
			before + `<Dial><Number>` + inUS + `</Number></Dial>` + after},
		{"and one that could be two numbers", webhook.Denied{}, aCall(), before + `<Dial><Number>` + inUS + `</Number><Number>+1201<!-- -->5550123, ` + inUZ + `</Number></Dial>` + after,
			before + `<Dial><Number>` + inUS + `</Number></Dial>` + after},
		{"whatever takes the place of a whole one", say, aCall(), before + "<Dial><Number>" + inUS + "</Number><Number>" + inUZ + "</Number></Dial>" + after,
			before + "<Dial><Number>" + inUS + "</Number></Dial>" + after},
		{"even where the call would be rejected", reject, aCall(), before + "<Dial><Number>" + inUS + "</Number><Number>" + inUZ + "</Number></Dial>" + after,
			before + "<Dial><Number>" + inUS + "</Number></Dial>" + after},
		{"of each dial by itself", say, aCall(), before + "<Dial><Number>" + inUS + "</Number><Number>" + inUZ + "</Number></Dial>" + dial + after,
			before + "<Dial><Number>" + inUS + "</Number></Dial><Say>Not &lt;allowed&gt; &amp; sorry</Say>" + after},
		{"the dial goes with its last", say, aCall(), before + "<Dial><Number>" + inUZ + "</Number><Sip>sip:" + inUZ + "@acme.pstn.twilio.com</Sip></Dial>" + after,
			before + "<Say>Not &lt;allowed&gt; &amp; sorry</Say>" + after},
		{"and with its action, if that dials", webhook.Denied{}, aCall(), before + `<Dial action="https://twimlets.com/forward?PhoneNumber=%2B998912345678"><Number>` + inUS + `</Number></Dial>` + after, empty},
		{"and with its own text", webhook.Denied{}, aCall(), before + "<Dial>" + inUZ + "<Number>" + inUS + "</Number></Dial>" + after, empty},
		{"and if it is not quite one", webhook.Denied{}, aCall(), before + "<dial><Number>" + inUS + "</Number><Number>" + inUZ + "</Number></dial>" + after, empty},
		{"or the noun is not", webhook.Denied{}, aCall(), before + "<Dial><Number>" + inUS + "</Number><number>" + inUZ + "</number></Dial>" + after, empty},
		{"or it is in another that sends", webhook.Denied{}, aCall(), before + "<Dial><Dial><Number>" + inUS + "</Number><Number>" + inUZ + "</Number></Dial></Dial>" + after, empty},
		{"however many nouns the other has", webhook.Denied{}, aCall(), before + "<Dial><Client>a</Client><Client>b</Client><Dial><Number>" + inUZ + "</Number></Dial></Dial>" + after, empty},
		{"and if what is left of it would be another denied number", webhook.Denied{}, aCall(), before + "<Dial>+99891<Number>" + inUZ + "</Number>2345678</Dial>" + after, empty},
		{"an outermost element that dials leaves nothing", webhook.Denied{}, aCall(), dial, empty},
		{"say says it in each charset", webhook.Denied{Mode: webhook.Say, Text: "Gr\u00fc\u00dfe \u2603"}, aCall(), before + dial + after, before + "<Say>Gr&#252;&#223;e &#9731;</Say>" + after},
		{"hang up replaces a verb", reject, answered, before + `<Connect><Stream url="wss://s.example" to="` + inUZ + `"/></Connect>` + after, before + "<Hangup/>" + after},
		{"and for what starts and stops", reject, answered, before + `<Start><Stream to="` + inUZ + `"/></Start><Stop><Stream to="` + inUZ + `"/></Stop>` + after, before + "<Hangup/><Hangup/>" + after},
		{"whatever takes its place", say, aCall(), "<?xml version='1.0'?>" + dial, before + "<Say>Not &lt;allowed&gt; &amp; sorry</Say>" + after},
		{"say says a text", say, aCall(), before + dial + "<Hangup/>" + after, before + "<Say>Not &lt;allowed&gt; &amp; sorry</Say><Hangup/>" + after},
		{"say says nothing to the sender of a message", say, aMessage(inUS), before + `<Message to="` + inUZ + `">x</Message>` + after, before + after},
		{"say takes a message out of a call", say, aCall(), before + `<Sms to="` + inUZ + `">x</Sms>` + after, before + after},
		{"redirect goes elsewhere", redirect, aCall(), before + dial + after, before + "<Redirect>/refused?a=b&amp;c=d</Redirect>" + after},
		{"with a message too", redirect, aMessage(inUZ), before + "<Message>x</Message>" + after, before + "<Redirect>/refused?a=b&amp;c=d</Redirect>" + after},
		{"but not to where it comes from", webhook.Denied{Mode: webhook.Redirect, Text: "https://hooks.example.com/voice"}, aCall(), before + dial + after, before + after},
		{"reject does not pick up a call that rings", reject, aCall(), before + "<Say>Hi</Say>" + dial + after, before + "<Reject/>" + after},
		{"and hangs up one that does not", reject, answered, before + "<Say>Hi</Say>" + dial + after, before + "<Say>Hi</Say><Hangup/>" + after},
		{"a message to the sender of a message goes there", webhook.Denied{}, aMessage(inUZ), before + "<Message>x</Message>" + after, before + after},
		{"and may", webhook.Denied{}, aMessage(inUS), before + "<Message>x</Message>" + after, ""},
		{"a message without + is of the country of the number that was written to", webhook.Denied{}, aMessage(inUS), before + `<Message to="2015550123">x</Message>` + after, ""},
		{"of Great Britain, where that is one", webhook.Denied{}, ownedIn("+442079460123"), before + `<Message to="2015550123">x</Message>` + after, before + after},
		{"of its own sender's country, where it names one", webhook.Denied{}, aMessage(inUS), before + `<Message from="+447400123456" to="9012345678">x</Message>` + after, before + after},
		{"of a country that only Twilio knows, where it is from a name", webhook.Denied{}, aMessage(inUS), before + `<Message from="Acme" to="2015550123">x</Message>` + after, before + after},
		{"and where the request does not say what was written to", webhook.Denied{}, ownedIn(""), before + `<Message to="2015550123">x</Message>` + after, before + after},
		{"a call without + is of the country of the number that was called", webhook.Denied{}, aCall(), before + `<Dial>2015550123</Dial>` + after, ""},
		{"of Great Britain, where that is one", webhook.Denied{}, ownedIn("+442079460123"), before + `<Dial>9012345678</Dial>` + after, before + after},
		{"and of the caller ID's, where it has one", webhook.Denied{}, aCall(), before + `<Dial callerId="+447400123456">2015550123</Dial>` + after, before + after},
		{"a call for help passes", webhook.Denied{}, aCall(), before + `<Dial>9-1-1</Dial><Dial><Number>+44112</Number></Dial><Dial>tel:112</Dial><Dial><Sip>sip:911@acme.pstn.twilio.com</Sip></Dial>` + after, ""},
		{"but nothing that only begins like one", webhook.Denied{}, aCall(), before + `<Dial>+449991234567</Dial>` + after, before + after},
		{"what cannot be parsed is replaced", webhook.Denied{}, aCall(), before + dial, empty},
		{"and by the text of say", say, aCall(), before + dial, before + "<Say>Not &lt;allowed&gt; &amp; sorry</Say>" + after},
		{"a document within a URL goes with its verb", webhook.Denied{}, aCall(), before + `<Gather action="https://twimlets.com/forward?PhoneNumber=%2B998912345678"/><Say>Hi</Say>` + after,
			before + `<Say>Hi</Say>` + after},
	} {
		t.Run(c.name, func(t *testing.T) {
			judge := newJudge(t, acmeIn(t, "US"))
			if c.denied.Mode != "" {
				judge.Denied = c.denied
			}
			result := judge.Answer(c.request, anAnswer(c.document))
			if got := string(result.Body); got != c.want {
				t.Errorf("answered\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// ownedIn is a request about a message, and about a call, to a number of the account's.
func ownedIn(own string) *webhook.Request {
	return webhook.ReadRequest("https://hooks.example.com/sms", "", "application/x-www-form-urlencoded",
		[]byte("AccountSid="+acme+"&MessageSid=SM1&From=%2B12015550123&To="+strings.Replace(own, "+", "%2B", 1)), "")
}

func TestTheKindOfAnswerDecidesHowItIsTaken(t *testing.T) {
	zip := func(text string) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = w.Write([]byte(text))
		w.Close()
		return b.Bytes()
	}
	document := before + "<Dial>" + inUZ + "</Dial>" + after
	for _, c := range []struct {
		name    string
		request *webhook.Request
		answer  webhook.Answer
		reason  policy.Reason // of a denial
		code    int
	}{
		{"TwiML of another type", aCall(), answer("application/octet-stream", document), policy.TerritoryNotEnabled, 13227},
		{"TwiML as plain text", aCall(), answer("text/plain", document), policy.TerritoryNotEnabled, 13227},
		{"TwiML as sound", aCall(), answer("audio/mpeg", document), policy.TerritoryNotEnabled, 13227},
		{"TwiML of no type", aCall(), webhook.Answer{Status: 200, Header: http.Header{}, Body: []byte(document)}, policy.TerritoryNotEnabled, 13227},
		{"TwiML of a reset", aCall(), webhook.Answer{Status: 205, Header: http.Header{}, Body: []byte(document)}, policy.TerritoryNotEnabled, 13227},
		{"TwiML of an unheard status", aCall(), webhook.Answer{Status: 299, Header: http.Header{}, Body: []byte(document)}, policy.TerritoryNotEnabled, 13227},
		{"a text that is said", aCall(), answer("text/plain", "Call "+inUZ+" & see, 1 < 2"), "", 0},
		{"a text to a sender that may be answered", aMessage(inUS), answer("text/plain", "I <3 you & all"), "", 0},
		{"a text to a sender that may not", aMessage(inUZ), answer("text/plain", "Hello"), policy.TerritoryNotEnabled, 14101},
		{"a picture to a sender that may not", aMessage(inUZ), answer("image/png", "\x89PNG"), policy.TerritoryNotEnabled, 14101},
		{"a picture that no message is about", webhook.ReadRequest("", "", "", nil, ""), answer("image/png", "\x89PNG"), "", 0},
		{"a text that nothing is about", webhook.ReadRequest("", "", "", nil, ""), answer("text/plain", "ok"), policy.CredentialUnknown, 14101},
		{"nothing at all", aMessage(inUZ), answer("text/plain", " \n"), "", 0},
		{"sound", aCall(), answer("audio/mpeg", "ID3\xff\xfb\x90<a"), "", 0},
		{"sound that begins like a document", aCall(), answer("audio/mpeg", "\xff\xfe<\x00R\x00"), "body_undecodable", 12100},
		{"a broken document as text", aCall(), answer("text/plain", " <Response><Dial>"+inUZ), "body_undecodable", 12100},
		{"a web page", aCall(), answer("text/html", "<!DOCTYPE html><html></html>"), "body_undecodable", 12100},
		{"JSON", aCall(), answer("application/json", `{"ok": true}`), "", 0},
		{"another charset", aCall(), answer("text/xml; charset=utf-7", "+ADw-Dial+AD4-"), "content_type", 12300},
		{"two types", aCall(), webhook.Answer{Status: 200, Header: http.Header{"Content-Type": {"audio/mpeg", "text/xml"}}, Body: []byte("\xff<")}, "body_undecodable", 12100},
		{"gzip", aCall(), encoded("gzip", zip(document)), policy.TerritoryNotEnabled, 13227},
		{"gzip that may pass", aCall(), encoded("gzip", zip(before+after)), "", 0},
		{"gzip twice in a row", aCall(), encoded("gzip", append(zip(before+after), zip(document)...)), "body_undecodable", 12100},
		{"gzip in two halves", aCall(), encoded("gzip", append(zip(before), zip(after)...)), "body_undecodable", 12100},
		{"gzip of too much", aCall(), encoded("gzip", zip(strings.Repeat(" ", webhook.MaxDocument+1))), "body_too_large", 11750},
		{"gzip that is none", aCall(), encoded("gzip", []byte(before+after)), "body_undecodable", 12100},
		{"another encoding", aCall(), encoded("br", []byte(before+after)), "body_encoded", 12300},
		{"two encodings", aCall(), encoded("gzip, gzip", zip(before+after)), "body_encoded", 12300},
		{"too much", aCall(), webhook.Answer{Status: 200, Header: http.Header{}, TooLarge: true}, "body_too_large", 11750},
		{"an answer to no conditional request", aCall(), webhook.Answer{Status: 304, Header: http.Header{}}, "body_unreadable", 11216},
		{"a redirect", aCall(), redirected("/elsewhere"), "", 0},
		{"a redirect that dials", aCall(), redirected("http://twimlets.com/forward?PhoneNumber=998912345678"), policy.TerritoryNotEnabled, 13227},
		{"a redirect with a document", aCall(), webhook.Answer{Status: 302, Header: http.Header{"Location": {"/"}, "Content-Type": {"text/xml"}}, Body: []byte(document)}, policy.TerritoryNotEnabled, 13227},
		{"an unassigned code", aCall(), answer("text/xml", before+"<Dial>+999123456789</Dial>"+after), policy.UnassignedCode, 13226},
		{"a number that cannot exist", aCall(), answer("text/xml", before+"<Dial>+15551234567</Dial>"+after), policy.ImpossibleNumber, 13224},
		{"a message to one", aMessage(inUS), answer("text/xml", before+`<Message to="+15551234567">x</Message>`+after), policy.ImpossibleNumber, 14101},
		{"what cannot be read as a number", aCall(), answer("text/xml", before+"<Dial>+1?</Dial>"+after), policy.DestinationUnreadable, 13223},
	} {
		t.Run(c.name, func(t *testing.T) {
			result := newJudge(t, acmeIn(t, "US")).Answer(c.request, &c.answer)
			d := result.Decision
			if isDenied := d.Outcome == policy.Deny; isDenied != (c.reason != "") || isDenied != (result.Body != nil) {
				t.Fatalf("%s because of %q, body %q", d.Outcome, d.Reason, result.Body)
			}
			if c.reason != "" && (d.Reason != c.reason || d.Refusal.Code != c.code) {
				t.Errorf("reason %q, code %d; want %q, %d", d.Reason, d.Refusal.Code, c.reason, c.code)
			}
		})
	}
}

func answer(contentType, body string) webhook.Answer {
	return webhook.Answer{Status: http.StatusOK, Header: http.Header{"Content-Type": {contentType}}, Body: []byte(body)}
}

func encoded(coding string, body []byte) webhook.Answer {
	return webhook.Answer{Status: http.StatusOK, Header: http.Header{"Content-Type": {"text/xml"}, "Content-Encoding": {coding}}, Body: body}
}

func redirected(location string) webhook.Answer {
	return webhook.Answer{Status: http.StatusFound, Header: http.Header{"Location": {location}}}
}

func TestTheAccountOfTheRequestDecides(t *testing.T) {
	const other = "AC22222222222222222222222222222222"
	form := "application/x-www-form-urlencoded"
	for _, c := range []struct {
		name, query, contentType, body string
		reason                         policy.Reason
	}{
		{"in the body", "", form, "AccountSid=" + acme, policy.Enabled},
		{"in the query", "AccountSid=" + acme, "", "", policy.Enabled},
		{"in both", "AccountSid=" + acme, form, "AccountSid=" + acme, policy.Enabled},
		{"in JSON", "", "application/json", `{"account_sid": "` + acme + `"}`, policy.Enabled},
		{"none", "", form, "CallSid=CA1", policy.CredentialUnknown},
		{"none that is one", "", form, "AccountSid=acme", policy.CredentialUnknown},
		{"two", "AccountSid=" + other, form, "AccountSid=" + acme, "account_mismatch"},
		{"two in the body", "", form, "AccountSid=" + acme + "&AccountSid=" + other, "account_mismatch"},
		{"two in JSON", "", "application/json", `{"account_sid": "` + acme + `", "AccountSid": "` + other + `"}`, "account_mismatch"},
		{"and a name of the customer's own", "account_sid=42&accountsid=" + other, form, "AccountSid=" + acme, policy.Enabled},
		{"one and an empty one", "", form, "AccountSid=" + acme + "&AccountSid=", "account_mismatch"},
		{"a body that cannot be read", "AccountSid=" + acme, "application/json", "{", "body_undecodable"},
		{"a body of an odd type", "AccountSid=" + acme, "text/csv", "x", "body_undecodable"},
		{"one that the policy does not name", "", form, "AccountSid=" + other, policy.AccountUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			request := webhook.ReadRequest("https://hooks.example.com/", c.query, c.contentType, []byte(c.body), "")
			result := newJudge(t, acmeIn(t, "US")).Answer(request, anAnswer(before+"<Dial>"+inUS+"</Dial>"+after))
			if result.Decision.Reason != c.reason {
				t.Errorf("reason %q, want %q", result.Decision.Reason, c.reason)
			}
			if isDenied := c.reason != policy.Enabled; isDenied != (result.Body != nil) {
				t.Errorf("answered %q", result.Body)
			}
		})
	}
}

func TestAMessageWithoutADestinationGoesToTheOtherEnd(t *testing.T) {
	for _, c := range []struct {
		name, body string
		denied     bool
	}{
		{"to the caller", "CallSid=CA1&Direction=inbound&From=%2B998912345678&To=%2B12015550199", true},
		{"and not the number called", "CallSid=CA1&Direction=inbound&From=%2B12015550199&To=%2B998912345678", false},
		{"to the one called", "CallSid=CA1&Direction=outbound-api&From=%2B12015550199&To=%2B998912345678", true},
		{"and not our own number", "CallSid=CA1&Direction=outbound-dial&From=%2B998912345678&To=%2B12015550199", false},
		{"to both where both are said", "CallSid=CA1&Direction=outbound-api&Direction=inbound&From=%2B12015550199&To=%2B998912345678", true},
		{"to every sender there is", "MessageSid=SM1&From=%2B12015550199&From=%2B998912345678", true},
		{"to no one that is known", "MessageSid=SM1", true},
		{"and not what the customer calls so", "MessageSid=SM1&From=%2B12015550199&from=menu&direction=outbound&to=sales", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			request := webhook.ReadRequest("https://hooks.example.com/", "from=menu&direction=outbound&to=sales", "", []byte("AccountSid="+acme+"&"+c.body), "")
			result := newJudge(t, acmeIn(t, "US")).Answer(request, anAnswer(before+"<Sms>Hello</Sms>"+after))
			if isDenied := result.Body != nil; isDenied != c.denied {
				t.Errorf("%s because of %q", result.Decision.Outcome, result.Decision.Reason)
			}
		})
	}
}

func TestAnAddressOfAHostThatIsNotListedReplacesTheDocument(t *testing.T) {
	definition := acmeIn(t, "US")
	definition.Accounts[0].URLHosts = []string{"hooks.example.com"}
	judge := newJudge(t, definition)
	for _, c := range []struct {
		name, document string
		denied         bool
	}{
		{"a relative one", before + `<Gather action="/next"/>` + after, false},
		{"one of the same host", before + `<Redirect>https://hooks.example.com/next</Redirect>` + after, false},
		{"another host", before + `<Redirect>https://evil.example/next</Redirect>` + after, true},
		{"another host without a scheme", before + `<Redirect>//evil.example/next</Redirect>` + after, true},
		{"another host in a namespace", `<Response xmlns="u"><Redirect>//evil.example/x</Redirect></Response>`, true},
		{"another host with a prefix", before + `<x:Redirect xmlns:x="u">//evil.example/x</x:Redirect>` + after, true},
		{"another host in small letters", before + `<redirect>//evil.example/x</redirect>` + after, true},
		{"another host in an element", before + `<Redirect><F>//evil.example/x</F></Redirect>` + after, true},
		{"another host in two elements", before + `<Redirect><F>htt</F><F>ps://evil.example/</F></Redirect>` + after, true},
		{"another host in another letter case", before + `<Gather Action="//evil.example/x"/>` + after, true},
		{"another host of an element that fetches nothing", before + `<Hangup url="//evil.example/x"/>` + after, true},
		{"a slash and a backslash", before + `<Redirect>/\evil.example/x</Redirect>` + after, true},
		{"backslashes", before + `<Redirect>\\evil.example/x</Redirect>` + after, true},
		{"three slashes", before + `<Redirect>///evil.example/x</Redirect>` + after, true},
		{"four slashes", before + `<Redirect>////evil.example/x</Redirect>` + after, true},
		{"slashes around a line break", before + "<Redirect>/\n/evil.example/x</Redirect>" + after, true},
		{"a blank in it", before + `<Redirect>https://hooks.example.com/ a</Redirect>` + after, true},
		{"no slashes behind the scheme", before + `<Redirect>https:evil.example/x</Redirect>` + after, true},
		{"the same host without a scheme", before + `<Redirect>//hooks.example.com/next</Redirect>` + after, false},
		{"a relative one with a query", before + `<Redirect>next?to=//evil.example</Redirect>` + after, false},
		{"a relative one that leads up", before + `<Redirect>../next</Redirect>` + after, false},
		{"a query alone", before + `<Redirect>?again=1</Redirect>` + after, false},
		{"one that only notifies", before + `<Dial recordingStatusCallback="https://log.example/">` + inUS + `</Dial>` + after, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			result := judge.Answer(aCall(), anAnswer(c.document))
			if isDenied := result.Whole; isDenied != c.denied {
				t.Errorf("%s because of %q", result.Decision.Outcome, result.Decision.Reason)
			}
			if c.denied && result.Decision.Reason != policy.URLHost {
				t.Errorf("reason %q", result.Decision.Reason)
			}
		})
	}
	for _, location := range []string{`/\evil.example/`, `\\evil.example/`, "///evil.example/", "//evil.example/", "https://hooks.example.com/ a"} {
		moved := redirected(location)
		if result := judge.Answer(aCall(), &moved); !result.Whole {
			t.Errorf("a redirect to %s passes", location)
		}
	}
	moved := redirected("https://evil.example/")
	if result := judge.Answer(aCall(), &moved); !result.Whole {
		t.Error("a redirect to another host passes")
	}
	// The policy does not judge the operator's own address.
	judge.Denied = webhook.Denied{Mode: webhook.Redirect, Text: "https://refused.example/"}
	if result := judge.Answer(aCall(), &moved); !strings.Contains(string(result.Body), "https://refused.example/") {
		t.Errorf("answered %s", result.Body)
	}
}

func TestWhatIsOnlyWatchedPassesAsItCame(t *testing.T) {
	monitored := acmeIn(t, "US")
	monitored.Accounts[0].Monitor.On = true
	observed := acmeIn(t, "US")
	observed.Observe.On = true
	dial := before + "<Dial>" + inUZ + "</Dial>" + after
	for _, c := range []struct {
		name       string
		definition policy.Definition
		request    *webhook.Request
		document   string
		outcome    policy.Outcome
	}{
		{"in a monitored account", monitored, aCall(), dial, policy.Monitor},
		{"but not a document that cannot be parsed", monitored, aCall(), "<Dial>", policy.Deny},
		{"under observe", observed, aCall(), dial, policy.Monitor},
		{"and a document that cannot be parsed", observed, aCall(), "<Dial>", policy.Monitor},
		{"and one of no account", observed, webhook.ReadRequest("", "", "", nil, ""), dial, policy.Monitor},
	} {
		t.Run(c.name, func(t *testing.T) {
			result := newJudge(t, c.definition).Answer(c.request, anAnswer(c.document))
			if result.Decision.Outcome != c.outcome || (result.Body == nil) != (c.outcome == policy.Monitor) {
				t.Errorf("%s because of %q: %s", result.Decision.Outcome, result.Decision.Reason, result.Body)
			}
			if result.Decision.Refusal.Code == 0 {
				t.Error("no code")
			}
		})
	}
}

// territories of everything: what nothing denies is not touched.
func TestEveryDocumentOfTheCorpusPassesWhereEverythingMay(t *testing.T) {
	judge := newJudge(t, policy.Definition{Observe: policy.Switch{On: true}, Accounts: []policy.Account{{ID: acme, At: atTwilio, Permissions: permit(t, "US")}}})
	for _, document := range corpus(t) {
		for _, request := range []*webhook.Request{aCall(), aMessage(inUZ)} {
			if result := judge.Answer(request, anAnswer(document)); result.Body != nil {
				t.Errorf("%s\nbecomes\n%s", document, result.Body)
			}
		}
	}
}

// allModes is what can take the place of what is denied.
var allModes = []webhook.Denied{
	{Mode: webhook.Remove},
	{Mode: webhook.Reject},
	{Mode: webhook.Say, Text: "Call " + inUZ + " & <Dial>" + inUZ + "</Dial>"},
	{Mode: webhook.Redirect, Text: "https://refused.example/?a=<b>&c"},
	{Mode: webhook.Redirect, Text: "https://twimlets.com/forward?PhoneNumber=%2B998912345678"},
}

// requireNoSend fails if an answer under a policy that denies everything is left with
// a send in it that reaches a number.
func requireNoSend(t *testing.T, judge *webhook.Judge, request *webhook.Request, a *webhook.Answer) {
	t.Helper()
	result := judge.Answer(request, a)
	left := a.Body
	if result.Body != nil {
		left = result.Body
	}
	document, err := twiml.Read(left)
	if err != nil {
		t.Fatalf("%s %s:\n%s\nbecomes\n%s\nwhich cannot be read: %v", judge.Denied.Mode, a.Header, a.Body, left, err)
	}
	for i := range document.Sends {
		s := &document.Sends[i]
		if s.ToCaller || !s.Tentative && mayReach(s.To) {
			t.Errorf("%s:\n%s\nbecomes\n%s\nwhich sends to %q", judge.Denied.Mode, a.Body, left, s.To)
		}
	}
	if again := judge.Answer(request, &webhook.Answer{Status: 200, Header: a.Header, Body: left}); again.Body != nil {
		t.Errorf("%s:\n%s\nbecomes\n%s\nwhich is denied because of %s", judge.Denied.Mode, a.Body, left, again.Decision.Reason)
	}
}

// mayReach reports roughly whether a destination may be a number: it has as many digits
// as one, and is not an address of something else.
func mayReach(to string) bool {
	digits := 0
	for _, c := range to {
		if '0' <= c && c <= '9' {
			digits++
		}
	}
	return digits >= 7 && !strings.ContainsAny(to, ":@") && !strings.Contains(to, "50055500")
}

func TestNoDocumentOfTheCorpusIsLeftWithASendWhereNothingMay(t *testing.T) {
	judge := newJudge(t, acmeIn(t))
	for _, judge.Denied = range allModes {
		for _, document := range corpus(t) {
			for _, request := range []*webhook.Request{aCall(), aMessage(inUZ)} {
				requireNoSend(t, judge, request, anAnswer(document))
			}
		}
	}
}

func FuzzAnswer(f *testing.F) {
	for _, document := range corpus(f) {
		f.Add([]byte(document), uint8(len(document)))
	}
	judge := newJudge(f, acmeIn(f))
	f.Fuzz(func(t *testing.T, document []byte, choice uint8) {
		judge.Denied = allModes[int(choice)%len(allModes)]
		request := aCall()
		if choice >= 128 {
			request = aMessage(inUZ)
		}
		requireNoSend(t, judge, request, anAnswer(string(document)))
	})
}

func BenchmarkAnswer(b *testing.B) {
	judge := newJudge(b, acmeIn(b, "US"))
	for name, document := range map[string]string{
		"passes": before + `<Say>Connecting you now</Say><Dial callerId="+12015550199" timeout="20" action="/done"><Number>` + inUS + `</Number></Dial>` + after,
		"denied": before + `<Say>Connecting you now</Say><Dial callerId="+12015550199" timeout="20" action="/done"><Number>` + inUZ + `</Number></Dial>` + after,
	} {
		b.Run(name, func(b *testing.B) {
			request, a := aCall(), anAnswer(document)
			b.ReportAllocs()
			for b.Loop() {
				judge.Answer(request, a)
			}
		})
	}
}

func TestTwilioFollowsAllAnswersButErrorsAndEmptyOnes(t *testing.T) {
	for status, want := range map[int]bool{
		100: false, 101: false, 199: false, 200: true, 201: true, 203: true, 204: false, 205: true, 206: true, 299: true,
		300: true, 302: true, 304: true, 399: true, 400: false, 404: false, 500: false, 599: false, 600: true, 999: true,
	} {
		if got := webhook.Instructs(status); got != want {
			t.Errorf("%d: %t", status, got)
		}
	}
}

// Messages reach the United States and Great Britain, by WhatsApp the United States and
// Uzbekistan, and by RCS the United States only.
func TestTheChannelOfAMessageInAnAnswerIsItsOwn(t *testing.T) {
	permissions := permit(t, "US", "GB")
	permissions.WhatsApp, permissions.RCS = permit(t, "US", "UZ").Messaging, permit(t, "US").Messaging
	judge := newJudge(t, policy.Definition{Accounts: []policy.Account{{ID: acme, At: atTwilio, Permissions: permissions}}})
	byWhatsApp := func(from string) *webhook.Request {
		return webhook.ReadRequest("https://hooks.example.com/sms", "", "application/x-www-form-urlencoded",
			[]byte("AccountSid="+acme+"&MessageSid=SM1&From=whatsapp%3A%2B"+from[1:]+"&To=whatsapp%3A%2B12015550199"), "")
	}
	const toUZ = `<Message to="whatsapp:` + inUZ + `">x</Message>`
	for _, c := range []struct {
		name     string
		request  *webhook.Request
		document string
		want     string
	}{
		{"a reply to an SMS", aMessage(inGB), "<Message>x</Message>", "allow messaging"},
		{"a reply to an SMS from elsewhere", aMessage(inUZ), "<Message>x</Message>", "deny messaging"},
		{"a reply to WhatsApp", byWhatsApp(inUZ), "<Message>x</Message>", "allow whatsapp"},
		{"a reply to WhatsApp where only SMS goes", byWhatsApp(inGB), "<Message>x</Message>", "deny whatsapp"},
		{"a message to WhatsApp", byWhatsApp(inUS), toUZ, "allow whatsapp"},
		{"a message to WhatsApp where only SMS goes", byWhatsApp(inUS), `<Message to="whatsapp:` + inGB + `">x</Message>`, "deny whatsapp"},
		{"a message to WhatsApp from a number, which sends SMS", aMessage(inGB), toUZ, "deny messaging"},
		{"a message to WhatsApp in a call, from its number", aCall(), toUZ, "deny messaging"},
		{"a message to WhatsApp in a call, from WhatsApp", aCall(), `<Message from="whatsapp:+12015550199" to="whatsapp:` + inUZ + `">x</Message>`, "allow whatsapp"},
		{"a reply by a service to an SMS", aMessage(inGB), `<Message from="MG11111111111111111111111111111111">x</Message>`, "deny rcs"},
		{"a message to a number in answer to WhatsApp", byWhatsApp(inUS), `<Message to="` + inGB + `">x</Message>`, "deny whatsapp"},
		{"a message from a number in answer to WhatsApp", byWhatsApp(inUS), `<Message from="+12015550199" to="` + inGB + `">x</Message>`, "allow messaging"},
		{"a message by a service", aMessage(inGB), `<Message from="MG11111111111111111111111111111111" to="` + inGB + `">x</Message>`, "deny rcs"},
		{"a message from a number", aMessage(inUS), `<Message to="` + inGB + `">x</Message>`, "allow messaging"},
		{"a message in RCS", aMessage(inUS), `<Message to="rcs:` + inGB + `">x</Message>`, "deny rcs"},
		{"a call to WhatsApp", aCall(), "<Dial><WhatsApp>" + inGB + "</WhatsApp></Dial>", "allow voice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := judge.Answer(c.request, anAnswer(before+c.document+after)).Decision
			if got := d.Outcome.String() + " " + d.Channel.String(); got != c.want {
				t.Errorf("%s (%s %s), want %s", got, d.Reason, d.Rule, c.want)
			}
		})
	}
}
