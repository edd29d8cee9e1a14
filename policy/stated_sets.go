package policy

import "github.com/caddy-tollgate/tollgate/numbering"

// StatedSets are the territories that the permission set in force for a channel has, by class;
// those of messages are of LowRisk. What the carrier does not serve, or opens to others by request
// only, is left out. Neither a suspension nor a panic, rules or openings make a difference. With
// them is who states the set.
func (s *Subject) StatedSets(channel Channel) (sets [ClassCount]Set, holder Holder) {
	send := Send{Channel: channel}
	e := s.effectiveSet(&send)
	for class, stated := range e.set.sets(e.channel) {
		for t := range stated.All() {
			if s.MayState(channel, t) {
				sets[class].Add(t)
			}
		}
	}
	return sets, s.statedBy(&e)
}

// statedBy is who states a set in force.
func (s *Subject) statedBy(e *effectiveSet) Holder {
	switch {
	case e.holder == nil && e.set == &emptySet:
		return NoHolder
	case e.holder == nil:
		return TheDefault
	case e.holder == s.account:
		return ItsOwn
	}
	return ItsParent
}

// Inherits reports whether the account has a parent and states nothing for a channel: what its
// parent states is in force for it, now or later.
func (s *Subject) Inherits(channel Channel) bool {
	return s.account.parent != nil && !s.account.set.states(channel)
}

// MayState reports whether stating a territory would open it: the carrier serves it, and does not
// open it by request only, unless it did for this account.
func (s *Subject) MayState(channel Channel, t numbering.Territory) bool {
	return !s.snapshot.unsupported[channel].territories.Has(t) &&
		(channel != Voice || !s.snapshot.byRequest.Has(t) || s.account.isApproved(t, false))
}

// StatesAllow reports whether the account itself states a rule that allows a prefix, as E.164
// digits without "+", on all channels, without exceptions and for good.
func (s *Subject) StatesAllow(prefix string) bool {
	for _, rules := range s.account.rules.rules {
		for _, r := range rules {
			if !r.Block && r.Prefix == prefix && r.Channel == nil && len(r.Except) == 0 && r.From.IsZero() && r.Until.IsZero() {
				return true
			}
		}
	}
	return false
}
