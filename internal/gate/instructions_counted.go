package gate

import (
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Counting is what is counted of the instructions in one answer.
type Counting struct {
	Instructions []Instruction
	// Passes are those that the answer still has.
	Passes []bool
	// Call is the one that asks for instructions, by its id at the carrier, or empty. Signed says
	// that the carrier has signed that: otherwise any client may ask, which begins no hold and
	// ends no call.
	Call   string
	Signed bool
	// Again says that the answer was counted before, and refused with more in it.
	Again bool
}

// CountInstructions reserves of limits what the instructions ask together that pass, as those of a
// request, before the carrier gets them. It returns the places of those that limits refuse: then
// nothing is reserved, and the rest may be counted again. The decision is the one on all of them.
func (g *Gate) CountInstructions(d *Decision, c Counting) (refused []int) {
	rules := g.Rules()
	if g.Counters == nil || !rules.Snapshot.IsLimited() {
		return nil
	}
	subject := rules.Snapshot.Subject(policy.Claim{Carrier: g.Carrier.Name(), Account: d.Account})
	now, addresses := g.Now(), rules.addresses(g.Carrier, nil)
	d.maxCall, d.resolved, d.Unchecked = subject.MaxCall(now), true, !c.Signed
	j := g.limiting(d, nil, subject, now)
	j.deck, j.again = rules.Deck, c.Again
	j.senders = make([][]string, len(c.Instructions))
	intent := carrier.Intent{Sends: make([]carrier.Send, len(c.Instructions))}
	var send policy.Send
	for i := range c.Instructions {
		instruction := &c.Instructions[i]
		if !c.Passes[i] || !instruction.sends() {
			continue
		}
		s := &intent.Sends[i]
		*s = instruction.Send
		j.senders[i] = rules.readSenders(&addresses.reader, instruction.Senders, nil)
		send.Senders = j.senders[i]
		if !addresses.read(&send, s) {
			continue
		}
		v := addresses.judge(&subject, &send, instruction.bySenders(), now)
		if v.Outcome != policy.Deny {
			j.channels = addresses.pricedBy(&send, s)
			j.ask(intent.Sends, i, &send, &v)
		}
	}
	if refused = j.refusedByHours(&intent, &addresses, &send); len(refused) > 0 {
		return refused
	}
	if c.Signed && j.asked.rings() {
		g.EndDialled(d.Account, c.Call) // a call does one thing after another
	}
	by := j.reserve(&intent, &addresses, &send)
	switch {
	case by != nil:
		return []int{by.send}
	case d.malformed:
		return j.asked.enforced.sends()
	case c.Call != "":
		g.NameCalls(d, c.Call)
	}
	return nil
}

// sends reports whether an instruction names a destination.
func (i *Instruction) sends() bool { return i.Address == "" && !i.Stored }

// bySenders is the send of an instruction by the senders that are named for it, or else by those
// by which its destination is read.
func (i *Instruction) bySenders() *carrier.Send {
	s := i.Send
	if len(s.Senders) == 0 {
		s.Senders = i.Senders
	}
	return &s
}

// refusedByHours denies the sends that are outside of the hours of a limit, and returns their places.
func (j *limiting) refusedByHours(intent *carrier.Intent, addresses *addresses, send *policy.Send) (refused []int) {
	for i := range j.closed {
		if c := &j.closed[i]; !c.recorded {
			j.d.RetryAfter = c.by.limit.OpensIn(&c.send, j.now)
			j.over(&c.by, intent, addresses, send)
			refused = append(refused, c.by.send)
		}
	}
	return refused
}

// rings reports whether a call is asked for that counts while it is in progress.
func (a *asked) rings() bool {
	for _, demands := range []*demands{&a.enforced, &a.monitored} {
		for i := range demands.list {
			if demands.list[i].InProgress {
				return true
			}
		}
	}
	return false
}

// sends are the places of the sends that ask something.
func (d *demands) sends() (places []int) {
	for i := range d.by {
		places = append(places, d.by[i].send)
	}
	return places
}
