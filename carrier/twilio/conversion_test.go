package twilio_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/twilio"
)

func TestWhichAnswersSayThatANumberWasVerified(t *testing.T) {
	for _, c := range []struct{ name, answer, want string }{
		{"a code that was right", `{"sid": "VE1", "to": "+15017122661", "channel": "sms", "status": "approved", "valid": true}`, "+15017122661"},
		{"a code that was wrong", `{"sid": "VE1", "to": "+15017122661", "channel": "sms", "status": "pending", "valid": false}`, ""},
		{"a verification that was canceled", `{"to": "+15017122661", "status": "canceled", "valid": false}`, ""},
		{"without a number", `{"status": "approved"}`, ""},
		{"an error", `{"code": 20404, "message": "approved", "status": 404}`, ""},
		{"a part of an answer", `{"to": "+15017122661", "status": "approved"`, ""},
		{"nothing", ``, ""},
	} {
		number, ok := twilio.Twilio{}.Verified([]byte(c.answer))
		if number != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q %t", c.name, number, ok)
		}
	}
}

func TestWhichOperationsConvert(t *testing.T) {
	for _, c := range []struct {
		method, path string
		want         bool
	}{
		{http.MethodPost, "/v2/Services/VA1/VerificationCheck", true},
		{http.MethodPost, "/v2/Services/VA1/Verifications/VE1", true},
		{http.MethodGet, "/v2/Services/VA1/Verifications/VE1", false},
		{http.MethodPost, "/v2/Services/VA1/Verifications", false},
		{http.MethodPost, "/v2/Services/VA1", false},
		{http.MethodPost, "/2010-04-01/Accounts/AC1/Messages/SM1/Feedback.json", true},
		{http.MethodPost, "/2010-04-01/Accounts/AC1/Messages/SM1.json", false},
	} {
		op := twilio.Twilio{}.Route(&carrier.Request{Method: c.method, Host: hostOf(c.path), Path: c.path}, "api")
		if op.Converts != c.want {
			t.Errorf("%s %s: %t", c.method, c.path, op.Converts)
		}
	}
}

// hostOf is the host of a path of these tests.
func hostOf(path string) string {
	if strings.HasPrefix(path, "/2010-04-01/") {
		return "api.twilio.com"
	}
	return "verify.twilio.com"
}
