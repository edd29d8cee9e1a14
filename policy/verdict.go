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
		return deny(AccountUnknown, "no default")
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

// judgeNumber takes one number through steps 3 to 6.
func (s *Snapshot) judgeNumber(a *account, send *Send, n *numbering.Number, now time.Time) Verdict {
	v := s.decide(a, send, n, now)
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
	if t, closed := closedFor(&n.Owner, s.unsupported[send.Channel].Has); closed {
		return Verdict{Outcome: Deny, Reason: Unsupported, Territory: t, Rule: "unsupported " + send.Channel.String()}
	}
	if send.Destination.Scheme == "whatsapp" {
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
	t, closed := closedFor(owner, func(t numbering.Territory) bool {
		return s.byRequest.Has(t) && !a.approved.Has(t) && !a.grants.namesOutright(t)
	})
	if closed {
		return Verdict{Outcome: Deny, Reason: ByRequest, Territory: t, Rule: "by_request voice"}
	}
	return Verdict{}
}

// closedFor tells whether an owner is out of reach because territories are
// closed, and names one: any of its territories, or all of them where one is
// enough to be allowed.
func closedFor(owner *numbering.Owner, closed func(numbering.Territory) bool) (numbering.Territory, bool) {
	for i, t := range owner.Territories {
		last := i == len(owner.Territories)-1
		switch {
		case closed(t) && (last || !owner.Any):
			return t, true
		case !closed(t) && owner.Any:
			return 0, false
		}
	}
	return 0, false
}

// namesOutright tells whether a voice territory is named and not just among
// all of them.
func (g *grants) namesOutright(t numbering.Territory) bool {
	if g.voice == nil {
		return false
	}
	for class := range g.voice {
		if g.voice[class].Outright.Has(t) {
			return true
		}
	}
	return false
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

// judge tells whether the sets have what a number needs: each of its
// territories, or one where one is enough, and for voice in each class that
// the number may have.
func (g *grants) judge(channel Channel, owner *numbering.Owner) Verdict {
	needed := classSet(1 << LowRisk)
	if channel == Voice {
		needed = classes(owner.Kinds)
	}
	var missing Verdict
	for _, t := range owner.Territories {
		v := g.judgeTerritory(channel, t, needed)
		switch {
		case v.Outcome == Allow && owner.Any:
			return v
		case v.Outcome == Deny && !owner.Any:
			return v
		case v.Outcome == Deny && missing.Outcome == Allow:
			missing = v
		}
	}
	if missing.Outcome == Deny {
		return missing
	}
	return Verdict{Outcome: Allow, Reason: Enabled, Rule: g.words[channel]}
}

func (g *grants) judgeTerritory(channel Channel, t numbering.Territory, needed classSet) Verdict {
	v := Verdict{Outcome: Allow, Reason: Enabled, Territory: t, Rule: g.words[channel]}
	for class := range ClassCount {
		if !needed.has(class) || g.grant(channel, class).Set.Has(t) {
			continue
		}
		v.Outcome, v.Reason, v.Class = Deny, TerritoryNotEnabled, class
		if channel == Voice && g.hasAnyClass(t) {
			v.Reason = ClassNotEnabled
		}
		return v
	}
	return v
}

// hasAnyClass tells whether a voice territory is enabled in some class.
func (g *grants) hasAnyClass(t numbering.Territory) bool {
	for class := range g.voice {
		if g.voice[class].Set.Has(t) {
			return true
		}
	}
	return false
}

// judgeTrial holds a trial account to low-risk numbers at home and, by voice,
// to numbers that were verified.
func (a *account) judgeTrial(channel Channel, n *numbering.Number) Verdict {
	var home Set
	home.Add(a.home)
	lowRiskAtHome := classes(n.Owner.Kinds) == 1<<LowRisk
	if v := (&grants{messaging: &Grant{Set: home}}).judge(Messaging, &n.Owner); v.Outcome == Deny {
		lowRiskAtHome = false
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
