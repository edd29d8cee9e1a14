package gate

import (
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Order is one thing that the answer of a customer's web server tells the carrier
// to do: reach a destination, or ask at an address what to do next.
type Order struct {
	carrier.Send
	// Senders that are named for this send, as written.
	Senders []string
	// Address to ask at, absolute; empty for a send.
	Address string
	// Stored says that the order reaches whoever was stored before: it names nobody.
	Stored bool
}

// JudgeOrders decides about the orders in one answer, and tells which of them are
// denied for good. Doubt, if there is any, is why nobody knows whose they are.
// The decision names the first one denied, else the first one monitored, else the
// first. Nothing passes by such a decision.
func (g *Gate) JudgeOrders(account string, doubt policy.Reason, orders []Order) (d *Decision, denied []bool) {
	began := time.Now()
	rules := g.Rules()
	subject := rules.Snapshot.Subject(policy.Claim{Account: account})
	if doubt != "" {
		subject = subject.Unidentified(doubt)
	}
	d = &Decision{Revision: rules.Snapshot.Revision(), Account: subject.Account()}
	denied = make([]bool, len(orders))
	addresses := rules.addresses(g.Carrier, nil)
	now := g.Now()
	for i := range orders {
		order := &orders[i]
		send := policy.Send{Senders: rules.readSenders(&addresses.reader, order.Senders)}
		var v policy.Verdict
		switch {
		case order.Address != "":
			if v = subject.JudgeURL(order.Address); v.Outcome > d.Outcome {
				d.To = "" // of the send that is no longer the one that decides
			}
			d.worsen(v)
		case order.Stored:
			v = subject.JudgeStored()
			d.worsen(v)
		case addresses.read(&send, &order.Send):
			v = subject.Judge(&send, now)
			d.add(&order.Send, &send, v)
		}
		denied[i] = v.Outcome == policy.Deny
	}
	d.Took = time.Since(began)
	return d, denied
}

// Doubt is the decision on what is refused because of what it is, and not of whom
// it would reach.
func (g *Gate) Doubt(account string, reason policy.Reason) *Decision {
	rules := g.Rules()
	d := &Decision{Revision: rules.Snapshot.Revision(), Account: account}
	d.doubt(reason)
	if rules.Snapshot.Observe() {
		d.Outcome = policy.Monitor
	}
	return d
}
