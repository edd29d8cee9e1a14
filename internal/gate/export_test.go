package gate

import (
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

// VerifyKey is what every request to a gate with a broker pays first.
var VerifyKey = (*Broker).verify

// VerdictOf is the verdict on the first send of a request, from the text of its destination
// on, with the room that a decision has.
func VerdictOf(rules *Rules, c carrier.Carrier, intent *carrier.Intent, d *Decision, now time.Time) policy.Verdict {
	addresses := rules.addresses(c, intent.Senders)
	subject := rules.Snapshot.Subject(policy.Claim{Carrier: c.Name(), Account: intent.Account, Holder: intent.Holder})
	send := policy.Send{Senders: rules.readSenders(&addresses.reader, intent.Senders, d.senderRoom[:0])}
	s := &intent.Sends[0]
	if !addresses.read(&send, s) {
		return policy.Verdict{}
	}
	return addresses.judge(&subject, &send, s, now)
}

// TargetOf is the target of a request's URL.
var TargetOf = targetOf
