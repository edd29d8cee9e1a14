package gate_test

import (
	"net/url"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/policy"
)

// A number in no known range is recorded by choice. A denial that is only monitored counts
// more, whatever it is of.
func TestAMonitoredDenialCountsMoreThanWhatIsRecordedByChoice(t *testing.T) {
	const unallocated = "+998000000000"
	at := policy.CarrierAccount{Carrier: "twilio", ID: benchAccount}
	g := gateOf(t, policy.Definition{Accounts: []policy.Account{{
		ID: benchAccount, At: []policy.CarrierAccount{at},
		Permissions: policy.Permissions{Messaging: grantOf(t, "UZ"), RCS: grantOf(t, "US")},
		Monitor:     policy.Switch{On: true},
		URLHosts:    []string{},
	}}})

	t.Run("of another channel", func(t *testing.T) {
		body := url.Values{"To": {unallocated}, "MessagingServiceSid": {someService}}.Encode()
		r := newRequest("api.twilio.com", "/2010-04-01/Accounts/"+benchAccount+"/Messages.json", formType, body)
		r.SetBasicAuth(benchAccount, "x")
		d := g.Judge(r)
		if d.Outcome != policy.Monitor || d.Reason != policy.TerritoryNotEnabled || d.Channel != policy.RCS || d.Refusal.Status == 0 {
			t.Errorf("%s %s by %s, status %d", d.Outcome, d.Reason, d.Channel, d.Refusal.Status)
		}
		e := g.Explain(&gate.Question{Account: benchAccount, To: unallocated, Senders: []string{someService}})
		if e.Reason != d.Reason || e.Send.Channel != d.Channel {
			t.Errorf("Explain says %s by %s", e.Reason, e.Send.Channel)
		}
	})

	t.Run("of a URL in an answer", func(t *testing.T) {
		d, _ := g.JudgeInstructions(benchAccount, "", []gate.Instruction{
			{Send: carrier.Send{Channel: policy.Messaging, To: unallocated}, Senders: []string{"+14155550100"}},
			{Address: "https://hooks.example.com/"},
		})
		if d.Reason != policy.URLHost || d.To != "" || d.From != "" || d.Number != "" {
			t.Errorf("%s of %q from %q, number %q", d.Reason, d.To, d.From, d.Number)
		}
	})
}

// What is refused without a destination is logged with none: not with that of a send before.
func TestADecisionAboutNoNumberNamesNone(t *testing.T) {
	at := policy.CarrierAccount{Carrier: "twilio", ID: benchAccount}
	g := gateOf(t, policy.Definition{Accounts: []policy.Account{{
		ID: benchAccount, At: []policy.CarrierAccount{at},
		Permissions: policy.Permissions{Messaging: grantOf(t, "US")},
		Choices:     policy.Choices{Stored: policy.Denied},
	}}})
	d, _ := g.JudgeInstructions(benchAccount, "", []gate.Instruction{
		{Send: carrier.Send{Channel: policy.Messaging, To: "+12015550123"}, Senders: []string{"+14155550100"}},
		{Stored: true},
	})
	if d.Reason != policy.StoredDenied || d.To != "" || d.From != "" || d.Number != "" {
		t.Errorf("%s of %q from %q, number %q", d.Reason, d.To, d.From, d.Number)
	}
}
