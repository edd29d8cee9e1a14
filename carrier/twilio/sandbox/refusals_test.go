package sandbox

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

func TestWhatTwilioRefusesIsRefusedInItsWords(t *testing.T) {
	const ours = "+14155550100"
	c := start(t, Options{})
	for _, refused := range []struct {
		sentence, resource string
		parameters         []string
		code               int
		message            string
	}{
		{"a message without To", "Messages", nil, 21604, "A 'To' phone number is required."},
		{"a message without sender", "Messages", []string{"To", ours}, 21603, "A 'From' phone number is required."},
		{"a message without content", "Messages", []string{"To", ours, "From", ours}, 21602, "Message body is required."},
		{"a message whose names are in lower case", "Messages", []string{"to", ours, "from", ours, "body", "x"}, 21604, "A 'To' phone number is required."},
		{"a message to no number", "Messages", []string{"To", "ann", "From", ours, "Body", "x"}, 21211, "Invalid 'To' Phone Number: XXX"},
		{"a message to a list of numbers", "Messages", []string{"To", "+12015550123,+12015550124", "From", ours, "Body", "x"}, 21211, "Invalid 'To' Phone Number: +12015550123,+1201555XXXX"},
		{"a message to RCS without a number", "Messages", []string{"To", "rcs:ann", "From", ours, "Body", "x"}, 21211, "Invalid 'To' Phone Number: rcsXXXX"},
		{"a message to a number that is too short", "Messages", []string{"To", "+1415555", "From", ours, "Body", "x"}, 21211, "Invalid 'To' Phone Number: +141XXXX"},
		{"a message to WhatsApp without a number", "Messages", []string{"To", "whatsapp:ann", "From", ours, "Body", "x"}, 21211, "The 'To' number whatsapp:ann is not a valid phone number."},
		{"a message to a short code", "Messages", []string{"To", "12345", "From", ours, "Body", "x"}, 21265, "'To' number cannot be a Short Code: 1XXXX"},
		{"a message to a number too short for India", "Messages", []string{"To", "+91812051234", "From", ours, "Body", "x"}, 21265, "'To' number cannot be a Short Code: +9181205XXXX"},
		{"a message to a country that is not enabled, in any spelling", "Messages", []string{"To", "(500) 555-0003", "From", ours, "Body", "x"}, 21408, "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: +1500555XXXX"},
		{"a message to a number that a trial has not verified", "Messages", []string{"To", "+15005550020", "From", ours, "Body", "x"}, 21608, "The number +1500555XXXX is unverified. Trial accounts cannot send messages to unverified numbers; verify +1500555XXXX at twilio.com/user/account/phone-numbers/verified, or purchase a Twilio number to send messages to unverified numbers"},
		{"a message from a number that cannot message", "Messages", []string{"To", ours, "From", "+15005550007", "Body", "x"}, 21606, "The 'From' phone number provided (+15005550007) is not a valid message-capable Twilio phone number for this destination"},
		{"a message from a number that is not Twilio's", "Messages", []string{"To", ours, "From", "+15005550020", "Body", "x"}, 21659, "'From' +15005550020 is not a Twilio phone number or Short Code country mismatch"},
		{"a message from a number of another account", "Messages", []string{"To", ours, "From", "+15005550021", "Body", "x"}, 21660, "Mismatch between the 'From' number +15005550021 and the account " + testAccount},
		{"a call to a country that is not enabled", "Calls", []string{"To", "+15005550003", "From", ours, "Url", "https://example.com"}, 21215, "Account not authorized to call +15005550003. Perhaps you need to enable some international permissions: https://www.twilio.com/console/voice/calls/geo-permissions/low-risk"},
		{"a call to a number that a trial has not verified", "Calls", []string{"To", "+15005550020", "From", ours, "Url", "https://example.com"}, 21219, "The number +15005550020 is unverified. Trial accounts may only make calls to verified numbers."},
		{"a message that no route carries", "Messages", []string{"To", "+15005550002", "From", ours, "Body", "x"}, 21612, "Message cannot be sent with the current combination of 'To' (+1500555XXXX) and/or 'From' (+14155550100) parameters"},
		{"a message from no sender", "Messages", []string{"To", ours, "From", "+1", "Body", "x"}, 21212, "The 'From' number +1 is not a valid phone number, shortcode, or alphanumeric sender ID."},
		{"a message from a name that is too long", "Messages", []string{"To", ours, "From", "TwelveLetter", "Body", "x"}, 21212, "The 'From' number TwelveLetter is not a valid phone number, shortcode, or alphanumeric sender ID."},
		{"a message that is too long", "Messages", []string{"To", ours, "From", ours, "Body", strings.Repeat("é", 1601)}, 21617, "The concatenated message body exceeds the 1600 character limit."},
		{"a call without To", "Calls", nil, 21201, "No 'To' number is specified"},
		{"a call without instructions, before its sender is looked at", "Calls", []string{"To", ours}, 21205, "Url parameter is required."},
		{"a call without sender", "Calls", []string{"To", ours, "Url", "https://example.com"}, 21213, "From phone number is required."},
		{"a call to no number", "Calls", []string{"To", "+18667786", "From", ours, "Url", "https://example.com"}, 21217, "The phone number you are attempting to call, +18667786, is not valid."},
		{"a call to an empty SIP address", "Calls", []string{"To", "sip:", "From", ours, "Url", "https://example.com"}, 21217, "The phone number you are attempting to call, sip:, is not valid."},
		{"a call from letters", "Calls", []string{"To", ours, "From", "gdygadba", "Url", "https://example.com"}, 21210, "The source phone number provided, gdygadba, is not yet verified for your account. You may only make calls from phone numbers that you've verified or purchased from Twilio."},
	} {
		t.Run(refused.sentence, func(t *testing.T) {
			got := c.post(base+"/"+refused.resource+".json", refused.parameters...)
			want := fmt.Sprintf(`{"code": %d, "message": "%s", "more_info": "https://www.twilio.com/docs/errors/%d", "status": 400}`,
				refused.code, refused.message, refused.code)
			if got.status != 400 || got.body != want {
				t.Errorf("got  %d %s\nwant 400 %s", got.status, got.body, want)
			}
		})
	}
}

func TestMagicNumbersAreRefusedWithTheirCode(t *testing.T) {
	c := start(t, Options{})
	for _, table := range []struct {
		resource, parameter string
		codes               map[string]int
	}{
		{"Messages", "To", magicMessageTo},
		{"Messages", "From", magicMessageFrom},
		{"Calls", "To", magicCallTo},
		{"Calls", "From", magicCallFrom},
	} {
		for number, code := range table.codes {
			t.Run(table.resource+" "+table.parameter+" "+number, func(t *testing.T) {
				parameters := []string{"Body", "x", "Twiml", "<Response/>", table.parameter, number}
				for _, other := range []string{"To", "From"} {
					if other != table.parameter {
						parameters = append(parameters, other, "+15005550006")
					}
				}
				got := c.post(base+"/"+table.resource+".json", parameters...)
				got.expect(t, 400, `{"code": `+strconv.Itoa(code)+`, "message": "`)
				if strings.ContainsAny(got.body[1:len(got.body)-1], "{}") {
					t.Errorf("a placeholder is left in %s", got.body)
				}
			})
		}
	}
}

func TestMagicNumbersAreKnownInNationalForm(t *testing.T) {
	c := start(t, Options{})
	got := c.post(base+"/Messages.json", "To", "(500) 555-0003", "From", "+15005550006", "Body", "x")
	got.expect(t, 400, `"code": 21408`, "region indicated by the 'To' number: +1500555XXXX\"")
}

func TestEveryMagicNumberHasAMessage(t *testing.T) {
	for _, table := range []map[string]int{magicMessageTo, magicMessageFrom, magicCallTo, magicCallFrom} {
		for number, code := range table {
			if failures[code] == nil {
				t.Errorf("%s is refused with %d, which has no message", number, code)
			}
		}
	}
}

func TestOnlyWellFormedCredentialsAreAccepted(t *testing.T) {
	const (
		jwt    = "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.c2lnbmF0dXJl"
		listed = "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjJ9.c2lnbmF0dXJl"
	)
	basic := func(user, password string) func(*http.Request) {
		return func(r *http.Request) { r.SetBasicAuth(user, password) }
	}
	set := func(values ...string) func(*http.Request) {
		return func(r *http.Request) { r.Header["Authorization"] = values }
	}
	for _, credential := range []struct {
		sentence string
		tokens   map[string]string
		change   func(*http.Request)
		status   int
	}{
		{"an account's", nil, basic(testAccount, "x"), 200},
		{"a key's", nil, basic(testKey, "x"), 200},
		{"a bearer token", nil, set("Bearer " + jwt), 200},
		{"none", nil, set(), 401},
		{"no password", nil, basic(testAccount, ""), 401},
		{"another user", nil, basic("admin", "x"), 401},
		{"no base64", nil, set("Basic !"), 401},
		{"another scheme", nil, set("Digest x"), 401},
		{"a bearer token that is not a JWT", nil, set("Bearer x"), 401},
		{"two", nil, set("Bearer "+jwt, "Bearer "+jwt), 401},
		{"a listed one", map[string]string{testKey: "right"}, basic(testKey, "right"), 200},
		{"a listed one's wrong password", map[string]string{testKey: "right"}, basic(testKey, "wrong"), 401},
		{"one that is not listed", map[string]string{testKey: "right"}, basic(testAccount, "right"), 401},
		{"a listed bearer token", map[string]string{testKey: "right"}, set("Bearer " + listed), 200},
		{"a bearer token where there is a list", map[string]string{testKey: "right"}, set("Bearer " + jwt), 401},
	} {
		t.Run(credential.sentence, func(t *testing.T) {
			c := start(t, Options{Tokens: credential.tokens, Bearers: []string{listed}})
			got := c.do(http.MethodGet, base+"/Messages.json", "", "", credential.change)
			if got.status != credential.status {
				t.Fatalf("status %d, want %d", got.status, credential.status)
			}
			if got.status != 401 {
				return
			}
			want := `{"code": 20003, "message": "Authenticate", "more_info": "https://www.twilio.com/docs/errors/20003", "status": 401}`
			if got.body != want || got.header.Get("WWW-Authenticate") != `Basic realm="Twilio API"` {
				t.Errorf("%s %v", got.body, got.header)
			}
		})
	}
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	c := start(t, Options{})
	sid := "/SM33333333333333333333333333333333.json"
	for _, missing := range []struct{ sentence, method, path, named string }{
		{"a message that was never created", http.MethodGet, base + "/Messages" + sid, base + "/Messages" + sid},
		{"a message to delete", http.MethodDelete, base + "/Messages" + sid, base + "/Messages" + sid},
		{"a call to hang up", http.MethodPost, base + "/Calls" + sid, base + "/Calls" + sid},
		{"a resource that is not built", http.MethodPost, base + "/Queues.json", base + "/Queues.json"},
		{"an account that is not a SID", http.MethodGet, "/2010-04-01/Accounts/me/Messages.json", "/2010-04-01/Accounts/me/Messages.json"},
		{"an older version", http.MethodPost, "/2008-08-01/Accounts.json", "/2008-08-01/Accounts.json"},
		{"another product, by its path below the version", http.MethodPost, "/v2/Services/VA1/VerificationCheck", "/Services/VA1/VerificationCheck"},
		{"the root", http.MethodGet, "/", "/"},
		{"a slash too many", http.MethodGet, base + "/Messages/.json", base + "/Messages/.json"},
	} {
		t.Run(missing.sentence, func(t *testing.T) {
			got := c.do(missing.method, missing.path, "", "")
			got.expect(t, 404, `{"code": 20404, "message": "The requested resource `+missing.named+` was not found"`)
		})
	}
}

func TestOtherMethodsAreNotAllowed(t *testing.T) {
	c := start(t, Options{})
	for _, asked := range []struct{ method, path string }{
		{http.MethodPatch, "/Messages.json"},
		{http.MethodDelete, "/Messages.json"},
		{http.MethodPost, ".json"},
	} {
		c.do(asked.method, base+asked.path, "", "").expect(t, 405, `"code": 20004`, `"status": 405`)
	}
}

func TestABodyThatIsTooLargeIsRefused(t *testing.T) {
	c := start(t, Options{})
	got := c.post(base+"/Messages.json", "To", "+14155550101", "From", "+14155550100", "Body", strings.Repeat("x", maximumBody))
	got.expect(t, 413, `{"code": 20001, `, `"status": 413}`)
}
