package policy

import (
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/numbering"
)

// Send is one intent to reach a destination.
type Send struct {
	// Account that pays, and the account that the credential of the request
	// belongs to, if that is known: an account that nobody has named is a child
	// of the latter.
	Account    string
	Credential string
	// Doubt is why nobody knows whose the send is: CredentialUnknown or
	// CredentialForeign, as NewSend finds; else empty.
	Doubt   Reason
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
}

// ClassName is the class of a verdict on a channel as logs spell it, or "" where
// it has none: of messages, only a denial for their class has.
func (v *Verdict) ClassName(channel Channel) string {
	if v.Territory == 0 || channel == Messaging && v.Reason != ClassNotEnabled {
		return ""
	}
	return v.Class.String()
}

// Judge gives the verdict on one send at a time. Every number that the
// destination can mean must be allowed; the first that is not is named.
func (s *Snapshot) Judge(send *Send, now time.Time) Verdict {
	a, known := s.resolve(send)
	return s.observed(s.judge(a, known, send, now, nil))
}

// judge gives the verdict as if nothing were only observed, and writes down in
// the trace, if there is one, what it looked at.
func (s *Snapshot) judge(a *account, known bool, send *Send, now time.Time, trace *trace) Verdict {
	if trace != nil {
		trace.begin(s, a)
	}
	// Nobody is kept from help: not by whose account it is, nor by what that may do. A
	// code that the carrier reads out is no call for help.
	if send.Destination.Meaning == address.Emergency && !send.Verification {
		if trace != nil {
			trace.destination(&send.Destination)
		}
		return Verdict{Outcome: Allow, Reason: EmergencyCall}
	}
	if v := send.doubted(); v.Outcome == Deny {
		if trace != nil {
			trace.doubt(send)
		}
		return v
	}
	for i := a; i != nil; i = i.parent {
		if trace != nil {
			trace.suspension(s, i)
		}
		if i.suspended {
			return deny(AccountSuspended, "account "+i.id)
		}
	}
	destination := &send.Destination
	switch destination.Meaning {
	case address.Missing:
		if trace != nil {
			trace.destination(destination)
		}
		return Verdict{Outcome: Allow, Reason: NoDestination}
	case address.NotANumber:
		if trace != nil {
			trace.destination(destination)
		}
		return Verdict{Outcome: Allow, Reason: NotANumber}
	case address.Emergency:
		if trace != nil {
			trace.destination(destination)
		}
		return Verdict{Outcome: Allow, Reason: EmergencyCall}
	}
	if !known && s.defaults == nil {
		if trace != nil {
			trace.unknown()
		}
		v := deny(AccountUnknown, "no default")
		if len(destination.Numbers) > 0 && destination.Numbers[0].Owner.Assigned() {
			v.Territory = destination.Numbers[0].Owner.Territories[0]
		}
		return v
	}
	if destination.Meaning == address.Unreadable {
		if trace != nil {
			trace.destination(destination)
		}
		return a.softly(deny(DestinationUnreadable, ""))
	}

	// A number that is refused for good counts more than one that is only
	// monitored, wherever it stands.
	var first Verdict
	for i := range destination.Numbers {
		v := a.softly(s.judgeNumber(a, send, &destination.Numbers[i], now, trace))
		if v.Outcome == Deny {
			if trace != nil {
				trace.keepNumber()
			}
			return v
		}
		if i == 0 || first.Outcome == Allow && v.Outcome == Monitor {
			first = v
			if trace != nil {
				trace.keepNumber()
			}
		}
	}
	return first
}

// resolve finds the account of a send. One that nobody has named is made up: a
// child of the credential's account, or a stranger under the default.
func (s *Snapshot) resolve(send *Send) (a *account, known bool) {
	if a := s.account(send.Account); a != nil {
		return a, true
	}
	parent := s.account(send.Credential)
	return &account{id: send.Account, parent: parent, monitor: parent != nil && parent.monitor}, parent != nil
}

// Covers tells whether there is anything to know of the policy for whoever makes
// a send: its account, or that of its credential, is named, or there is a default
// for accounts that are not. The default is of no account whose name is not of the form
// that the carrier's accounts have.
func (s *Snapshot) Covers(send *Send, wellFormed bool) bool {
	_, known := s.resolve(send)
	return known || s.defaults != nil && (send.Account == "" || wellFormed)
}

// softly turns a denial into a record of it where the account is monitored.
func (a *account) softly(v Verdict) Verdict {
	if v.Outcome == Deny && a.monitor && !alwaysEnforced(v.Reason) {
		v.Outcome = Monitor
	}
	return v
}

// judgeNumber takes one number through steps 3 to 6. Where one of several
// territories is enough, one that passes all steps by itself is needed, and the
// one that came furthest is named otherwise.
func (s *Snapshot) judgeNumber(a *account, send *Send, n *address.Number, now time.Time, trace *trace) Verdict {
	var v Verdict
	if !n.Owner.Any || !n.Owner.Assigned() {
		v = s.decide(a, send, n, now, trace)
		if trace != nil {
			trace.keepTerritory()
		}
	} else {
		one := *n
		for i := range n.Owner.Territories {
			one.Owner.Territories = n.Owner.Territories[i : i+1]
			w := s.decide(a, send, &one, now, trace)
			if w.Territory == 0 {
				w.Territory = one.Owner.Territories[0]
			}
			if i == 0 || w.Outcome == Allow || steps[w.Reason] > steps[v.Reason] {
				v = w
				if trace != nil {
					trace.keepTerritory()
				}
			}
			if v.Outcome == Allow {
				break
			}
		}
	}
	v.Unlisted = !n.Owner.Listed
	if v.Territory == 0 && n.Owner.Assigned() {
		v.Territory = n.Owner.Territories[0]
	}
	if send.Channel == Voice && v.Reason != ClassNotEnabled && v.Reason != SenderNotEnabled {
		v.Class = classes(n.Owner.Kinds).dearest()
	}
	return v
}

func (s *Snapshot) decide(a *account, send *Send, n *address.Number, now time.Time, trace *trace) Verdict {
	channel, owner := send.Channel, &n.Owner
	if trace != nil {
		trace.start(n)
	}
	if !owner.Assigned() {
		return deny(UnassignedCode, "")
	}
	set, holder := s.inForce(a, send)
	rules := s.judgePrefixes(a, holder, n.Digits, channel, now, trace)
	if rules.block != nil {
		return deny(PrefixBlocked, rules.block.words)
	}
	if v := s.judgeUnsupported(send, n, trace); v.Outcome == Deny {
		return v
	}
	if channel == Voice {
		if v := s.judgeByRequest(a, send, owner, rules.operatorAllows, trace); v.Outcome == Deny {
			return v
		}
	}

	verdict := Verdict{Reason: AllowRule}
	if rules.allow != nil {
		verdict.Rule = rules.allow.words
	} else {
		verdict = set.judge(channel, owner)
		if trace != nil {
			trace.permissionSet(s, a, set, send, owner, &verdict)
		}
		if verdict.Outcome == Deny {
			return verdict
		}
		if v := s.judgeSpecial(a, channel, owner, trace); v.Outcome == Deny {
			return v
		}
	}
	if a.trial {
		v := a.judgeTrial(channel, n)
		if trace != nil {
			trace.trial(a, channel, n, v.Outcome)
		}
		if v.Outcome == Deny {
			return v
		}
	}
	if v := s.judgeSenders(a, send, owner, trace); v.Outcome == Deny {
		return v
	}
	return verdict
}

// nothing is in force where nobody has stated anything.
var nothing = newGrants("nothing stated:", Permissions{Messaging: new(Grant), Voice: new([ClassCount]Grant)})

// inForce is the permission set of the account, else of its parent, else the
// default, and the account that states it, nil for the default. A verification
// goes by the sets for verifications first; where nobody states one, by those
// for all sends.
func (s *Snapshot) inForce(a *account, send *Send) (set *grants, holder *account) {
	if send.Verification {
		for i := a; i != nil; i = i.parent {
			if i.verify.states(send.Channel) {
				return i.verify, i
			}
		}
		if s.verify.states(send.Channel) {
			return s.verify, nil
		}
	}
	for i := a; i != nil; i = i.parent {
		if i.grants.states(send.Channel) {
			return &i.grants, i
		}
	}
	if s.defaults.states(send.Channel) {
		return s.defaults, nil
	}
	return &nothing, nil
}

// judgeSpecial denies a message to a number that may be of another class than
// low risk, where such are denied. Of a call, the permission set has the classes.
func (s *Snapshot) judgeSpecial(a *account, channel Channel, owner *numbering.Owner, trace *trace) Verdict {
	class := classes(owner.Kinds).dearest()
	if channel != Messaging || class == LowRisk {
		return Verdict{}
	}
	r, by := s.ruling(a, aboutMessagingSpecial)
	if r.choice != Denied {
		return Verdict{}
	}
	if trace != nil {
		trace.special(by, owner)
	}
	v := deny(ClassNotEnabled, r.words)
	v.Class = class
	return v
}

// judgeTrial holds a trial account to low-risk numbers at home and, by voice,
// to numbers that were verified.
func (a *account) judgeTrial(channel Channel, n *address.Number) Verdict {
	lowRiskAtHome := classes(n.Owner.Kinds) == 1<<LowRisk
	for _, t := range n.Owner.Territories {
		lowRiskAtHome = lowRiskAtHome && t == a.home
	}
	if !lowRiskAtHome || channel == Voice && !a.verified[n.Digits] {
		return deny(TrialRestricted, "account "+a.id+" trial")
	}
	return Verdict{}
}

func deny(reason Reason, rule string) Verdict {
	return Verdict{Outcome: Deny, Reason: reason, Rule: strings.TrimSpace(rule)}
}
