package policy

import (
	"math/bits"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// permissionSet is what an account, a sender or the default may reach: a grant per
// channel and class, with the words that logs name each by. A nil one was not stated.
type permissionSet struct {
	// The grants are shared by all sets that state the same.
	*grants
	// text has the words of the channels that are stated, in their order and all filled up to
	// one length.
	text string
}

// grants are what a permission set states.
type grants struct {
	messages [ChannelCount]*Grant // none for Voice
	voice    *[ClassCount]Grant
	stated   ChannelSet
	// home says that the account's home takes the place of a set of its own.
	home [ChannelCount]bool
	// complete says that the set leaves no channel to those above it, since the account has
	// a home: what it does not state of messages by an app goes by messaging.
	complete bool
	// verify says that this is a set for verifications alone.
	verify bool
}

func newGrants(p Permissions) grants {
	return grants{messages: [ChannelCount]*Grant{Messaging: p.Messaging, WhatsApp: p.WhatsApp, RCS: p.RCS}, voice: p.Voice}
}

// newPermissionSet compiles the grants of an owner, who is named by the parts of its name.
func (n *interner) newPermissionSet(g grants, owner ...string) permissionSet {
	parts := make([]string, 0, 16)
	for channel := range ChannelCount {
		if g.states(channel) {
			g.stated |= Channels(channel)
			name := channel.String()
			parts = append(append(parts, owner...), " ", name, longestChannel[len(name):])
		}
	}
	return permissionSet{n.grants(g), n.text(parts...)}
}

// newVerifySet compiles the set for verifications that owner states, nil if it
// states none.
func (n *interner) newVerifySet(owner string, p Permissions) *permissionSet {
	if p == (Permissions{}) {
		return nil
	}
	g := newGrants(p)
	g.verify = true
	set := n.newPermissionSet(g, owner, " verify")
	return &set
}

// words name the set for a channel that is stated, as a verdict's Rule does.
func (g *permissionSet) words(channel Channel) string {
	width := len(g.text) / bits.OnesCount8(uint8(g.stated))
	begin := width * bits.OnesCount8(uint8(g.stated&(1<<channel-1)))
	return g.text[begin : begin+width-len(longestChannel)+len(channel.String())]
}

// longestChannel is as long as the name of any channel.
const longestChannel = "messaging"

// stateHome gives the channels that state nothing the one territory that a new
// account starts with.
func (g *grants) stateHome(home numbering.Territory) {
	if home == 0 {
		return
	}
	g.complete = true
	grant := Grant{Set: SetOf(home), Outright: SetOf(home)}
	if g.messages[Messaging] == nil {
		g.messages[Messaging], g.home[Messaging] = &grant, true
	}
	if g.voice == nil {
		g.voice, g.home[Voice] = &[ClassCount]Grant{LowRisk: grant}, true
	}
}

// states reports whether a set is stated for the channel.
func (g *permissionSet) states(channel Channel) bool { return g != nil && g.grants.states(channel) }

func (g *grants) states(channel Channel) bool {
	if channel == Voice {
		return g.voice != nil
	}
	return g.messages[channel] != nil
}

// inForce is the channel whose set is in force for a channel in g by itself: the channel, or
// its base where g states only that.
func (g *permissionSet) inForce(channel Channel) (by Channel, stated bool) {
	if !g.states(channel) {
		channel = channel.Base()
	}
	return channel, g.states(channel)
}

// grant is the set for a class of a channel that is stated.
func (g *permissionSet) grant(channel Channel, class Class) *Grant {
	if channel == Voice {
		return &g.voice[class]
	}
	return g.messages[channel]
}

// namesOutright reports whether a voice territory is named and not just among
// all of them.
func (g *permissionSet) namesOutright(t numbering.Territory) bool {
	if g == nil || g.voice == nil {
		return false
	}
	for class := range g.voice {
		if g.voice[class].Outright.Has(t) {
			return true
		}
	}
	return false
}

// judge reports whether the sets have what a number needs: each of its
// territories, and for voice in each class that the number may have.
func (g *permissionSet) judge(channel Channel, assignment *numbering.Assignment) Verdict {
	needed := neededClasses(channel, assignment)
	for _, t := range assignment.Territories {
		if v := g.judgeTerritory(channel, t, needed); v.Outcome == Deny {
			return v
		}
	}
	return Verdict{Outcome: Allow, Reason: Enabled, Rule: g.words(channel)}
}

func (g *permissionSet) judgeTerritory(channel Channel, t numbering.Territory, needed classSet) Verdict {
	v := Verdict{Outcome: Allow, Reason: Enabled, Territory: t, Rule: g.words(channel)}
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

// hasAnyClass reports whether a voice territory is enabled in some class.
func (g *permissionSet) hasAnyClass(t numbering.Territory) bool {
	for class := range g.voice {
		if g.voice[class].Set.Has(t) {
			return true
		}
	}
	return false
}

// effectiveSet is the permission set in force for the sends of one channel, the channel that
// it is stated for, and the account that states it, nil for the default.
type effectiveSet struct {
	set     *permissionSet
	channel Channel
	holder  *account
}

// emptySet is in force where none is stated.
var emptySet = newInterner().newPermissionSet(newGrants(Permissions{Messaging: new(Grant), Voice: new([ClassCount]Grant)}), "nothing stated:")

// effectiveSet finds the permission set in force for a send: the account's own, else its
// parent's, else the default. A verification goes by the sets for verifications first;
// where none is stated, by those for all sends. In both, what no one states for the channel
// is found in the same way for its base.
func (s *Subject) effectiveSet(send *Send) effectiveSet {
	base := send.Channel.Base()
	if send.Verification {
		if e := s.verifySet(send.Channel); e.set != nil {
			return e
		}
		if send.Channel != base {
			if e := s.verifySet(base); e.set != nil {
				return e
			}
		}
	}
	if send.Channel != base {
		if e := s.appSet(send.Channel); e.set != nil {
			return e
		}
	}
	for i := s.account; i != nil; i = i.parent {
		if i.set.states(base) {
			return effectiveSet{&i.set, base, i}
		}
	}
	if set := s.snapshot.defaults; set.states(base) {
		return effectiveSet{set: set, channel: base}
	}
	return effectiveSet{set: &emptySet, channel: base}
}

// verifySet is the set for verifications in force for a channel, if one is stated.
func (s *Subject) verifySet(channel Channel) effectiveSet {
	for i := s.account; i != nil; i = i.parent {
		if i.verify.states(channel) {
			return effectiveSet{i.verify, channel, i}
		}
	}
	if set := s.snapshot.verify; set.states(channel) {
		return effectiveSet{set: set, channel: channel}
	}
	return effectiveSet{}
}

// appSet is the set in force for messages by an app, if one is stated. Above an account with
// a home no one is asked.
func (s *Subject) appSet(channel Channel) effectiveSet {
	for i := s.account; i != nil; i = i.parent {
		switch {
		case i.set.states(channel):
			return effectiveSet{&i.set, channel, i}
		case i.set.complete:
			return effectiveSet{}
		}
	}
	if set := s.snapshot.defaults; set.states(channel) {
		return effectiveSet{set: set, channel: channel}
	}
	return effectiveSet{}
}
