package policy

import "github.com/caddy-tollgate/tollgate/numbering"

// permissionSet is what an account, a sender or the default may reach: a grant per
// channel and class, with the words that logs name each by. A nil one was not stated.
type permissionSet struct {
	messaging *Grant
	voice     *[ClassCount]Grant
	words     [ChannelCount]string
	// home says that the account's home takes the place of a set of its own.
	home [ChannelCount]bool
	// verify says that this is a set for verifications alone.
	verify bool
}

// newPermissionSet compiles the permission set that owner states.
func newPermissionSet(owner string, p Permissions) permissionSet {
	return permissionSet{
		messaging: p.Messaging,
		voice:     p.Voice,
		words:     [ChannelCount]string{owner + " messaging", owner + " voice"},
	}
}

// newVerifySet compiles the set for verifications that owner states, nil if it
// states none.
func newVerifySet(owner string, p Permissions) *permissionSet {
	if p == (Permissions{}) {
		return nil
	}
	g := newPermissionSet(owner+" verify", p)
	g.verify = true
	return &g
}

// stateHome gives the channels that state nothing the one territory that a new
// account starts with.
func (g *permissionSet) stateHome(home numbering.Territory) {
	if home == 0 {
		return
	}
	grant := Grant{Set: SetOf(home), Outright: SetOf(home)}
	if g.messaging == nil {
		g.messaging, g.home[Messaging] = &grant, true
	}
	if g.voice == nil {
		g.voice, g.home[Voice] = &[ClassCount]Grant{LowRisk: grant}, true
	}
}

// states reports whether a set is stated for the channel.
func (g *permissionSet) states(channel Channel) bool {
	if g == nil {
		return false
	}
	if channel == Voice {
		return g.voice != nil
	}
	return g.messaging != nil
}

// grant is the set for a class of a channel that is stated.
func (g *permissionSet) grant(channel Channel, class Class) *Grant {
	if channel == Voice {
		return &g.voice[class]
	}
	return g.messaging
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
	needed := classSet(1 << LowRisk)
	if channel == Voice {
		needed = classes(assignment.Kinds)
	}
	for _, t := range assignment.Territories {
		if v := g.judgeTerritory(channel, t, needed); v.Outcome == Deny {
			return v
		}
	}
	return Verdict{Outcome: Allow, Reason: Enabled, Rule: g.words[channel]}
}

func (g *permissionSet) judgeTerritory(channel Channel, t numbering.Territory, needed classSet) Verdict {
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

// hasAnyClass reports whether a voice territory is enabled in some class.
func (g *permissionSet) hasAnyClass(t numbering.Territory) bool {
	for class := range g.voice {
		if g.voice[class].Set.Has(t) {
			return true
		}
	}
	return false
}

// effectiveSet is the permission set in force for the sends of one channel, and the
// account that states it, nil for the default.
type effectiveSet struct {
	set    *permissionSet
	holder *account
}

// emptySet is in force where none is stated.
var emptySet = newPermissionSet("nothing stated:", Permissions{Messaging: new(Grant), Voice: new([ClassCount]Grant)})

// effectiveSet finds the permission set in force for a send: the account's own, else its
// parent's, else the default. A verification goes by the sets for verifications first;
// where none is stated, by those for all sends.
func (s *Subject) effectiveSet(send *Send) effectiveSet {
	if send.Verification {
		for i := s.account; i != nil; i = i.parent {
			if i.verify.states(send.Channel) {
				return effectiveSet{i.verify, i}
			}
		}
		if set := s.snapshot.verify; set.states(send.Channel) {
			return effectiveSet{set: set}
		}
	}
	for i := s.account; i != nil; i = i.parent {
		if i.set.states(send.Channel) {
			return effectiveSet{&i.set, i}
		}
	}
	if set := s.snapshot.defaults; set.states(send.Channel) {
		return effectiveSet{set: set}
	}
	return effectiveSet{set: &emptySet}
}
