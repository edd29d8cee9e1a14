package policy

import (
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/numbering"
)

// trace records what a verdict looks at, in words for people. Judge goes without one,
// so nothing here may change a verdict: the methods that a verdict calls do nothing on a
// nil trace, and are short enough to be inlined, so that they cost a comparison.
type trace struct {
	steps []Step
	// payer is the account of the send, and plus the number that is judged.
	payer *account
	plus  string

	// Positions behind the step that decided: the attempt at one territory of a
	// number, the number, and the whole send. Zero where none has yet.
	attemptEnd, numberEnd, sendEnd int
}

// add records one step. Within one attempt the first step that allows
// decides, unless a later one records the send or denies it. It is not inlined, to keep it
// out of verdicts that are not traced.
//
//go:noinline
func (t *trace) add(name StepName, level string, outcome Finding, text string) {
	t.steps = append(t.steps, Step{Name: name, Level: level, Number: t.plus, Outcome: outcome, Text: text})
	if outcome == Denies || outcome == Records || outcome == Allows && t.attemptEnd == 0 {
		t.attemptEnd = len(t.steps)
	}
}

// markDeciding marks the step that the verdict rests on. Where no number was
// judged, it is the last one.
func (t *trace) markDeciding() {
	if t.sendEnd == 0 {
		t.sendEnd = len(t.steps)
	}
	t.steps[t.sendEnd-1].Decides = true
}

// level names an account as the reader of the steps sees it: the one that the
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

// What a verdict calls, in its order.

func (t *trace) begin(s *Subject, now time.Time) {
	if t != nil {
		t.recordBegin(s, now)
	}
}

func (t *trace) unidentified(s *Subject) {
	if t != nil {
		t.recordUnidentified(s)
	}
}

func (t *trace) suspension(s *Subject, a *account, now time.Time) {
	if t != nil {
		t.recordSuspension(s, a, now)
	}
}

func (t *trace) unknownAccount() {
	if t != nil {
		t.recordUnknownAccount()
	}
}

func (t *trace) destination(d *address.Reading) {
	if t != nil {
		t.recordDestination(d)
	}
}

func (t *trace) impossible(d *address.Reading) {
	if t != nil {
		t.recordImpossible(d)
	}
}

func (t *trace) number(n *address.Number) {
	if t != nil {
		t.recordNumber(n)
	}
}

func (t *trace) prefix(a *account, rules *level, decides *prefixRule, reaches bool, channel Channel, now time.Time) {
	if t != nil {
		t.recordPrefix(a, rules, decides, reaches, channel, now)
	}
}

func (t *trace) unsupported(list *unsupportedList, outcome Finding, territories []numbering.Territory) {
	if t != nil {
		t.recordUnsupported(list, outcome, territories)
	}
}

func (t *trace) unsupportedPrefix(channel Channel, found *prefixRule) {
	if t != nil {
		t.recordUnsupportedPrefix(channel, found)
	}
}

func (t *trace) byRequestDenied(s *Subject, n *address.Number, territory numbering.Territory, now time.Time) {
	if t != nil {
		t.recordByRequestDenied(s, n, territory, now)
	}
}

func (t *trace) byRequestPassed(s *Subject, send *Send, n *address.Number, operatorAllows bool, now time.Time) {
	if t != nil {
		t.recordByRequestPassed(s, send, n, operatorAllows, now)
	}
}

func (t *trace) permissionSet(s *Subject, effective *effectiveSet, send *Send, assignment *numbering.Assignment, v *Verdict, opened *opening) {
	if t != nil {
		t.recordPermissionSet(s, effective, send, assignment, v, opened)
	}
}

func (t *trace) special(by *account, assignment *numbering.Assignment) {
	if t != nil {
		t.recordSpecial(by, assignment)
	}
}

func (t *trace) unallocated(by *account, channel Channel, r *ruling) {
	if t != nil {
		t.recordUnallocated(by, channel, r)
	}
}

func (t *trace) trial(a *account, channel Channel, n *address.Number, outcome Outcome) {
	if t != nil {
		t.recordTrial(a, channel, n, outcome)
	}
}

func (t *trace) sender(name string, set *permissionSet, channel Channel, assignment *numbering.Assignment, v *Verdict) {
	if t != nil {
		t.recordSender(name, set, channel, assignment, v)
	}
}

func (t *trace) openSender(name string, set *permissionSet, channel Channel) {
	if t != nil {
		t.recordOpenSender(name, set, channel)
	}
}

func (t *trace) unscopedService(name string, by *account, channel Channel) {
	if t != nil {
		t.recordUnscopedService(name, by, channel)
	}
}

// keepTerritory says that the verdict on a number is, so far, that of the
// latest attempt.
func (t *trace) keepTerritory() {
	if t != nil {
		t.numberEnd = t.attemptEnd
	}
}

// keepNumber says that the verdict on the send is, so far, that on the latest
// number.
func (t *trace) keepNumber() {
	if t != nil {
		t.sendEnd = t.numberEnd
	}
}
