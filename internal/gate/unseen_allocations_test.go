//go:build !race

package gate_test

import (
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier/twilio"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/policy"
)

// To judge a send must not cost more the more of them there are, so it leaves nothing to the
// garbage collector, whether it is allowed or denied.
func TestAVerdictOnE164AllocatesNothing(t *testing.T) {
	now := time.Now()
	for _, c := range []struct {
		says, to string
		channel  policy.Channel
		senders  []string
		want     policy.Reason
	}{
		{"an allowed message", "+12015550123", policy.Messaging, unseenSenders, policy.Enabled},
		{"an allowed call", "+12015550123", policy.Voice, unseenSenders, policy.Enabled},
		{"a message behind a scheme", "whatsapp:+12015550123", policy.Messaging, []string{"whatsapp:+12025550199"}, policy.Enabled},
		{"several senders", "+12015550123", policy.Messaging, []string{"+12025550199", "+447400123456"}, policy.Enabled},
		{"a call for help", "+1911", policy.Voice, unseenSenders, policy.EmergencyCall},
		{"a denied message", "+5491123456789", policy.Messaging, unseenSenders, policy.TerritoryNotEnabled},
		{"a denied call", "+5491123456789", policy.Voice, unseenSenders, policy.TerritoryNotEnabled},
		{"a number of one of several territories", "+18005550123", policy.Messaging, unseenSenders, policy.Enabled},
		{"a number in no known range", "+998111111111", policy.Messaging, unseenSenders, policy.UnallocatedRange},
		{"a number that cannot exist", "+446123456789", policy.Messaging, unseenSenders, policy.ImpossibleNumber},
		{"a calling code of no one", "+999123456789", policy.Messaging, unseenSenders, policy.UnassignedCode},
	} {
		for _, account := range unseenAccounts {
			rules := unseenRules(t, account.says == "sets of senders")
			intent, d := unseenIntent(account.id), new(gate.Decision)
			intent.Senders, intent.Sends[0].To, intent.Sends[0].Channel = c.senders, c.to, c.channel
			if v := gate.VerdictOf(rules, twilio.Twilio{}, intent, d, now); v.Reason != c.want {
				t.Errorf("%s, %s: %s, want %s", account.says, c.says, v.Reason, c.want)
			}
			if n := testing.AllocsPerRun(100, func() { gate.VerdictOf(rules, twilio.Twilio{}, intent, d, now) }); n != 0 {
				t.Errorf("%s, %s: %v allocations", account.says, c.says, n)
			}
		}
	}
}
