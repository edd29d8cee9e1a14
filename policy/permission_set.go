package policy

import "github.com/caddy-tollgate/tollgate/numbering"

// grants are permission sets per channel and class, with the words that logs
// name each by. A nil set was not stated.
type grants struct {
	messaging *Grant
	voice     *[ClassCount]Grant
	words     [ChannelCount]string
	// home tells whether the account's home stands in for a set of its own.
	home [ChannelCount]bool
	// verify tells that these are sets for verifications alone.
	verify bool
}

// newGrants compiles the permission sets that owner states.
func newGrants(owner string, p Permissions) grants {
	return grants{
		messaging: p.Messaging,
		voice:     p.Voice,
		words:     [ChannelCount]string{owner + " messaging", owner + " voice"},
	}
}

// newVerify compiles the sets for verifications that owner states, nil if it
// states none.
func newVerify(owner string, p Permissions) *grants {
	if p == (Permissions{}) {
		return nil
	}
	g := newGrants(owner+" verify", p)
	g.verify = true
	return &g
}

// stateHome gives the channels that state nothing the one territory that a new
// account starts with.
func (g *grants) stateHome(home numbering.Territory) {
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

// states tells whether a set is stated for the channel.
func (g *grants) states(channel Channel) bool {
	if g == nil {
		return false
	}
	if channel == Voice {
		return g.voice != nil
	}
	return g.messaging != nil
}

// grant is the set for a class of a channel that is stated.
func (g *grants) grant(channel Channel, class Class) *Grant {
	if channel == Voice {
		return &g.voice[class]
	}
	return g.messaging
}

// namesOutright tells whether a voice territory is named and not just among
// all of them.
func (g *grants) namesOutright(t numbering.Territory) bool {
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

// judge tells whether the sets have what a number needs: each of its
// territories, and for voice in each class that the number may have.
func (g *grants) judge(channel Channel, owner *numbering.Owner) Verdict {
	needed := classSet(1 << LowRisk)
	if channel == Voice {
		needed = classes(owner.Kinds)
	}
	for _, t := range owner.Territories {
		if v := g.judgeTerritory(channel, t, needed); v.Outcome == Deny {
			return v
		}
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
