package gate_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/policy"
)

// ofAPI is a request to an account's API of 2010.
func ofAPI(account, path string, form url.Values) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "http://api.twilio.com/2010-04-01/Accounts/"+account+path, strings.NewReader(form.Encode()))
	r.RequestURI = r.URL.RequestURI()
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(account, "secret")
	return r
}

func TestAMessageThatIsConfirmedFreesWhatItsNumberTook(t *testing.T) {
	const number, another = "+12015550101", "AC22222222222222222222222222222222"
	sent := fmt.Appendf(nil, `{"sid": "SM1", "to": %q, "status": "queued"}`, number)
	confirmed := []byte(`{"message_sid": "SM1", "outcome": "confirmed"}`)
	for _, c := range []struct {
		name           string
		provides       string
		sent, feedback []byte
		by             string
		later          time.Duration
		freed          int64
	}{
		{"it is confirmed", "true", sent, confirmed, benchAccount, time.Minute, 2},
		{"in another letter case", "True", sent, confirmed, benchAccount, time.Minute, 2},
		{"it is not confirmed", "true", sent, []byte(`{"message_sid": "SM1", "outcome": "unconfirmed"}`), benchAccount, time.Minute, 0},
		{"another message is", "true", sent, []byte(`{"message_sid": "SM2", "outcome": "confirmed"}`), benchAccount, time.Minute, 0},
		{"another account confirms it", "true", sent, confirmed, another, time.Minute, 0},
		{"its sender does not provide feedback", "false", sent, confirmed, benchAccount, time.Minute, 0},
		{"its answer has no id", "true", []byte(`{"to": "+12015550101"}`), confirmed, benchAccount, time.Minute, 0},
		{"its answer cannot be read", "true", []byte(`<TwilioResponse/>`), confirmed, benchAccount, time.Minute, 0},
		{"a day and more later", "true", sent, confirmed, benchAccount, 25 * time.Hour, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			limit := unverifiedLimit(2)
			limit.Kind, limit.Window = policy.Messages, 7*24*time.Hour
			g := limitedGate(t, limit)
			g.Sent = gate.NewSentMessages()
			now := g.Now()
			g.Now = func() time.Time { return now }
			for range 2 {
				r := ofAPI(benchAccount, "/Messages.json", url.Values{"To": {number}, "From": {"+12025550199"}, "Body": {"x"}, "ProvideFeedback": {c.provides}})
				d := g.Judge(r)
				if d.Outcome != policy.Allow {
					t.Fatal(d.Reason)
				}
				if g.ExpectsFeedback(r, d) {
					g.RememberMessage(d, c.sent)
				}
			}
			now = now.Add(c.later)
			r := ofAPI(c.by, "/Messages/SM1/Feedback.json", url.Values{"Outcome": {"confirmed"}})
			d := g.Judge(r)
			if !g.SeesConversions(d) {
				t.Fatal("its answer is not read")
			}
			if freed, ok := g.ConvertAnswered(r, d, c.feedback); freed != c.freed || ok != (freed > 0) {
				t.Errorf("%d are freed, %t; want %d", freed, ok, c.freed)
			}
			if freed, ok := g.ConvertAnswered(r, d, c.feedback); freed != 0 || ok {
				t.Errorf("again, %d are freed", freed)
			}
		})
	}
}

// Only so many are remembered, however many are sent.
func TestMessagesThatAreRememberedAreBounded(t *testing.T) {
	g := limitedGate(t, perAccount(1))
	g.Sent = gate.NewSentMessages()
	d := g.Judge(ofAPI(benchAccount, "/Messages.json", url.Values{"To": {"+12015550101"}, "From": {"+12025550199"}, "Body": {"x"}}))
	for i := range 100_001 {
		g.RememberMessage(d, fmt.Appendf(nil, `{"sid": "SM%d", "to": "+12015550101"}`, i))
	}
	g.RememberMessage(d, fmt.Appendf(nil, `{"sid": "SM%s", "to": "+12015550101"}`, strings.Repeat("0", 300)))
	if n := g.Sent.Len(); n != 100_000 {
		t.Errorf("%d are remembered", n)
	}
}
