package review

import (
	"maps"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/policy"
)

// shift is which territories of a channel open and close, per class.
type shift [policy.ClassCount]struct{ opens, closes policy.Set }

// sends are those of an account that are judged alike, whatever their destination.
type sends struct {
	account policy.CarrierAccount
	policy.Send
}

// basis is what a shift depends on.
type basis struct {
	channel       policy.Channel
	before, after policy.Basis
}

// classes are the risk classes of a channel. Messaging has one.
func classes(channel policy.Channel) policy.Class {
	if channel == policy.Messaging {
		return policy.LowRisk + 1
	}
	return policy.ClassCount
}

// territories records what opens and closes for an account, for each of its senders that
// may reach less, and for verifications where they have sets of their own.
func (c *comparison) territories(account policy.CarrierAccount) {
	for _, sender := range append([]string{""}, c.senders(account)...) {
		for channel := range policy.ChannelCount {
			send := sends{account, policy.Send{Channel: channel}}
			if sender != "" {
				send.Senders = []string{sender}
			}
			basis := c.basis(&send)
			if sender != "" && !basis.before.Narrows() && !basis.after.Narrows() {
				continue // it changes with the account
			}
			c.moves(&send, &basis)
		}
	}
	for channel := range policy.ChannelCount {
		send := sends{account, policy.Send{Channel: channel, Verification: true}}
		basis := c.basis(&send)
		if !basis.before.Verifies() && !basis.after.Verifies() {
			continue // they change with all other sends
		}
		c.moves(&send, &basis)
	}
}

// basis is what the sends of an account depend on, on both sides.
func (c *comparison) basis(send *sends) basis {
	before, after := c.subjects(send)
	return basis{channel: send.Channel, before: before.Basis(send.Send, c.now), after: after.Basis(send.Send, c.now)}
}

// subjects is whose sends they are, on both sides.
func (c *comparison) subjects(send *sends) (before, after policy.Subject) {
	return c.before.Snapshot.SubjectOf(send.account), c.after.Snapshot.SubjectOf(send.account)
}

// moves records what opens and closes for a send, class by class.
func (c *comparison) moves(send *sends, basis *basis) {
	shift := c.shift(send, basis)
	for class := range classes(send.Channel) {
		where := Change{What: Territories, Channel: channelName(send.Channel, send.Verification)}
		if len(send.Senders) > 0 {
			where.Sender = send.Senders[0]
		}
		if send.Channel == policy.Voice {
			where.Class = class.String()
		}
		c.moved(send.account, where, Opens, &shift[class].opens)
		c.moved(send.account, where, Closes, &shift[class].closes)
		c.stated(send, where, class, basis, &shift)
	}
	c.held(send, basis)
}

// moved records territories that change in a direction, if any do.
func (c *comparison) moved(account policy.CarrierAccount, change Change, direction Direction, set *policy.Set) {
	if set.Len() == 0 {
		return
	}
	change.Direction, change.Territories = direction, codes(set)
	text := strings.TrimSpace(change.Channel + " " + change.Class)
	if change.Sender != "" {
		text += " from sender " + change.Sender
	}
	change.Text = text + ": " + listed(change.Territories, "territories")
	c.add(account, change)
}

// shift judges every territory by both policies, unless nothing that it depends on
// differs or the same was judged before.
func (c *comparison) shift(send *sends, basis *basis) (s shift) {
	if basis.before == basis.after && c.sameLists() {
		return s
	}
	if known, ok := c.judged[*basis]; ok {
		return known
	}
	subjectBefore, subjectAfter := c.subjects(send)
	for class := range classes(basis.channel) {
		before := subjectBefore.Enabled(send.Send, class, c.now)
		after := subjectAfter.Enabled(send.Send, class, c.now)
		s[class].opens, s[class].closes = less(after, before), less(before, after)
	}
	c.judged[*basis] = s
	return s
}

// less returns what is in a and not in b.
func less(a, b policy.Set) policy.Set {
	for word := range a {
		a[word] &^= b[word]
	}
	return a
}

// sameLists reports whether both sides have the same lists of what the carrier does not
// serve or opens on request.
func (c *comparison) sameLists() bool {
	before, after := c.before.Snapshot, c.after.Snapshot
	return before.ByRequest() == after.ByRequest() &&
		before.Unsupported(policy.Messaging) == after.Unsupported(policy.Messaging) &&
		before.Unsupported(policy.Voice) == after.Unsupported(policy.Voice)
}

// senders lists the senders that either side names for the account or above it.
func (c *comparison) senders(account policy.CarrierAccount) []string {
	var names map[string]bool
	for _, s := range []*indexedSide{&c.before, &c.after} {
		for a := s.accounts[account]; a != nil; a = s.byID[a.Parent] {
			for i := range a.Senders {
				if names == nil {
					names = make(map[string]bool)
				}
				names[a.Senders[i].ID] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

func codes(set *policy.Set) []string {
	list := make([]string, 0, set.Len())
	for t := range set.All() {
		list = append(list, t.String())
	}
	return list
}
