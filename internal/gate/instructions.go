package gate

import (
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Instruction is one thing that the answer of a customer's web server tells the carrier
// to do: reach a destination, or fetch a URL for what to do next.
type Instruction struct {
	carrier.Send
	// Senders that are named for this send, as written.
	Senders []string
	// Address to fetch, absolute; empty for a send.
	Address string
	// Stored says that the instruction reaches stored recipients: it names none.
	Stored bool
}

// JudgeInstructions decides about the instructions in one answer, and reports which of
// them are denied and enforced. If it is not known whose they are, unidentified says why.
// The decision names the first one denied, else the first one monitored, else the first.
// It lets no request pass.
func (g *Gate) JudgeInstructions(account string, unidentified policy.Reason, instructions []Instruction) (d *Decision, denied []bool) {
	began := time.Now()
	rules := g.Rules()
	subject := rules.Snapshot.Subject(policy.Claim{Carrier: g.Carrier.Name(), Account: account})
	if unidentified != "" {
		subject = subject.Unidentified(unidentified)
	}
	d = &Decision{Revision: rules.Snapshot.Revision(), Account: subject.Account(), Name: subject.Name()}
	denied = make([]bool, len(instructions))
	addresses := rules.addresses(g.Carrier, nil)
	now, inForce := g.Now(), rules.areInForce()
	orUnavailable := func(v policy.Verdict) policy.Verdict {
		if inForce || v.Reason == "" || v.Reason == policy.EmergencyCall {
			return v
		}
		return policy.Verdict{Outcome: policy.Deny, Reason: carrier.PolicyUnavailable}
	}
	for i := range instructions {
		instruction := &instructions[i]
		send := policy.Send{Senders: rules.readSenders(&addresses.reader, instruction.Senders, nil)}
		var v policy.Verdict
		switch {
		case instruction.Address != "":
			v = orUnavailable(subject.JudgeURL(instruction.Address, now))
			d.escalateWithoutSend(v)
		case instruction.Stored:
			v = orUnavailable(subject.JudgeStored(now))
			d.escalateWithoutSend(v)
		case addresses.read(&send, &instruction.Send):
			v = orUnavailable(addresses.judge(&subject, &send, instruction.bySenders(), now))
			d.add(&instruction.Send, instruction.Senders, &send, v)
		}
		denied[i] = v.Outcome == policy.Deny
	}
	d.Took = time.Since(began)
	return d, denied
}

// escalateWithoutSend adopts a verdict that is about no number, if it is more severe: the
// send before no longer decides.
func (d *Decision) escalateWithoutSend(v policy.Verdict) {
	if v.Severity() > d.Severity() {
		d.To, d.From, d.Number = "", "", ""
	}
	d.escalate(v)
}

// DenyMalformed is the decision on a request that is refused for its form, whatever
// its destination.
func (g *Gate) DenyMalformed(account string, reason policy.Reason) *Decision {
	rules := g.Rules()
	d := &Decision{Revision: rules.Snapshot.Revision(), Account: account}
	d.Name = rules.Snapshot.OwnName(policy.CarrierAccount{Carrier: g.Carrier.Name(), ID: account})
	d.denyMalformed(reason)
	if rules.Snapshot.Observe(g.Now()) {
		d.Outcome = policy.Monitor
	}
	return d
}
