package gate_test

import (
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// The policy in force says at each request which account a handler's name stands for.
func TestTheAccountOfAGateIsTheOneThatThePolicyGivesTheName(t *testing.T) {
	us, _ := numbering.ParseTerritory("US")
	grant := policy.Grant{Set: policy.SetOf(us)}
	allowed := policy.Permissions{Messaging: &grant, Voice: &[policy.ClassCount]policy.Grant{grant, grant, grant}}
	named := func(name, carrier string) policy.Definition {
		return policy.Definition{Default: &allowed, Accounts: []policy.Account{{ID: name, At: []policy.CarrierAccount{{Carrier: carrier, ID: benchAccount}}}}}
	}
	for _, c := range []struct {
		says          string
		definition    policy.Definition
		account, name string
		reason        policy.Reason
	}{
		{"the account of that name", named("acme", "twilio"), benchAccount, "acme", policy.Enabled},
		{"an account at another carrier", named("acme", "telnyx"), "", "", policy.CredentialUnknown},
		{"an account that is gone, whatever the default", named("other", "twilio"), "", "", policy.CredentialUnknown},
	} {
		t.Run(c.says, func(t *testing.T) {
			snapshot, err := policy.New(c.definition)
			if err != nil {
				t.Fatal(err)
			}
			rules := &gate.Rules{Snapshot: snapshot, Plan: numbering.Default()}
			g := benchGate(t)
			g.Rules, g.AccountName = func() *gate.Rules { return rules }, "acme"
			r := newBenchRequest("POST", "To=%2B12015550123")
			r.reset()
			r.Host, r.URL.Path = "studio.twilio.com", "/v2/Flows/FW00000000000000000000000000000001/Executions"
			r.RequestURI = r.URL.Path
			r.Header.Set("Authorization", "Basic U0s5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTpzZWNyZXQ=")
			d := g.Judge(r.Request)
			if d.Account != c.account || d.Name != c.name || d.Reason != c.reason {
				t.Errorf("%q %q %s", d.Account, d.Name, d.Reason)
			}
		})
	}
}
