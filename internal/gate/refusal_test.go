package gate_test

import (
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/policy"
)

// What a refusal says of a request is known to the gate that read it, with and without a
// broker.
func TestARefusalNamesTheCauseAndTheNumber(t *testing.T) {
	for _, c := range []struct {
		name, resource, contentType, body, want string
	}{
		{"JSON", "Messages", "application/json", `{"To":"+12015550123"}`, "A 'To' phone number is required."},
		{"a charset", "Messages", formType + "; charset=utf-16", "To=1", `the charset \"utf-16\" is not supported; send UTF-8`},
		{"TwiML", "Calls", formType, "To=%2B12015550123&Twiml=%3CResponse%3E%26", "the parameter Twiml: line 1, column "},
		{"another spelling of a number", "Messages", formType, "To=%2B998+(91)+234-56-78", "'To' number: +99891234XXXX"},
		{"a number behind a scheme, as it is written", "Messages", formType, "To=whatsapp:%2B998+912345678", "'To' number: whatsapp:+998 91234XXXX"},
	} {
		t.Run(c.name, func(t *testing.T) {
			plain, brokered := benchGate(t), benchGate(t)
			broker, authorization := benchBroker(t)
			brokered.Broker = broker
			r := newRequest("api.twilio.com", "/2010-04-01/Accounts/"+benchAccount+"/"+c.resource+".json", c.contentType, c.body)
			if d := plain.Judge(r); d.Outcome != policy.Deny || !strings.Contains(string(d.Refusal.Body), c.want) {
				t.Errorf("%s %s", d.Outcome, d.Refusal.Body)
			}
			r = newRequest("api.twilio.com", "/2010-04-01/Accounts/"+benchAccount+"/"+c.resource+".json", c.contentType, c.body)
			r.Header.Set("Authorization", authorization)
			if d := brokered.Judge(r); d.Outcome != policy.Deny || !strings.Contains(string(d.Refusal.Body), c.want) {
				t.Errorf("with a broker: %s %s", d.Outcome, d.Refusal.Body)
			}
		})
	}
}
