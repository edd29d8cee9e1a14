package policy

import (
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// Send is one intent to reach a destination.
type Send struct {
	// Account that pays, and the account that the credential of the request
	// names, if it names one: an account that nobody has named is a child of
	// the latter.
	Account    string
	Credential string
	Channel    Channel
	// Destination as numbering.Reader read it.
	Destination numbering.Reading
	// Senders that the request names, each by the names ReadSender gives it.
	Senders []string
}

// Verdict is what a policy says to one send, and why.
type Verdict struct {
	Outcome Outcome
	Reason  Reason
	// Territory that decided, or the first one of the destination; zero where
	// there is no number.
	Territory numbering.Territory
	// Class of a voice destination.
	Class Class
	// Rule that decided, in words for people: "account AC… messaging".
	Rule string
	// Unlisted is true if the number is in no known range.
	Unlisted bool
}

// Judge gives the verdict on one send at a time. Every number that the
// destination can mean must be allowed; the first that is not is named.
func (s *Snapshot) Judge(send *Send, now time.Time) Verdict {
	v := s.judge(send, now)
	if v.Outcome == Deny && s.observe {
		v.Outcome = Monitor
	}
	return v
}

func (s *Snapshot) judge(send *Send, now time.Time) Verdict {
	a, known := s.resolve(send)
	for i := a; i != nil; i = i.parent {
		if i.suspended {
			return deny(AccountSuspended, "account "+i.id)
		}
	}
	destination := &send.Destination
	switch destination.Meaning {
	case numbering.Missing:
		return Verdict{Outcome: Allow, Reason: NoDestination}
	case numbering.NotANumber:
		return Verdict{Outcome: Allow, Reason: NotANumber}
	}
	if !known && s.defaults == nil {
		v := deny(AccountUnknown, "no default")
		if len(destination.Numbers) > 0 && destination.Numbers[0].Owner.Assigned() {
			v.Territory = destination.Numbers[0].Owner.Territories[0]
		}
		return v
	}
	if destination.Meaning == numbering.Unreadable {
		return a.softly(deny(DestinationUnreadable, ""))
	}

	// A number that is refused for good counts more than one that is only
	// monitored, wherever it stands.
	var first Verdict
	for i := range destination.Numbers {
		v := a.softly(s.judgeNumber(a, send, &destination.Numbers[i], now))
		if v.Outcome == Deny {
			return v
		}
		if i == 0 || first.Outcome == Allow && v.Outcome == Monitor {
			first = v
		}
	}
	return first
}

// resolve finds the account of a send. One that nobody has named is made up: a
// child of the credential's account, or a stranger under the default.
func (s *Snapshot) resolve(send *Send) (a *account, known bool) {
	if a := s.accounts[CanonicalSID(send.Account)]; a != nil {
		return a, true
	}
	parent := s.accounts[CanonicalSID(send.Credential)]
	return &account{id: send.Account, parent: parent, monitor: parent != nil && parent.monitor}, parent != nil
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
func (s *Snapshot) judgeNumber(a *account, send *Send, n *numbering.Number, now time.Time) Verdict {
	var v Verdict
	if !n.Owner.Any || !n.Owner.Assigned() {
		v = s.decide(a, send, n, now)
	} else {
		one := *n
		for i := range n.Owner.Territories {
			one.Owner.Territories = n.Owner.Territories[i : i+1]
			w := s.decide(a, send, &one, now)
			if w.Territory == 0 {
				w.Territory = one.Owner.Territories[0]
			}
			if i == 0 || w.Outcome == Allow || steps[w.Reason] > steps[v.Reason] {
				v = w
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

func (s *Snapshot) decide(a *account, send *Send, n *numbering.Number, now time.Time) Verdict {
	channel, owner := send.Channel, &n.Owner
	if !owner.Assigned() {
		return deny(UnassignedCode, "")
	}
	rules := s.judgePrefixes(a, n.Digits, channel, now)
	if rules.block != nil {
		return deny(PrefixBlocked, rules.block.words)
	}
	if v := s.judgeUnsupported(send, n); v.Outcome == Deny {
		return v
	}
	if v := s.judgeByRequest(a, channel, owner); v.Outcome == Deny && !rules.operatorAllows {
		return v
	}

	verdict := Verdict{Reason: AllowRule}
	if rules.allow != nil {
		verdict.Rule = rules.allow.words
	} else if verdict = s.inForce(a, channel).judge(channel, owner); verdict.Outcome == Deny {
		return verdict
	}
	if a.trial {
		if v := a.judgeTrial(channel, n); v.Outcome == Deny {
			return v
		}
	}
	for _, name := range send.Senders {
		if g := a.sender(name); g != nil && g.states(channel) {
			if v := g.judge(channel, owner); v.Outcome == Deny {
				v.Reason = SenderNotEnabled
				return v
			}
		}
	}
	return verdict
}

// prefixes is what the prefix rules of all levels say to a number.
type prefixes struct {
	block *prefixRule
	allow *prefixRule
	// operatorAllows says that the operator's own rules allow it.
	operatorAllows bool
}

// judgePrefixes judges each level alone: a block that decides its level stands
// whatever the other levels say. A parent's blocks reach its children; its
// allows only those that inherit the channel.
func (s *Snapshot) judgePrefixes(a *account, digits string, channel Channel, now time.Time) (p prefixes) {
	if r := s.operator.decide(digits, channel, now); r != nil {
		if r.Block {
			return prefixes{block: r}
		}
		p.allow, p.operatorAllows = r, true
	}
	inherits := true
	for i := a; i != nil; i = i.parent {
		r := i.rules.decide(digits, channel, now)
		switch {
		case r == nil:
		case r.Block:
			return prefixes{block: r}
		case inherits && p.allow == nil:
			p.allow = r
		}
		inherits = inherits && !i.grants.states(channel)
	}
	return p
}

// judgeUnsupported denies what the carrier does not serve at all.
func (s *Snapshot) judgeUnsupported(send *Send, n *numbering.Number) Verdict {
	for _, t := range n.Owner.Territories {
		if s.unsupported[send.Channel].Has(t) {
			return Verdict{Outcome: Deny, Reason: Unsupported, Territory: t, Rule: "unsupported " + send.Channel.String()}
		}
	}
	if send.Channel == Messaging && send.Destination.Scheme == "whatsapp" {
		if r := s.whatsApp.decide(n.Digits, send.Channel, time.Time{}); r != nil {
			return deny(Unsupported, "unsupported whatsapp +"+r.Prefix)
		}
	}
	return Verdict{}
}

// judgeByRequest denies a voice destination that the carrier opens on request
// and that this very account has not been opened.
func (s *Snapshot) judgeByRequest(a *account, channel Channel, owner *numbering.Owner) Verdict {
	if channel != Voice {
		return Verdict{}
	}
	for _, t := range owner.Territories {
		if s.byRequest.Has(t) && !a.approved.Has(t) && t != a.home && !a.grants.namesOutright(t) {
			return Verdict{Outcome: Deny, Reason: ByRequest, Territory: t, Rule: "by_request voice"}
		}
	}
	return Verdict{}
}

// nothing is in force where nobody has stated anything.
var nothing = newGrants("nothing stated:", Permissions{Messaging: new(Grant), Voice: new([ClassCount]Grant)})

// inForce is the permission set of the account, else of its parent, else the
// default.
func (s *Snapshot) inForce(a *account, channel Channel) *grants {
	for i := a; i != nil; i = i.parent {
		if i.grants.states(channel) {
			return &i.grants
		}
	}
	if s.defaults != nil && s.defaults.states(channel) {
		return s.defaults
	}
	return &nothing
}

// judgeTrial holds a trial account to low-risk numbers at home and, by voice,
// to numbers that were verified.
func (a *account) judgeTrial(channel Channel, n *numbering.Number) Verdict {
	lowRiskAtHome := classes(n.Owner.Kinds) == 1<<LowRisk
	for _, t := range n.Owner.Territories {
		lowRiskAtHome = lowRiskAtHome && t == a.home
	}
	if !lowRiskAtHome || channel == Voice && !a.verified[n.Digits] {
		return deny(TrialRestricted, "account "+a.id+" trial")
	}
	return Verdict{}
}

// sender returns the sets of a sender; a subaccount has those of its parent
// where it does not name the sender itself.
func (a *account) sender(name string) *grants {
	for i := a; i != nil; i = i.parent {
		if g := i.senders[name]; g != nil {
			return g
		}
	}
	return nil
}

func deny(reason Reason, rule string) Verdict {
	return Verdict{Outcome: Deny, Reason: reason, Rule: strings.TrimSpace(rule)}
}
