package twiml

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier"
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
		{"a web server of one's own", "https://app.example/voice?order=2015550123", ""},
		{"a query that does not decode", "https://app.example/voice?100%&a=b", ""},
		{"a twimlet that forwards", forward, "+998912345678?"},
		{"a twimlet that rings several", "http://twimlets.com/simulring?PhoneNumbers[0]=12015550123;998912345678", "12015550123?, 998912345678?, 12015550123?"},
		{"a twimlet in a twimlet", "http://twimlets.com/menu?Options[1]=" + url.QueryEscape(forward), "+998912345678?"},
		{"a twimlet in another letter case", " HTTP://TwiMLets.com./forward?phonenumber=a998912345678", "998912345678?"},
		{"TwiML that is echoed", "https://app.example/echo?Twiml=" + url.QueryEscape(document), "+998912345678"},
		{"TwiML that is broken", "https://app.example/echo?Twiml=" + url.QueryEscape("<Dial>"), "undecodable"},
		{"twimlets in twimlets without an end", inside, "too many"},
		{"documents in documents without an end", "/?Twiml=" + url.QueryEscape(inDocument), "too many"},
		{"no URL", "::", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := ReadURL(test.url)
			var found []string
			switch {
			case errors.Is(err, carrier.ErrTooMany):
				found = []string{"too many"}
			case errors.Is(err, carrier.ErrUndecodable):
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
