package gate

import (
	"net/http"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

// decide judges every send of a request, and then every instruction URL. The request is
// refused if one of them is, and the decision names the first that is refused.
func (g *Gate) decide(d *Decision, rules *Rules, r *http.Request, intent *carrier.Intent, check CheckCredential) {
	if len(intent.Sends) == 0 && len(intent.Controls) == 0 && !intent.Stored && len(intent.URLs) == 0 {
		return
	}
	addresses := rules.addresses(g.Carrier, intent.Senders)
	subject := rules.Snapshot.Subject(policy.Claim{
		Carrier:    g.Carrier.Name(),
		Account:    intent.Account,
		Holder:     intent.Holder,
		Credential: intent.Credential,
		Token:      intent.Token,
		Site:       g.site(rules),
	})
	d.Account, d.Name = subject.Account(), subject.Name()
	if g.Broker == nil {
		d.Key = keyName(g.Carrier.Identifiers(), intent)
	}
	d.Assumed = intent.Account == "" && !subject.HasCredential() && d.Account != ""
	_, wellFormed := g.Carrier.Identifiers().Canonical(policy.AccountID, d.Account)
	d.Covered = subject.IsCovered(wellFormed)

	now := g.Now()
	if rules.Snapshot.LimitsCalls() {
		d.maxCall, d.resolved = subject.MaxCall(now), true
	}
	for _, control := range intent.Controls {
		if d.escalate(subject.JudgeControl(control, now)); d.Outcome == policy.Deny {
			return
		}
	}
	if intent.Stored {
		if d.escalate(subject.JudgeStored(now)); d.Outcome == policy.Deny {
			return
		}
	}
	var limited *limiting
	if g.Counters != nil && rules.Snapshot.IsLimited() {
		limited = g.limiting(d, r, subject, now)
		limited.deck, limited.size = rules.Deck, intent.Size
	}
	send := policy.Send{Senders: rules.readSenders(&addresses.reader, intent.Senders, d.senderRoom[:0])}
	for i := range intent.Sends {
		s := &intent.Sends[i]
		if !addresses.read(&send, s) {
			continue
		}
		v := addresses.judge(&subject, &send, s, now)
		if g.SeesTraffic {
			d.reach(&subject, Reached{send.Channel, v.Territory, v.Class})
		}
		d.add(s, sendersOf(s, intent), &send, v)
		if d.Outcome == policy.Deny {
			d.Sends = len(intent.Sends)
			return
		}
		if limited != nil {
			limited.channels = addresses.pricedBy(&send, s)
			limited.ask(intent.Sends, i, &send, &v)
		}
	}
	for i := range intent.URLs {
		u := &intent.URLs[i]
		v := subject.JudgeURL(u.Address, now)
		if v.Reason == "" {
			continue
		}
		if d.escalate(v); d.Reason == policy.URLHost && d.url == nil {
			d.url = u
		}
		if d.Outcome == policy.Deny {
			return
		}
	}
	if limited != nil && !limited.isClosed(intent, &addresses, &send) {
		limited.admit(check, intent, &addresses, &send)
	}
}

// sendersOf are the senders of a send, as written: its own, or those of the request.
func sendersOf(s *carrier.Send, intent *carrier.Intent) []string {
	if len(s.Senders) > 0 {
		return s.Senders
	}
	return intent.Senders
}

// keyName names the key, client or token of a request as policies write it, or is empty.
func keyName(ids policy.Identifiers, intent *carrier.Intent) string {
	for _, kind := range [...]policy.IdentifierKind{policy.KeyID, policy.ClientID} {
		if id, ok := ids.Canonical(kind, intent.Credential); ok {
			return id
		}
	}
	return intent.Token
}

// site is the account of requests that name none, by its id at the carrier, or empty.
func (g *Gate) site(rules *Rules) string {
	if g.AccountName != "" {
		return rules.Snapshot.IDAt(g.Carrier.Name(), g.AccountName)
	}
	return g.Account
}

// mediumOf says how the destinations of a channel are read.
func mediumOf(channel policy.Channel) address.Medium {
	if channel == policy.Voice {
		return address.ForCall
	}
	return address.ForMessage
}
