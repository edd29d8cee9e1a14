package policy

import (
	"time"

	"github.com/caddy-tollgate/tollgate/address"
)

// trace takes down what a verdict looks at, in words for people. Judge goes
// without one, so nothing here may change a verdict.
type trace struct {
	steps []Step
	// payer is the account of the send, and plus the number that is judged.
	payer *account
	plus  string

	// Positions behind the step that decided: the attempt at one territory of a
	// number, the number, and the whole send. Zero where none has yet.
	attempt, number, send int
}

// add takes down one step. Within one attempt the first step that allows
// decides, unless a later one denies.
func (t *trace) add(name StepName, level string, outcome Finding, text string) {
	t.steps = append(t.steps, Step{Name: name, Level: level, Number: t.plus, Outcome: outcome, Text: text})
	if outcome == Denies || outcome == Allows && t.attempt == 0 {
		t.attempt = len(t.steps)
	}
}

// keepTerritory says that the verdict on a number is, so far, that of the
// latest attempt.
func (t *trace) keepTerritory() { t.number = t.attempt }

// keepNumber says that the verdict on the send is, so far, that on the latest
// number.
func (t *trace) keepNumber() { t.send = t.number }

// markDeciding marks the step that the verdict rests on. Where no number was
// judged, it is the last one.
func (t *trace) markDeciding() {
	if t.send == 0 {
		t.send = len(t.steps)
	}
	t.steps[t.send-1].Decides = true
}

// level names an account as whoever reads the steps sees it: the one that the
// send belongs to, or one above it.
func (t *trace) level(a *account) string {
	switch {
	case a != t.payer:
		return "parent " + a.id
	case a.id == "":
		return "account"
	default:
		return "account " + a.id
	}
}

// ruler names whose a ruling is: an account's, or the operator's if that is nil.
func (t *trace) ruler(by *account) string {
	if by == nil {
		return "operator"
	}
	return t.level(by)
}

// begin is told whose send it is.
func (t *trace) begin(s *Snapshot, payer *account) {
	t.payer = payer
	if s.observe {
		t.add(StepAccount, "operator", StatesNothing, "observes: what would be refused is recorded and let through")
	}
}

// doubt is the step of a send of which nobody knows whose it is.
func (t *trace) doubt(send *Send) {
	if send.Doubt == CredentialForeign {
		t.add(StepAccount, t.level(t.payer), Denies, t.payer.named("is not reached by the credential of account "+send.Credential+": an account reaches itself and its subaccounts"))
		return
	}
	t.add(StepAccount, t.level(t.payer), Denies, "is not named by the request, and the policy does not know its credential")
}

// suspension is the step of one account of the send's line.
func (t *trace) suspension(s *Snapshot, a *account) {
	switch {
	case a.suspended:
		t.add(StepAccount, t.level(a), Denies, a.named("is suspended"))
	case a == t.payer && a.monitor && s.accounts[a.id] == a:
		t.add(StepAccount, t.level(a), Passes, a.named("is not suspended; it is monitored: most denials are recorded and let through"))
	case a != t.payer || s.accounts[a.id] == a:
		t.add(StepAccount, t.level(a), Passes, a.named("is not suspended"))
	case a.parent != nil && a.monitor:
		t.add(StepAccount, t.level(a), StatesNothing, "is not named by the policy; its credential makes it a child of "+a.parent.id+", monitored as that is")
	case a.parent != nil:
		t.add(StepAccount, t.level(a), StatesNothing, "is not named by the policy; its credential makes it a child of "+a.parent.id)
	case s.defaults != nil:
		t.add(StepAccount, t.level(a), StatesNothing, "is not named by the policy: the default holds")
	default:
		t.add(StepAccount, t.level(a), StatesNothing, "is not named by the policy")
	}
}

// unknown is the step of an account that nobody named, without a default.
func (t *trace) unknown() {
	t.add(StepAccount, "default", Denies, "is not stated: an account that is not named may send nowhere")
}

// meanings says what a destination is that is no number.
var meanings = [...]struct {
	outcome Finding
	text    string
}{
	address.Missing:    {Allows, "there is no destination: the carrier gives its own error"},
	address.NotANumber: {Allows, "the destination carries no toll: it is no telephone number"},
	address.Unreadable: {Denies, "the destination cannot be read as a number, and the carrier might dial it"},
	address.Emergency:  {Allows, "the destination calls for help: nobody is kept from that, whatever the account"},
}

// destination is the step of a destination that is no number.
func (t *trace) destination(d *address.Reading) {
	text := meanings[d.Meaning].text
	if d.Countryless {
		text = `without "+" the destination is a number of its sender's country, which only the carrier knows`
	}
	t.add(StepDestination, "", meanings[d.Meaning].outcome, text)
}

// start begins the attempt at one number, or at one of its territories.
func (t *trace) start(n *address.Number) {
	t.attempt, t.plus = 0, "+"+n.Digits
	if !n.Owner.Assigned() {
		t.add(StepDestination, "", Denies, t.plus+" has a calling code that is assigned to nobody")
		return
	}
	text := t.plus + " is " + withNames(n.Owner.Territories) + ", " + kindWords(n.Owner.Kinds)
	if n.Owner.Any {
		text += "; one of its territories is enough, here as " + n.Owner.Territories[0].String()
	}
	if !n.Owner.Listed {
		text += "; in no known range"
	}
	t.add(StepDestination, "", Passes, text)
}

// prefix is the step of one level's rules; decides is the one among them that
// applies. Reaches is false where the level's allow rules do not reach the
// account.
func (t *trace) prefix(a *account, rules *level, decides *prefixRule, reaches bool, channel Channel, now time.Time) {
	level := "operator"
	if a != nil {
		level = t.level(a)
	}
	for r := range rules.matching(t.plus[1:]) {
		if idle := r.whyIdle(channel, now); idle != "" {
			t.add(StepPrefix, level, StatesNothing, a.named(r.describe("block", "allow")+idle))
		}
	}
	switch {
	case decides == nil:
		t.add(StepPrefix, level, StatesNothing, a.named("has no "+channel.String()+" rule for "+t.plus))
	case decides.Block:
		t.add(StepPrefix, level, Denies, a.named(decides.describe("blocks", "")+decides.validity()))
	case reaches:
		t.add(StepPrefix, level, Allows, a.named(decides.describe("", "allows")+decides.validity()+", which stands in for the permission set"))
	default:
		t.add(StepPrefix, level, StatesNothing, a.named(decides.describe("", "allows")+
			", but only for accounts that inherit "+channel.String()))
	}
}
