package gate_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/twilio"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/internal/keys"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Without its store, a gate knows what files state at most. It sends nothing by that, says
// that the client may try again, and lets all pass that sends nothing.
func TestWithoutItsStoreAGateSendsNothingExceptCallsForHelp(t *testing.T) {
	us, _ := numbering.ParseTerritory("US")
	grant := policy.Grant{Set: policy.SetOf(us)}
	allowed := policy.Permissions{Messaging: &grant, Voice: &[policy.ClassCount]policy.Grant{grant, grant, grant}}
	for _, c := range []struct {
		name, method, path, body string
		definition               policy.Definition
		outcome                  policy.Outcome
		reason                   policy.Reason
	}{
		{"what the files allow", "POST", "/Messages.json", "To=%2B12015550123", policy.Definition{Default: &allowed}, policy.Deny, carrier.PolicyUnavailable},
		{"what the files deny", "POST", "/Messages.json", "To=%2B998912345678", policy.Definition{Default: &allowed}, policy.Deny, carrier.PolicyUnavailable},
		{"an account that only the store knows", "POST", "/Messages.json", "To=%2B12015550123", policy.Definition{}, policy.Deny, carrier.PolicyUnavailable},
		{"a call for help", "POST", "/Calls.json", "To=911&From=%2B12015550123&Url=https%3A%2F%2Fa.example", policy.Definition{}, policy.Allow, policy.EmergencyCall},
		{"a request that cannot be read", "POST", "/Messages.json", "To=%zz", policy.Definition{}, policy.Deny, carrier.BodyUndecodable},
		{"a read", "GET", "/Messages.json", "", policy.Definition{}, policy.Allow, ""},
		{"what is only observed", "POST", "/Messages.json", "To=%2B12015550123", policy.Definition{Observe: policy.Switch{On: true}}, policy.Monitor, carrier.PolicyUnavailable},
	} {
		t.Run(c.name, func(t *testing.T) {
			snapshot, err := policy.New(c.definition)
			if err != nil {
				t.Fatal(err)
			}
			rules := &gate.Rules{Snapshot: snapshot, Plan: numbering.Default(), InForce: func() bool { return false }}
			g := benchGate(t)
			g.Rules = func() *gate.Rules { return rules }
			r := newBenchRequest(c.method, c.body)
			r.reset()
			r.URL.Path = "/2010-04-01/Accounts/" + benchAccount + c.path
			r.RequestURI = r.URL.Path
			d := g.Judge(r.Request)
			if d.Outcome != c.outcome || d.Reason != c.reason {
				t.Errorf("%s %s, want %s %s", d.Outcome, d.Reason, c.outcome, c.reason)
			}
			if d.Reason == carrier.PolicyUnavailable && (d.Refusal.Status != http.StatusServiceUnavailable || d.ShowsPolicy()) {
				t.Errorf("refused with %d", d.Refusal.Status)
			}
		})
	}
}

// The store may have the key, or the account of a credential. A client that is told that its key
// is wrong does not try again.
func TestWithoutItsStoreAGateDoesNotSayThatAKeyIsWrongWhichTheStoreMayHave(t *testing.T) {
	snapshot, err := policy.New(policy.Definition{})
	if err != nil {
		t.Fatal(err)
	}
	known, secret, err := keys.New(configtest.AsWritten, keys.Key{Account: benchAccount}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	issued := keys.NewSet([]*keys.Key{known})
	for _, c := range []struct {
		name, user, secret string
		serves, inForce    bool
		reason             policy.Reason
	}{
		{"an unknown key", "SK00000000000000000000000000000000", secret, true, false, carrier.PolicyUnavailable},
		{"a key of an account without a credential", known.SID, secret, false, false, carrier.PolicyUnavailable},
		{"a wrong secret", known.SID, secret + "a", true, false, carrier.KeyInvalid},
		{"a key that is known", known.SID, secret, true, false, ""},
		{"an unknown key, with the store", "SK00000000000000000000000000000000", secret, true, true, carrier.KeyInvalid},
		{"a key of an account without a credential, with the store", known.SID, secret, false, true, carrier.KeyInvalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := benchGate(t)
			rules := &gate.Rules{Snapshot: snapshot, Plan: numbering.Default(), InForce: func() bool { return c.inForce }}
			g.Rules = func() *gate.Rules { return rules }
			g.Broker = &gate.Broker{
				Keys:     func() *keys.Set { return issued },
				Serves:   func(string) bool { return c.serves },
				Denylist: twilio.Twilio{},
			}
			r := newBenchRequest("GET", "")
			r.reset()
			r.SetBasicAuth(c.user, c.secret)
			r.URL.Path = "/2010-04-01/Accounts/" + benchAccount + "/Messages.json"
			r.RequestURI = r.URL.Path
			d := g.Judge(r.Request)
			if d.Reason != c.reason || (d.Outcome == policy.Deny) != (c.reason != "") {
				t.Errorf("%s %s, want %s", d.Outcome, d.Reason, c.reason)
			}
			if want := map[policy.Reason]int{carrier.PolicyUnavailable: 503, carrier.KeyInvalid: 401}[c.reason]; d.Refusal.Status != want {
				t.Errorf("refused with %d and not %d", d.Refusal.Status, want)
			}
		})
	}
}

func TestWithoutItsStoreAGateLetsNoInstructionPassExceptCallsForHelp(t *testing.T) {
	snapshot, err := policy.New(policy.Definition{Default: new(policy.Permissions)})
	if err != nil {
		t.Fatal(err)
	}
	rules := &gate.Rules{Snapshot: snapshot, Plan: numbering.Default(), InForce: func() bool { return false }}
	g := benchGate(t)
	g.Rules = func() *gate.Rules { return rules }
	d, denied := g.JudgeInstructions(benchAccount, "", []gate.Instruction{
		{Send: carrier.Send{Channel: policy.Voice, To: "911"}, Senders: []string{"+12015550123"}},
		{Send: carrier.Send{Channel: policy.Voice, To: "+12015550199"}},
		{Address: "https://a.example/next"},
	})
	if d.Reason != carrier.PolicyUnavailable || denied[0] || !denied[1] {
		t.Errorf("%s, denied %v", d.Reason, denied)
	}
}
