package review

import (
	"maps"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/policy"
)

// shift is which territories of a channel open and close, per class.
type shift [policy.ClassCount]struct{ opens, closes policy.Set }

// basis is what a shift rests on.
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

// territories notes what opens and closes for an account and for each of its
// senders that has a set of its own.
func (c *comparison) territories(account string) {
	for _, sender := range append([]string{""}, c.senders(account)...) {
		for channel := range policy.ChannelCount {
			basis := basis{
				channel: channel,
				before:  c.before.Snapshot.Basis(account, sender, channel),
				after:   c.after.Snapshot.Basis(account, sender, channel),
			}
			if sender != "" && !basis.before.Narrows() && !basis.after.Narrows() {
				continue // it goes with the account
			}
			shift := c.shift(account, sender, &basis)
			for class := range classes(channel) {
				where := Change{What: Territories, Sender: sender, Channel: channel.String()}
				if channel == policy.Voice {
					where.Class = class.String()
				}
				c.moved(account, where, Opens, &shift[class].opens)
				c.moved(account, where, Closes, &shift[class].closes)
			}
		}
	}
}

// moved notes that territories go in a direction, if any do.
func (c *comparison) moved(account string, change Change, direction Direction, set *policy.Set) {
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

// shift judges every territory by both policies, unless nothing that it rests on
// differs or the same was judged before.
func (c *comparison) shift(account, sender string, basis *basis) (s shift) {
	if basis.before == basis.after && c.sameLists() {
		return s
	}
	if known, ok := c.judged[*basis]; ok {
		return known
	}
	var senders []string
	if sender != "" {
		senders = []string{sender}
	}
	for class := range classes(basis.channel) {
		before := c.before.Snapshot.Enabled(account, senders, basis.channel, class, c.now)
		after := c.after.Snapshot.Enabled(account, senders, basis.channel, class, c.now)
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

// sameLists tells whether both sides have the same lists of what the carrier
// does not serve or opens on request.
func (c *comparison) sameLists() bool {
	before, after := c.before.Snapshot, c.after.Snapshot
	return before.ByRequest() == after.ByRequest() &&
		before.Unsupported(policy.Messaging) == after.Unsupported(policy.Messaging) &&
		before.Unsupported(policy.Voice) == after.Unsupported(policy.Voice)
}

// senders lists the senders that either side names for the account or above it.
func (c *comparison) senders(account string) []string {
	var names map[string]bool
	for _, s := range []*side{&c.before, &c.after} {
		for a := s.accounts[account]; a != nil; a = s.accounts[policy.CanonicalSID(a.Parent)] {
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
