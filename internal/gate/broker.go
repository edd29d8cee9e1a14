package gate

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/internal/keys"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Broker makes a gate take keys of its own, and nothing else, in place of the
// carrier's credentials. Whoever forwards what passes puts the carrier's in.
type Broker struct {
	// Keys returns the keys in force. It is asked once for each request.
	Keys func() *keys.Set
	// Serves tells whether there is a credential of the carrier's for an account.
	Serves func(account string) bool
	// Denylist is what no key can ask for.
	Denylist carrier.BrokerDenylist
}

// Further reasons why a key is not accepted.
const (
	KeyMissing    keys.Refusal = "missing"
	KeyUnreadable keys.Refusal = "unreadable"
	// KeyUnserved says that nobody has configured the carrier's credential for the
	// account of the key.
	KeyUnserved keys.Refusal = "no_credential"
)

// admit finds the key of a request, or why the request is refused whatever else it
// says.
func (b *Broker) admit(g *Gate, request *carrier.Request, d *Decision) (*keys.Key, policy.Reason) {
	key := b.verify(g.Carrier.Identifiers(), request.Header, g.Now(), d)
	d.Account = ""
	if key == nil {
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

// longestBasic is how much of a Basic credential is decoded, in characters. Those of
// keys have 104.
const longestBasic = 128

// basicEncoding takes one spelling of each credential only.
var basicEncoding = base64.StdEncoding.Strict()

// verify returns the key that a request presents, if it is accepted. The decision
// takes down which one it is, and why it is not.
func (b *Broker) verify(ids policy.Identifiers, header http.Header, now time.Time, d *Decision) *keys.Key {
	lines := header["Authorization"]
	if len(lines) == 0 {
		d.KeyRefusal = KeyMissing
		return nil
	}
	user, secret, ok := readBasic(lines[0])
	if !ok || len(lines) > 1 {
		d.KeyRefusal = KeyUnreadable
		return nil
	}
	key, refusal := b.Keys().Verify(user, secret, now)
	if _, isKey := ids.Canonical(policy.KeyID, user); key != nil || isKey {
		d.Key = user // anything else might be a secret in the wrong place
	}
	if key != nil && !b.Serves(key.Account) {
		key, refusal = nil, KeyUnserved
	}
	d.KeyRefusal = refusal
	return key
}

// readBasic reads a Basic credential (RFC 7617), in the one spelling that every
// library writes.
func readBasic(authorization string) (user, password string, ok bool) {
	const scheme = "basic "
	if len(authorization) <= len(scheme) || !strings.EqualFold(authorization[:len(scheme)], scheme) {
		return "", "", false
	}
	var encoded [longestBasic]byte
	var decoded [longestBasic]byte
	if len(authorization)-len(scheme) > len(encoded) {
		return "", "", false
	}
	length := copy(encoded[:], authorization[len(scheme):])
	length, err := basicEncoding.Decode(decoded[:], encoded[:length])
	colon := bytes.IndexByte(decoded[:length], ':')
	if err != nil || colon < 0 {
		return "", "", false
	}
	both := string(decoded[:length])
	return both[:colon], both[colon+1:], true
}

// presentsIssued tells whether a request presents a key that some gate issued,
// where no gate takes it.
func (g *Gate) presentsIssued(header http.Header) bool {
	if g.IsIssued == nil {
		return false
	}
	for _, line := range header["Authorization"] {
		user, _, ok := readBasic(line)
		if !ok {
			continue
		}
		if key, ok := g.Carrier.Identifiers().Canonical(policy.KeyID, user); ok && g.IsIssued(key) {
			return true
		}
	}
	return false
}

// isWithin tells whether a key allows all that a request would send. What is sent to
// whoever was stored before, or as an answer or a definition says that nobody has
// seen, is sent on any channel and from any sender; a verification names no
// sender. A key with a limit is for what can be held against it: neither for what
// stands in no table, nor for what changes the carrier's protection, unless its
// operations name that.
func isWithin(key *keys.Key, rules *Rules, c carrier.Carrier, op *carrier.Operation, intent *carrier.Intent) bool {
	if key.Channels == nil && key.Senders == nil {
		return true
	}
	obeys := intent.Instructs || len(intent.URLs) > 0
	switch {
	case op.Kind == carrier.Unlisted,
		(len(intent.Controls) > 0 || op.Kind == carrier.Controlling) && !slices.Contains(key.Operations, op.Name),
		obeys && key.Senders != nil:
		return false
	}
	addresses := rules.addresses(c, intent.Senders)
	stored := intent.Stored || obeys
	sends := stored
	for channel := range policy.ChannelCount {
		if stored && !key.AllowsChannel(channel) {
			return false
		}
	}
	for i := range intent.Sends {
		s := &intent.Sends[i]
		var send policy.Send
		if s.Tentative && !addresses.read(&send, s) {
			continue
		}
		sends = true
		if !key.AllowsChannel(s.Channel) {
			return false
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
