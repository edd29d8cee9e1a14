package gate

import (
	"net/http"
	"slices"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/internal/keys"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Broker makes a gate accept its own keys, and nothing else, in place of the carrier's
// credentials. The transport that forwards a request adds the carrier's.
type Broker struct {
	// Keys returns the keys in force. It is asked once for each request.
	Keys func() *keys.Set
	// Serves reports whether the gate has a carrier credential for an account.
	Serves func(account string) bool
	// Denylist is what no key can ask for.
	Denylist carrier.BrokerDenylist
}

// Further reasons why a key is not accepted.
const (
	KeyMissing    keys.Refusal = "missing"
	KeyUnreadable keys.Refusal = "unreadable"
	// KeyUnserved says that no carrier credential is configured for the account of the
	// key.
	KeyUnserved keys.Refusal = "no_credential"
)

// admit finds the key of a request, or why the request is refused whatever else is in it.
func (b *Broker) admit(g *Gate, request *carrier.Request, d *Decision) (*keys.Key, policy.Reason) {
	key := b.verify(g.Carrier.Identifiers(), request.Header, g.Now(), d)
	d.Account = ""
	if key == nil {
		if mayBeStored(d.KeyRefusal) && !g.Rules().areInForce() {
			return nil, carrier.PolicyUnavailable // a client that is told 401 does not try again
		}
		return nil, carrier.KeyInvalid
	}
	d.Account = key.Account
	op := d.Operation
	if named, _ := g.Carrier.Identifiers().Canonical(policy.AccountID, op.Account); op.Account != "" && named != key.Account {
		return nil, carrier.AccountMismatch
	}
	if reason := b.Denylist.BrokerDenied(request, op, key.Account); reason != "" {
		return nil, reason
	}
	if !key.AllowsOperation(op.Name) {
		return nil, carrier.KeyRestricted
	}
	return key, ""
}

// mayBeStored reports whether a key may be accepted once the store is read: it may have the key,
// or the account that a credential names.
func mayBeStored(refusal keys.Refusal) bool { return refusal == keys.Unknown || refusal == KeyUnserved }

// verify returns the key that a request presents, if it is accepted. The decision records
// which key it is, and why it is not accepted.
func (b *Broker) verify(ids policy.Identifiers, header http.Header, now time.Time, d *Decision) *keys.Key {
	lines := header["Authorization"]
	if len(lines) == 0 {
		d.KeyRefusal = KeyMissing
		return nil
	}
	user, secret, ok := carrier.StrictBasic(lines[0])
	if !ok || len(lines) > 1 {
		d.KeyRefusal = KeyUnreadable
		return nil
	}
	key, refusal := b.Keys().Verify(user, secret, now)
	if key != nil {
		d.Key = user
	} else { // empty unless it is the name of a key: any other text might be a misplaced secret
		d.Key, _ = ids.Canonical(policy.KeyID, user)
	}
	if key != nil && !b.Serves(key.Account) {
		key, refusal = nil, KeyUnserved
	}
	d.KeyRefusal = refusal
	return key
}

// presentsIssued reports whether a request presents a key that some gate issued, at a
// gate that accepts no keys.
func (g *Gate) presentsIssued(header http.Header) bool {
	if g.IsIssued == nil {
		return false
	}
	for _, line := range header["Authorization"] {
		user, _, ok := carrier.StrictBasic(line)
		if !ok {
			continue
		}
		if key, ok := g.Carrier.Identifiers().Canonical(policy.KeyID, user); ok && g.IsIssued(key) {
			return true
		}
	}
	return false
}

// isWithin reports whether a key allows all that a request would send. What is sent to
// stored recipients, or by an answer or a definition that the gate has not seen, may use
// any channel and any sender; a verification names no sender. A key with a limit does not
// allow what cannot be compared with it: operations in no table, and those that change
// the carrier's protection, unless the key names that operation.
func isWithin(key *keys.Key, rules *Rules, c carrier.Carrier, op *carrier.Operation, intent *carrier.Intent) bool {
	if key.Channels == nil && key.Senders == nil {
		return true
	}
	instructs := intent.Instructs || len(intent.URLs) > 0
	switch {
	case op.Kind == carrier.UnknownOperation,
		(len(intent.Controls) > 0 || op.Kind == carrier.Controlling) && !slices.Contains(key.Operations, op.Name),
		instructs && key.Senders != nil:
		return false
	}
	addresses := rules.addresses(c, intent.Senders)
	stored := intent.Stored || instructs
	sends := stored
	for channel := range policy.ChannelCount {
		if stored && !key.AllowsChannel(channel) {
			return false
		}
	}
	for i := range intent.Sends {
		s := &intent.Sends[i]
		var send policy.Send
		if !addresses.read(&send, s) {
			continue
		}
		sends = true
		for channel := range addresses.mayGoBy(&send, s).All() {
			if !key.AllowsChannel(channel) {
				return false
			}
		}
	}
	if !sends || key.Senders == nil {
		return true
	}
	for _, sender := range intent.Senders {
		if !key.AllowsSender(addresses.reader.ReadSender(sender)) {
			return false
		}
	}
	return len(intent.Senders) > 0 && !intent.Senderless
}

// End ends the permission to pass: what comes afterwards is another request.
func (d *Decision) End() { d.mayPass = false }
