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

// classes are the risk classes of a channel. Messages have one.
func classes(channel policy.Channel) policy.Class {
	if channel != policy.Voice {
		return policy.LowRisk + 1
	}
	return policy.ClassCount
}

// territories records what opens and closes for an account, for each of its senders that
// may reach less, and for verifications where they have sets of their own.
func (c *comparison) territories(account policy.CarrierAccount) {
	for _, sender := range append([]string{""}, c.senders(account)...) {
		for channel := range policy.ChannelCount {
			if channel != channel.Base() && !c.isApart(channel) {
				continue
			}
			send := sends{account, policy.Send{Channel: channel}}
			if sender != "" {
				send.Senders = []string{sender}
			}
			basis := c.basis(&send)
			if sender != "" && !basis.before.Narrows() && !basis.after.Narrows() {
				continue // it changes with the account
			}
			if c.followsBase(channel, &basis) {
				continue
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
		if c.followsBase(channel, &basis) {
			continue
		}
		c.moves(&send, &basis)
	}
}

// isApart reports whether either side states something of a channel that has a base.
func (c *comparison) isApart(channel policy.Channel) bool {
	return (c.before.Snapshot.Apart() | c.after.Snapshot.Apart()).Has(channel)
}

// followsBase reports whether what changes for messages by a channel is what changes for its
// base, which is listed there: on neither side a set or a list is stated for it alone.
func (c *comparison) followsBase(channel policy.Channel, basis *basis) bool {
	base := channel.Base()
	before, after := c.before.Snapshot, c.after.Snapshot
	return channel != base && !basis.before.IsApart() && !basis.after.IsApart() &&
		before.Unsupported(channel) == before.Unsupported(base) && after.Unsupported(channel) == after.Unsupported(base)
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
	for channel := range policy.ChannelCount {
		if before.Unsupported(channel) != after.Unsupported(channel) {
			return false
		}
	}
	return before.ByRequest() == after.ByRequest()
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
