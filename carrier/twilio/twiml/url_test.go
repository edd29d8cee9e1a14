package twiml

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier/params"
)

// What a URL carries along counts, and what is only fetched from it does not.
func TestDestinationsOfURLs(t *testing.T) {
	const forward = "http://twimlets.com/forward?PhoneNumber=%2B998912345678"
	inside := forward
	for range maxHops {
		inside = "http://twimlets.com/menu?Options[1]=" + url.QueryEscape(inside)
	}
	document := "<Response><Dial>+998912345678</Dial></Response>"
	inDocument := document
	for range maxHops + 1 {
		inDocument = "<Redirect>/?Twiml=" + url.QueryEscape(inDocument) + "</Redirect>"
	}
	for _, test := range []struct{ name, url, want string }{
		{"a customer's own web server", "https://app.example/voice?order=2015550123", ""},
		{"a query that does not decode", "https://app.example/voice?100%&a=b", ""},
		{"a twimlet that forwards", forward, "+998912345678?"},
		{"a twimlet that rings several", "http://twimlets.com/simulring?PhoneNumbers[0]=12015550123;998912345678", "12015550123?, 998912345678?, 12015550123?"},
		{"a twimlet in a twimlet", "http://twimlets.com/menu?Options[1]=" + url.QueryEscape(forward), "+998912345678?"},
		{"a twimlet by other separators", "http://twimlets.com/forward?PhoneNumber=%2B371_900,01234", "+371_900,01234?"},
		{"a twimlet by a tab", "http://twimlets.com/forward?PhoneNumber=%2B371%0990001234", "90001234?, +371\t90001234?"},
		{"a twimlet by letters", "http://twimlets.com/forward?PhoneNumber=%2B371900FLOWR", "+371900FLOWR?"},
		{"a twimlet by a short number", "http://twimlets.com/forward?PhoneNumber=%2B683401&Timeout=20", "+683401?"},
		{"a twimlet of few digits", "http://twimlets.com/message?Message=1+of+2", ""},
		{"a document of a list that is echoed", "http://twimlets.com/echo?Twiml[0]=" + url.QueryEscape(document), "+998912345678"},
		{"a function by the number of an order", "https://x.twil.io/voice?orderId=998912345678&order_id=37190001234&userid=37190001234&ts=1764427617", ""},
		{"a function by a number with a plus sign, called an order", "https://x.twil.io/voice?orderId=%2B998912345678", "+998912345678?, +998912345678?"},
		{"a function by a UUID", "https://x.twil.io/voice?to=37190001-1234-4111-8716-446655440000", ""},
		{"a function by a day", "https://x.twil.io/voice?on=2026-11-29&from=2026-11-29T14:46:57.123456Z&to=2026-11-29T14:46:57%2B02:00", ""},
		{"a function by a number behind a day", "https://x.twil.io/voice?on=2026-11-29+998912345678", "2026-11-29 998912345678?, 2026-11-29 998912345678?"},
		{"a twimlet by a number, called an order", "http://twimlets.com/x?orderId=998912345678", "998912345678?"},
		{"a function by what ends in other letters", "https://x.twil.io/voice?IDTo=998912345678&PhoneNumbers[0]=37190001234", "998912345678?, 998912345678?, 37190001234?, 37190001234?"},
		{"a TwiML bin", "https://handler.twilio.com/twiml/EH0123456789abcdef0123456789abcdef?To=%2B998912345678", "+998912345678?, +998912345678?"},
		{"a TwiML bin without parameters", "https://handler.twilio.com/twiml/EH01234567890123456789012345678901", ""},
		{"a function", "https://forward-1234.twil.io/forward-call?PhoneNumber=998912345678&CallerId=x", "998912345678?, 998912345678?"},
		{"a flow", "https://webhooks.twilio.com/v1/Accounts/AC1/Flows/FW1?to=%2B998912345678", "+998912345678?, +998912345678?"},
		{"a flow that is named in the query", "https://webhooks.twilio.com/v1/Accounts/AC1?FlowSid=FW01234567890123456789012345678901", ""},
		{"a bin at another edge", "https://handler.dublin.ie1.TWILIO.com/twiml/EH1?a=998912345678", "998912345678?, 998912345678?"},
		{"a bin behind a user", "https://x:y@handler.twilio.com:443/twiml/EH1?a=998912345678", "998912345678?, 998912345678?"},
		{"a twimlet in the query of a bin", "https://handler.twilio.com/twiml/EH1?next=" + url.QueryEscape(forward), "+998912345678?"},
		{"a sound of Twilio's", "https://api.twilio.com/cowbell.mp3", ""},
		{"a host that ends alike", "https://twil.iota.example/?a=998912345678", "998912345678?, 998912345678?"},
		{"an unknown host", "https://twilio.example/?a=998912345678", ""},
		{"a twimlet in another letter case", " HTTP://TwiMLets.com./forward?phonenumber=a998912345678", "998912345678?"},
		{"TwiML that is echoed", "https://app.example/echo?Twiml=" + url.QueryEscape(document), "+998912345678"},
		{"TwiML that is broken", "https://app.example/echo?Twiml=" + url.QueryEscape("<Dial>"), "undecodable"},
		{"twimlets in twimlets without an end", inside, "too many"},
		{"documents in documents without an end", "/?Twiml=" + url.QueryEscape(inDocument), "too many"},
		{"no URL", "::", ""},
		{"a fragment that does not decode", "http://twimlets.com/echo?Twiml=" + url.QueryEscape(document) + "#%zz", "+998912345678"},
		{"a name that does not decode before the number", "http://twimlets.com/forward?%zz=1&PhoneNumber=%2B998912345678", "undecodable"},
		{"a value that does not decode before the number", "http://twimlets.com/forward?x=%zz&PhoneNumber=%2B998912345678", "undecodable"},
		{"a path that does not decode", "https://app.example/%zz?Twiml=" + url.QueryEscape(document), "+998912345678"},
		{"a path of a twimlet that does not decode", "http://twimlets.com/%zz?PhoneNumber=%2B998912345678", "+998912345678?"},
		{"a backslash behind the host", `http://twimlets.com\forward?PhoneNumber=%2B998912345678`, "+998912345678?"},
		{"backslashes before the host", `http:\\twimlets.com/forward?PhoneNumber=%2B998912345678`, "+998912345678?"},
		{"no slashes before the host", "http:twimlets.com/forward?PhoneNumber=%2B998912345678", "+998912345678?"},
		{"a line break in the host", "http://twim\nlets.com/forward?PhoneNumber=%2B998912345678", "+998912345678?"},
		{"a host that is encoded", "http://%74wimlets.com/forward?PhoneNumber=%2B998912345678", "+998912345678?"},
		{"a host in wide letters", "http://twimlets\uff0ecom/forward?PhoneNumber=%2B998912345678", "+998912345678?, +998912345678?"},
		{"a port that is none", "http://twimlets.com:x/forward?PhoneNumber=%2B998912345678", "+998912345678?"},
		{"a document beside one that does not decode", "http://x/?twiml=%zz&Twiml=" + url.QueryEscape(document), "undecodable"},
		{"a document behind what does not decode", "https://app.example/?100%&Twiml=" + url.QueryEscape(document), "+998912345678"},
		{"a document whose name does not decode well", "https://app.example/?%54wiml%zz=" + url.QueryEscape(document), "undecodable"},
		{"a document whose name has a line break in it", "https://app.example/?Twi\nml=" + url.QueryEscape(document), "undecodable"},
		{"a path in letters that are not ASCII", "https://app.example/gr\u00fc\u00dfe?order=998912345678", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := ReadURL(test.url)
			var found []string
			switch {
			case errors.Is(err, params.ErrTooMany):
				found = []string{"too many"}
			case errors.Is(err, params.ErrUndecodable):
				found = []string{"undecodable"}
			case err != nil:
				t.Fatal(err)
			default:
				for _, s := range d.Sends {
					to := s.To
					if s.Tentative {
						to += "?"
					}
					if found = append(found, to); s.Span != (Span{}) {
						t.Errorf("%s stands at %v", s.To, s.Span)
					}
				}
			}
			if got := strings.Join(found, ", "); got != test.want {
				t.Errorf("%s\nreaches %q, want %q", test.url, got, test.want)
			}
		})
	}
}
