package operations

import (
	"errors"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier/params"
)

// What a TwiML document itself asks for is tested where it is read.
func TestDestinationsOfTwiMLInRequests(t *testing.T) {
	const update = callPath + "/CA1.json"
	for _, test := range []struct {
		name, path, body, want string
	}{
		{"beside a destination", callPath, form("To", "1", "Twiml", "<Dial>2</Dial>"), "call 1, call 2"},
		{"beside a URL", callPath, form("To", "1", "Twiml", "<Dial>2</Dial>", "Url", "http://twimlets.com/forward?PhoneNumber=12015550123"), "call 1, call 2, call 12015550123?"},
		{"twice", callPath, form("Twiml", "<Dial>1</Dial>", "twiml", "<Dial>2</Dial>"), "call 1, call 2"},
		{"with a caller", callPath, form("To", "1", "From", "2", "Twiml", "<Dial callerId='3'>4</Dial>"), "call 1, call 4, from 2, from 3"},
		{"that messages whom it calls", callPath, form("To", "1", "Twiml", "<Sms from='2'>Hi</Sms>"), "call 1, message 1, from 2"},
		{"that messages whom it calls, as often as it likes", callPath, form("Twiml", "<Sms/><Sms/>", "To", "1", "to", "2"), "call 1, call 2, message 1, message 2"},
		{"that messages the other end of the line", update, form("Twiml", "<Message>Hi</Message>"), "stored"},
		{"that messages the other end of the line, which it claims to know", update, form("To", "1", "Twiml", "<Message>Hi</Message>"), "stored"},
		{"that messages from a URL", callPath, form("To", "1", "Url", "https://app.example/echo?Twiml=%3CSms%2F%3E"), "call 1, message 1"},
		{"that only speaks", update, form("Twiml", "<Response><Say>+998912345678</Say></Response>"), ""},
		{"that ends early", update, form("Twiml", "<Response><Dial>1"), "undecodable"},
		{"that ends early, beside a URL", callPath, form("To", "1", "Url", "https://app.example/", "Twiml", "<Response>"), "undecodable"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := request("api", test.path, formType)
			intent, err := Carrier.Read(r, Route(r, "api"), []byte(test.body))
			got := describeIntent(intent)
			if err != nil {
				if got = err.Error(); errors.Is(err, params.ErrUndecodable) {
					got = "undecodable"
				}
			}
			if got != test.want {
				t.Errorf("%s\nreaches %q, want %q", test.body, got, test.want)
			}
		})
	}
}
