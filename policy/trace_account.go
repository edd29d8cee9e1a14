package policy

import (
	"time"

	"github.com/caddy-tollgate/tollgate/address"
)

// recordBegin records the account of the send.
func (t *trace) recordBegin(s *Subject, now time.Time) {
	t.payer = s.account
	switch observe := &s.snapshot.observe; {
	case observe.Holds(now):
		t.add(StepAccount, "operator", StatesNothing, "observes"+observe.terms()+": what would be refused is recorded and let through")
	case observe.hasEnded(now):
		t.add(StepAccount, "operator", StatesNothing, "observed"+observe.terms())
	}
}

// recordUnidentified is the step of a send whose account is not known.
func (t *trace) recordUnidentified(s *Subject) {
	if s.holder != nil {
		t.add(StepAccount, t.level(t.payer), Denies, t.payer.named("is not reached by the credential of account "+s.holder.id+": an account reaches itself and its subaccounts"))
		return
	}
	t.add(StepAccount, t.level(t.payer), Denies, "is not named by the request, and the policy does not know its credential")
}

// recordSuspension is the step of one account of the send's line.
func (t *trace) recordSuspension(s *Subject, a *account, now time.Time) {
	suspended := a.suspension(now)
	switch {
	case suspended.Holds(now):
		t.add(StepAccount, t.level(a), Denies, a.named("is suspended"+suspended.terms()))
	case a != t.payer || s.snapshot.names(a):
		text := "is not suspended"
		if suspended.hasEnded(now) {
			text = "was suspended" + suspended.terms()
		}
		if a == t.payer {
			text += a.monitoring(now)
		}
		t.add(StepAccount, t.level(a), Passes, a.named(text))
	case a.parent != nil && a.monitor.Holds(now):
		t.add(StepAccount, t.level(a), StatesNothing, "is not named by the policy; "+
			"its credential makes it a child of "+a.parent.id+", monitored as that is")
	case a.parent != nil:
		t.add(StepAccount, t.level(a), StatesNothing, "is not named by the policy; its credential makes it a child of "+a.parent.id)
	case s.hasDefault():
		t.add(StepAccount, t.level(a), StatesNothing, "is not named by the policy: the default applies")
	default:
		t.add(StepAccount, t.level(a), StatesNothing, "is not named by the policy")
	}
}

// monitoring says whether the denials of an account are only recorded, or were.
func (a *account) monitoring(now time.Time) string {
	switch {
	case a.monitor.Holds(now):
		return "; it is monitored" + a.monitor.terms() + ": most denials are recorded and let through"
	case a.monitor.hasEnded(now):
		return "; it was monitored" + a.monitor.terms()
	}
	return ""
}

// recordUnknownAccount is the step of an account that the policy does not name, without a default.
func (t *trace) recordUnknownAccount() {
	t.add(StepAccount, "default", Denies, "is not stated: an account that is not named may send nowhere")
}

// meanings says what a destination is that is not a number.
var meanings = [...]struct {
	outcome Finding
	text    string
}{
	address.Missing:    {Allows, "there is no destination: the carrier gives its own error"},
	address.NotANumber: {Allows, "the destination carries no toll: it is not a telephone number"},
	address.Unreadable: {Denies, "the destination cannot be read as a number, and the carrier might dial it"},
	address.Emergency:  {Allows, "the destination is an emergency number: calls to it always pass, whatever the account"},
}

// recordDestination is the step of a destination that is not a number.
func (t *trace) recordDestination(d *address.Reading) {
	text := meanings[d.Meaning].text
	if d.Countryless {
		text = `without "+" the destination is a number of its sender's country, which only the carrier knows`
	}
	t.add(StepDestination, "", meanings[d.Meaning].outcome, text)
}

// recordImpossible is the step of a destination that is denied, and cannot be a number. It
// is about the number that was judged last.
func (t *trace) recordImpossible(d *address.Reading) {
	for i := range d.Numbers.Len() {
		if n := d.Numbers.At(i); "+"+n.Digits == t.plus {
			t.add(StepExistence, "", Denies, t.plus+" cannot exist: "+n.Assignment.Impossible.String())
			break
		}
	}
	t.sendEnd = len(t.steps)
}

// recordNumber begins the attempt at one number, or at one of its territories.
func (t *trace) recordNumber(n *address.Number) {
	t.attemptEnd, t.plus = 0, "+"+n.Digits
	if !n.Assignment.Assigned() {
		t.add(StepDestination, "", Denies, t.plus+" has a calling code that is not assigned")
		return
	}
	text := t.plus + " is " + withNames(n.Assignment.Territories) + ", " + kindWords(n.Assignment.Kinds)
	if n.Assignment.Any {
		text += "; one of its territories is enough, here as " + n.Assignment.Territories[0].String()
	}
	switch {
	case n.Assignment.Impossible != 0:
		text += "; it cannot exist: " + n.Assignment.Impossible.String()
	case !n.Assignment.Listed:
		text += "; in no known range"
	}
	t.add(StepDestination, "", Passes, text)
}

// recordPrefix is the step of one level's rules; decides is the one among them that
// applies. Reaches is false where the level's allow rules do not reach the
// account.
func (t *trace) recordPrefix(a *account, rules *level, decides *prefixRule, reaches bool, channel Channel, now time.Time) {
	level := "operator"
	if a != nil {
		level = t.level(a)
	}
	for r := range rules.matching(t.plus[1:]) {
		if idle := r.whyIdle(t.plus[1:], channel, now); idle != "" {
			t.add(StepPrefix, level, StatesNothing, a.named(r.describe("block", "allow")+idle))
		}
	}
	if decides != nil {
		defer func() { t.steps[len(t.steps)-1].Rule = &decides.Rule }()
	}
	switch {
	case decides == nil:
		t.add(StepPrefix, level, StatesNothing, a.named("has no "+channel.String()+" rule for "+t.plus))
	case decides.Block:
		t.add(StepPrefix, level, Denies, a.named(decides.describe("blocks", "")+decides.validity()))
	case reaches:
		t.add(StepPrefix, level, Allows, a.named(decides.describe("", "allows")+decides.validity()+", which replaces the permission set"))
	default:
		t.add(StepPrefix, level, StatesNothing, a.named(decides.describe("", "allows")+
			", but only for accounts that inherit "+channel.String()))
	}
}
