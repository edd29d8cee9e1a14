package review

import (
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/policy"
)

// stated records territories of a class that are stated differently although none of them
// opens or closes as a whole. That matters where something else opens single numbers: a
// rule that allows them, or their verification.
func (c *comparison) stated(send *sends, where Change, class policy.Class, basis *basis, shift *shift) {
	if !c.opensNumbers(send.account) && !basis.before.OnTrial() && !basis.after.OnTrial() {
		return
	}
	beforeAccount, beforeSender := basis.before.Sets()
	afterAccount, afterSender := basis.after.Sets()
	if len(send.Senders) == 0 {
		c.restated(send, where, &shift[class].opens, beforeAccount[class], afterAccount[class], "stated")
		c.restated(send, where, &shift[class].closes, afterAccount[class], beforeAccount[class], "no longer stated")
		return
	}
	switch before, after := basis.before.Narrows(), basis.after.Narrows(); {
	case before && after:
		c.restated(send, where, &shift[class].opens, beforeSender[class], afterSender[class], "stated")
		c.restated(send, where, &shift[class].closes, afterSender[class], beforeSender[class], "no longer stated")
	case before != after && class == policy.LowRisk:
		change := where
		change.Direction, change.What = Changes, Stated
		change.Text = change.Channel + " from sender " + where.Sender + ": it has no set of its own any more"
		if after {
			change.Text = change.Channel + " from sender " + where.Sender + ": it has a set of its own now"
		}
		c.add(send.account, change)
	}
}

// restated records what one set has and another has not, except what is recorded already
// and what the carrier does not serve whatever is stated.
func (c *comparison) restated(send *sends, where Change, recorded *policy.Set, from, to policy.Set, verb string) {
	rest := less(less(to, from), *recorded)
	rest = less(rest, c.after.Snapshot.Unsupported(send.Channel))
	if rest.Len() == 0 {
		return
	}
	where.Direction, where.What, where.Territories = Changes, Stated, codes(&rest)
	text := strings.TrimSpace(where.Channel + " " + where.Class)
	if where.Sender != "" {
		text += " from sender " + where.Sender
	}
	where.Text = text + ": " + listed(where.Territories, "territories") + " " + verb + ", which counts for numbers that something else opens"
	c.add(send.account, where)
}

// held records that the set in force is another account's, where rules that allow numbers
// may have another effect with it.
func (c *comparison) held(send *sends, basis *basis) {
	before, wasKnown := basis.before.Holder()
	after, isKnown := basis.after.Holder()
	if before == after && wasKnown == isKnown || len(send.Senders) > 0 || !c.opensNumbers(send.account) {
		return
	}
	channel := channelName(send.Channel, send.Verification)
	text := "the set in force is " + after.String() + "; before, " + before.String() + ": rules that allow numbers may reach it otherwise"
	switch {
	case before == after && isKnown:
		text = "no set is in force, and rules that allow numbers reach it now"
	case before == after:
		text = "no set is in force, and rules that allow numbers do not reach it any more"
	}
	c.add(send.account, Change{Direction: Changes, What: Held, Channel: channel, Text: channel + ": " + text})
}

// opensNumbers reports whether there are rules, on either side, that allow numbers to an
// account, now or later.
func (c *comparison) opensNumbers(account policy.CarrierAccount) bool {
	allows := func(r policy.Rule) bool { return !r.Block }
	for _, s := range []*indexedSide{&c.before, &c.after} {
		if slices.ContainsFunc(s.Compiled.Definition.Rules, allows) {
			return true
		}
		for a := s.accounts[account]; a != nil; a = s.byID[a.Parent] {
			if slices.ContainsFunc(a.Rules, allows) {
				return true
			}
		}
	}
	return false
}
