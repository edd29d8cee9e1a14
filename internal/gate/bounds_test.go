package gate_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

const formType = "application/x-www-form-urlencoded"

func newRequest(host, target, contentType, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(body))
	r.Host = host
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("Authorization", "Basic QUM6eA==")
	return r
}

// A request that asks for more than any honest one costs no more than reading
// it does. Each of these once took seconds and gigabytes.
func TestARequestCannotAskForMuchWork(t *testing.T) {
	const account = "/2010-04-01/Accounts/" + benchAccount
	g := benchGate(t)
	for _, c := range []struct {
		name    string
		request *http.Request
		reason  policy.Reason
	}{
		{"many destinations by many channels",
			newRequest("verify.twilio.com", "/v2/Services/VA1/Verifications", formType, strings.Repeat("To=1&", 8000)+strings.Repeat("Channel&", 3000)), carrier.BodyTooLarge},
		{"the same in the query",
			newRequest("verify.twilio.com", "/v2/Services/VA1/Verifications?"+strings.Repeat("To=1&", 20_000), formType, ""), carrier.HeadTooLarge},
		{"a long query that names no one",
			newRequest("api.twilio.com", account+"/Messages.json?"+strings.Repeat("a=1&", 20_000), formType, "To=%2B12015550123"), carrier.HeadTooLarge},
		{"TwiML that is nested deep",
			newRequest("api.twilio.com", account+"/X.json", formType, "Twiml=<Dial>"+strings.Repeat("<a>", 5000)+strings.Repeat("9", 5000)+strings.Repeat("</a>", 5000)+"</Dial>"), carrier.BodyUndecodable},
		{"TwiML that is long",
			newRequest("api.twilio.com", account+"/X.json", formType, "Twiml=<Dial>"+strings.Repeat("9", 1<<20)+"</Dial>"), carrier.BodyTooLarge},
		{"many destinations",
			newRequest("api.twilio.com", account+"/Messages.json", formType, strings.Repeat("To=%2B12015550123&", 3000)), carrier.BodyTooLarge},
		{"many destinations in an operation of no table",
			newRequest("api.twilio.com", account+"/X.json", formType, strings.Repeat("To=01112015550123dx0111&", 150_000)), carrier.BodyTooLarge},
		{"many destinations in JSON",
			newRequest("comms.twilio.com", "/v1/Messages", "application/json", `{"to":[`+strings.Repeat("1,", 1_000_000)+`1]}`), carrier.BodyTooLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			start := time.Now()
			d := g.Judge(c.request)
			if d.Outcome != policy.Deny || d.Reason != c.reason {
				t.Errorf("%s %s, want deny %s", d.Outcome, d.Reason, c.reason)
			}
			t.Logf("took %v", time.Since(start))
		})
	}
}

// What another reader would not see does not exempt a destination.
func TestWhatOnlySomeReadersSeeExemptsNothing(t *testing.T) {
	const (
		verifications = "/v2/Services/VA1/Verifications"
		notifications = "/v1/Services/IS1/Notifications"
		multipart     = "multipart/form-data; boundary=b"
	)
	g := benchGate(t)
	binding := func(address string) string {
		return "ToBinding=" + strings.NewReplacer("+", "%2B", "|", "%7C").Replace(`{"binding_type":"sms","address":"`+address+`"}`)
	}
	for _, c := range []struct {
		name    string
		request *http.Request
		denied  bool
	}{
		{"e-mail needs no permission", newRequest("verify.twilio.com", verifications, formType, "To=a@b.example&Channel=email"), false},
		{"neither does a channel without toll", newRequest("verify.twilio.com", verifications, formType, "To=%2B998912345678&Channel=sna"), false},
		{"a channel with an index", newRequest("verify.twilio.com", verifications, formType, "To=%2B998912345678&Channel[]=email"), true},
		{"a channel with a space", newRequest("verify.twilio.com", verifications, formType, "To=%2B998912345678&Channel+=email"), true},
		{"a channel in the query alone", newRequest("verify.twilio.com", verifications+"?Channel=email", formType, "To=%2B998912345678"), true},
		{"a channel in a file", newRequest("verify.twilio.com", verifications, multipart,
			"--b\r\nContent-Disposition: form-data; name=To\r\n\r\n+998912345678\r\n--b\r\nContent-Disposition: form-data; name=Channel; filename=x\r\n\r\nemail\r\n--b--\r\n"), true},
		{"a token of an app is not a number", newRequest("notify.twilio.com", strings.Replace(notifications, "Notifications", "Bindings", 1), formType, "BindingType=fcm&Address=7c1f4447e4-12345678%3AAPA91b"), false},
		{"an address with mixed digits", newRequest("notify.twilio.com", notifications, formType, binding("+9989１２３４５６７８")), true},
		{"an address with letters", newRequest("notify.twilio.com", notifications, formType, binding("+998 91 ADGJMPT")), true},
		{"an address with a bar", newRequest("notify.twilio.com", notifications, formType, binding("+998|912345678")), true},
		{"an address behind a thousand spaces", newRequest("notify.twilio.com", notifications, formType, binding(strings.Repeat(" ", 1100)+"998912345678")), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := g.Judge(c.request); (d.Outcome == policy.Deny) != c.denied {
				t.Errorf("%s %s", d.Outcome, d.Reason)
			}
		})
	}
}
