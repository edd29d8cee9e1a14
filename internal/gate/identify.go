package gate

import (
	"net/http"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Identify finds whose a request is that the gate answers itself, by its credential alone, and adds
// that to the decision. It is for gates without a broker. A request without a credential, or with
// one that the policy does not know, has no subject, and a reason; nor has any while there is no
// policy.
func (g *Gate) Identify(r *http.Request, reader carrier.PermissionResources, d *Decision) (*policy.Subject, policy.Reason) {
	var intent carrier.Intent
	if err := reader.ReadCredential(r.Header.Get("Authorization"), &intent); err != nil {
		return nil, carrier.CredentialDenied
	}
	rules := g.Rules()
	if !rules.areInForce() {
		return nil, carrier.PolicyUnavailable
	}
	subject := rules.Snapshot.Subject(policy.Claim{
		Carrier: g.Carrier.Name(), Holder: intent.Holder, Credential: intent.Credential, Token: intent.Token,
	})
	if reason := subject.IdentityError(); reason != "" {
		return nil, reason
	}
	_, wellFormed := g.Carrier.Identifiers().Canonical(policy.AccountID, subject.Account())
	d.Account, d.Name, d.Key = subject.Account(), subject.Name(), keyName(g.Carrier.Identifiers(), &intent)
	d.Covered, d.Assumed = subject.IsCovered(wellFormed), false
	if !d.Covered {
		return nil, policy.AccountUnknown
	}
	return &subject, ""
}

// Subaccount finds the account that a request of an identified account names besides: itself, or a
// subaccount that the policy states as its own. It is nil for any other, known or not.
func (g *Gate) Subaccount(d *Decision, named string) *policy.Subject {
	id, ok := g.Carrier.Identifiers().Canonical(policy.AccountID, named)
	if !ok {
		return nil
	}
	at := func(id string) policy.CarrierAccount { return policy.CarrierAccount{Carrier: g.Carrier.Name(), ID: id} }
	subject := g.Rules().Snapshot.SubjectOf(at(id))
	if id != d.Account && !subject.IsSubaccountOf(at(d.Account)) {
		return nil
	}
	return &subject
}

// AnsweredHere makes the decision that of a request that the gate answers itself, or that it
// refuses for a reason.
func (d *Decision) AnsweredHere(refused policy.Reason) {
	d.mayPass = false
	d.Verdict = policy.Verdict{Outcome: policy.Allow, Reason: carrier.PermissionResource}
	if refused != "" {
		d.Verdict = policy.Verdict{Outcome: policy.Deny, Reason: refused}
	}
}
