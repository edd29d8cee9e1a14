package policy

import (
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/numbering"
)

// Send is one intent of a Subject to reach a destination.
type Send struct {
	Channel Channel
	// Destination as address.Reader read it.
	Destination address.Reading
	// Senders that the request names, each by the names ReadSender gives it.
	Senders []string
	// Verification says that the carrier itself sends a code to the destination.
	Verification bool
}

// Verdict is what a policy says to one send, and why.
type Verdict struct {
	Outcome Outcome
	Reason  Reason
	// Territory that decided, or the first one of the destination; zero where
	// there is no number.
	Territory numbering.Territory
	// Class of a voice destination, or the one that a message is denied for;
	// ClassName tells which verdicts have one.
	Class Class
	// Rule that decided, in words for people: "account AC… messaging".
	Rule string
	// Unlisted is true if the number is in no known range.
	Unlisted bool
	// Recorded says that Monitor is the policy's own choice for the range of the number.
	// Otherwise it stands in for a denial that is not enforced.
	Recorded bool
	// lifts is whose limits the allow rule that decided stands in for.
	lifts levels
}

// Severity orders verdicts: what is allowed, what is recorded by choice, what would be
// denied if it were enforced, and what is denied.
func (v *Verdict) Severity() int {
	if v.Recorded {
		return 1
	}
	return [...]int{Allow: 0, Monitor: 2, Deny: 3}[v.Outcome]
}

// ClassName is the class of a verdict on a channel as logs spell it, or "" where
// it has none: of messages, only a denial for their class has.
func (v *Verdict) ClassName(channel Channel) string {
	if v.Territory == 0 || channel != Voice && v.Reason != ClassNotEnabled {
		return ""
	}
	return v.Class.String()
}

// Judge gives the verdict on one send at a time. Every number that the
// destination can mean must be allowed; the first that is not is named.
func (s *Subject) Judge(send *Send, now time.Time) Verdict {
	v := s.judgeSend(send, now, nil)
	if v.Outcome == Deny && s.snapshot.observe.Holds(now) {
		v.Outcome = Monitor
	}
	return v
}

// Explain gives the verdict that Judge gives, and every step that led to it, in
// the order in which they were taken.
func (s *Subject) Explain(send *Send, now time.Time) (Verdict, []Step) {
	trace := trace{steps: make([]Step, 0, usualSteps)}
	v := s.observed(s.judgeSend(send, now, &trace), now)
	trace.markDeciding()
	return v, trace.steps
}

// usualSteps is room for the steps of one number under a subaccount.
const usualSteps = 12

// judgeSend gives the verdict as if nothing were only observed, in the order of
// docs/design.md, and records in the trace, if there is one, what it looked at.
func (s *Subject) judgeSend(send *Send, now time.Time, trace *trace) Verdict {
	trace.begin(s, now)
	destination := &send.Destination
	// No one is kept from help: not by whose account it is, nor by what that may do. A
	// code that the carrier reads out is not a call for help.
	if destination.Meaning == address.Emergency && !send.Verification {
		trace.destination(destination)
		return Verdict{Outcome: Allow, Reason: EmergencyCall}
	}
	if v := s.judge(now, trace); v.Outcome == Deny {
		return v
	}
	if reason := noToll[destination.Meaning]; reason != "" {
		trace.destination(destination)
		return Verdict{Outcome: Allow, Reason: reason}
	}
	if s.isUnknown() {
		trace.unknownAccount()
		return denyUnknown(destination)
	}
	if destination.Meaning == address.Unreadable {
		trace.destination(destination)
		return s.downgradeIfMonitored(deny(DestinationUnreadable, ""), now)
	}
	if !isImpossible(destination) {
		return s.judgeNumbers(send, now, trace)
	}
	v := s.judgeNumbers(send, now, trace)
	if v.Outcome != Allow && !v.Recorded && isAboutNumber[v.Reason] {
		// The territory of a number that cannot exist says nothing, and opening it would
		// not help.
		v = Verdict{Outcome: v.Outcome, Reason: ImpossibleNumber, Rule: v.Rule}
		trace.impossible(destination)
	}
	return v
}

// isAboutNumber has the denials of a number for what it is, not for what is stated of its
// prefix or of who sends.
var isAboutNumber = map[Reason]bool{
	Unsupported:         true,
	ByRequest:           true,
	TerritoryNotEnabled: true,
	ClassNotEnabled:     true,
	UnallocatedRange:    true,
	TrialRestricted:     true,
	SenderNotEnabled:    true,
}

// noToll says why a destination that is not a number passes, by what it means. Others
// have no reason.
var noToll = [...]Reason{
	address.Missing:    NoDestination,
	address.NotANumber: NotANumber,
	address.Emergency:  EmergencyCall,
	address.Numbers:    "",
	address.Unreadable: "",
}

// denyUnknown denies an account that no one has named.
func denyUnknown(destination *address.Reading) Verdict {
	v := deny(AccountUnknown, "no default")
	if destination.Numbers.Len() > 0 && destination.Numbers.At(0).Assignment.Assigned() && !isImpossible(destination) {
		v.Territory = destination.Numbers.At(0).Assignment.Territories[0]
	}
	return v
}

// isImpossible reports whether no number that a destination can mean can exist. Beside one
// that may, an impossible number is judged by its territories like any other: which of them
// the carrier would dial is unknown.
func isImpossible(destination *address.Reading) bool {
	for i := range destination.Numbers.Len() {
		if destination.Numbers.At(i).Assignment.Impossible == 0 {
			return false
		}
	}
	return destination.Numbers.Len() > 0
}

// judgeNumbers judges every number that a destination can mean. A number that is
// refused for good counts more than one that is only monitored, wherever it is.
func (s *Subject) judgeNumbers(send *Send, now time.Time, trace *trace) Verdict {
	var first Verdict
	for i := range send.Destination.Numbers.Len() {
		v := s.judgeNumber(send, send.Destination.Numbers.At(i), now, trace)
		if v.Outcome == Deny && s.isMonitored(v.Reason, now) {
			v.Outcome = Monitor
		}
		if v.Outcome == Deny {
			trace.keepNumber()
			return v
		}
		if i == 0 || v.Severity() > first.Severity() {
			first = v
			trace.keepNumber()
		}
	}
	return first
}

// judgeNumber takes one number through steps 3 to 6. Where one of several
// territories is enough, one that passes all steps by itself is needed, and the
// one that came furthest is named otherwise.
func (s *Subject) judgeNumber(send *Send, n *address.Number, now time.Time, trace *trace) Verdict {
	var v Verdict
	if !n.Assignment.Any || !n.Assignment.Assigned() {
		v = s.decide(send, n, now, trace)
		trace.keepTerritory()
	} else {
		one := *n
		for i := range n.Assignment.Territories {
			one.Assignment.Territories = n.Assignment.Territories[i : i+1]
			w := s.decide(send, &one, now, trace)
			if w.Territory == 0 {
				w.Territory = one.Assignment.Territories[0]
			}
			if i == 0 || w.Outcome != Deny || progress[w.Reason] > progress[v.Reason] {
				v = w
				trace.keepTerritory()
			}
			if v.Outcome != Deny {
				break
			}
		}
	}
	v.Unlisted = !n.Assignment.Listed
	if v.Territory == 0 && n.Assignment.Assigned() {
		v.Territory = n.Assignment.Territories[0]
	}
	if send.Channel == Voice && v.Reason != ClassNotEnabled && v.Reason != SenderNotEnabled {
		v.Class = classes(n.Assignment.Kinds).riskiest()
	}
	if s.snapshot.feeds != nil && v.Reason == ClassNotEnabled {
		v.Rule += s.raisedBy(n.Digits, v.Class)
	}
	return v
}

func (s *Subject) decide(send *Send, n *address.Number, now time.Time, trace *trace) Verdict {
	channel, assignment := send.Channel, &n.Assignment
	trace.number(n)
	if !assignment.Assigned() {
		return deny(UnassignedCode, "")
	}
	effective := s.effectiveSet(send)
	rules := s.judgePrefixes(effective.holder, n.Digits, channel, now, trace)
	if rules.block != nil {
		return deny(PrefixBlocked, rules.block.words)
	}
	if s.snapshot.feeds != nil {
		if v := s.judgeFeeds(n.Digits, channel, rules.operator, trace); v.Outcome == Deny {
			return v
		}
	}
	if v := s.judgePanic(channel, assignment, trace); v.Outcome == Deny {
		return v
	}
	if v := s.judgeUnsupported(send, n, trace); v.Outcome == Deny {
		return v
	}
	if channel == Voice {
		if v := s.judgeByRequest(send, n, rules.operator != nil, now, trace); v.Outcome == Deny {
			return v
		}
	}

	verdict := Verdict{Reason: AllowRule}
	var unallocated *ruling
	if rules.allow != nil {
		verdict.Rule, verdict.lifts = rules.allow.words, rules.lifts
	} else {
		verdict = effective.set.judge(effective.channel, assignment)
		var opened *opening
		if verdict.Outcome == Deny {
			opened = s.opened(&effective, channel, n, &verdict, now)
			trace.idleOpenings(StepPermissionSet, s.account, channel, n, now)
		}
		trace.permissionSet(s, &effective, send, assignment, &verdict, opened)
		if opened != nil {
			trace.opened(s.account, opened)
			verdict = Verdict{Reason: Opened, Rule: opened.words}
		}
		if verdict.Outcome == Deny {
			return verdict
		}
		if v := s.judgeSpecial(channel, assignment, trace); v.Outcome == Deny {
			return v
		}
		if !assignment.Listed {
			if unallocated = s.judgeUnallocated(send, assignment, trace); unallocated != nil && unallocated.choice == Denied {
				return deny(UnallocatedRange, unallocated.words)
			}
		}
	}
	if s.account.trial {
		v := s.account.judgeTrial(channel, n)
		trace.trial(s.account, channel, n, v.Outcome)
		if v.Outcome == Deny {
			return v
		}
	}
	if v := s.judgeSenders(send, assignment, trace); v.Outcome == Deny {
		return v
	}
	if unallocated != nil && unallocated.choice == Monitored {
		return Verdict{Outcome: Monitor, Reason: UnallocatedRange, Territory: verdict.Territory, Rule: unallocated.words, Recorded: true}
	}
	return verdict
}

// judgeSpecial denies a message to a number that may be of another class than
// low risk, where such are denied. Of a call, the permission set has the classes.
func (s *Subject) judgeSpecial(channel Channel, assignment *numbering.Assignment, trace *trace) Verdict {
	class := classes(assignment.Kinds).riskiest()
	if channel == Voice || class == LowRisk {
		return Verdict{}
	}
	r, by := s.ruling(aboutMessagingSpecial)
	if r.choice != Denied {
		return Verdict{}
	}
	trace.special(by, assignment)
	v := deny(ClassNotEnabled, r.words)
	v.Class = class
	return v
}

// judgeUnallocated is the ruling on a send to a number in no known range. An allow rule or a
// range of the operator's that names the number comes before. There is none for a reading
// that cannot exist, beside one that may: it is not what the carrier will dial.
func (s *Subject) judgeUnallocated(send *Send, assignment *numbering.Assignment, trace *trace) *ruling {
	if assignment.Impossible != 0 && !isImpossible(&send.Destination) {
		return nil
	}
	channel := send.Channel.Base()
	r, by := s.unallocated(channel)
	trace.unallocated(by, channel, r)
	return r
}

// judgeTrial holds a trial account to low-risk numbers at home and, by voice,
// to numbers that were verified.
func (a *account) judgeTrial(channel Channel, n *address.Number) Verdict {
	lowRiskAtHome := classes(n.Assignment.Kinds) == 1<<LowRisk
	for _, t := range n.Assignment.Territories {
		lowRiskAtHome = lowRiskAtHome && t == a.home
	}
	if !lowRiskAtHome || channel == Voice && !a.verified[n.Digits] {
		return deny(TrialRestricted, "account "+a.id+" trial")
	}
	return Verdict{}
}

func deny(reason Reason, rule string) Verdict {
	return Verdict{Outcome: Deny, Reason: reason, Rule: rule}
}
