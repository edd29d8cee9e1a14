package gate_test

import (
	"encoding/base64"
	"net/url"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/twilio"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/internal/keys"
	"github.com/caddy-tollgate/tollgate/policy"
)

// A message may go by the channel of a sender that it names beside another, and that too
// must be one of the key's.
func TestAKeyIsForEachChannelThatAMessageMayGoBy(t *testing.T) {
	const to, number, agent = "+447400123456", "+14155550100", "rcs:brand_agent"
	for _, c := range []struct {
		says     string
		channels []policy.Channel
		form     url.Values
		may      bool
	}{
		{"by RCS alone", []policy.Channel{policy.RCS}, url.Values{"To": {"rcs:" + to}, "From": {agent}}, true},
		{"by RCS, or else by SMS", []policy.Channel{policy.RCS}, url.Values{"To": {"rcs:" + to}, "From": {agent}, "FallbackFrom": {number}}, false},
		{"of all messages", []policy.Channel{policy.Messaging}, url.Values{"To": {"rcs:" + to}, "From": {agent}, "FallbackFrom": {number}}, true},
		{"a service may choose", []policy.Channel{policy.RCS}, url.Values{"To": {to}, "MessagingServiceSid": {someService}}, false},
		{"a service to WhatsApp", []policy.Channel{policy.WhatsApp}, url.Values{"To": {"whatsapp:" + to}, "MessagingServiceSid": {someService}}, true},
		{"a sender by WhatsApp", []policy.Channel{policy.RCS}, url.Values{"To": {"rcs:" + to}, "From": {"whatsapp:" + number}}, false},
	} {
		file := t.TempDir() + "/keys.json"
		key, secret, err := keys.Create(file, configtest.AsWritten, keys.Key{Account: benchAccount, Channels: c.channels}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		set, err := keys.Read(file, configtest.AsWritten)
		if err != nil {
			t.Fatal(err)
		}
		g := gateOf(t, policy.Definition{Default: &policy.Permissions{Messaging: grantOf(t, "US", "GB")}})
		g.Broker = &gate.Broker{Keys: func() *keys.Set { return set }, Serves: func(string) bool { return true }, Denylist: twilio.Twilio{}}
		r := newRequest("api.twilio.com", "/2010-04-01/Accounts/"+benchAccount+"/Messages.json", formType, c.form.Encode())
		r.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(key.SID+":"+secret)))
		if d := g.Judge(r); (d.Reason != carrier.KeyRestricted) != c.may {
			t.Errorf("%s, with a key for %v: %s %s", c.says, c.channels, d.Outcome, d.Reason)
		}
	}
}
