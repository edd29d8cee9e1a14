package review

import (
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/policy"
)

// stated notes territories of a class that are stated otherwise without one of
// them opening or closing as a whole. It counts where something else opens single
// numbers: a rule that allows them, or their being verified.
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

// restated notes what a set has more than another, but for what is told already
// and for what the carrier does not serve whatever is stated.
func (c *comparison) restated(send *sends, where Change, told *policy.Set, from, to policy.Set, verb string) {
	rest := less(less(to, from), *told)
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

// held notes that another's set is in force, where rules that allow numbers may
// reach the account with it.
func (c *comparison) held(send *sends, basis *basis) {
	before, wasKnown := basis.before.Holder()
	after, isKnown := basis.after.Holder()
	if before == after && wasKnown == isKnown || len(send.Senders) > 0 || !c.opensNumbers(send.account) {
		return
	}
	channel := channelName(send.Channel, send.Verification)
	c.add(send.account, Change{Direction: Changes, What: Held, Channel: channel,
		Text: channel + ": the set in force is " + after.String() + "; before, " + before.String() + ": rules that allow numbers may reach it otherwise"})
}

// opensNumbers tells whether there are rules, on either side, that allow numbers
// to an account or may come to.
func (c *comparison) opensNumbers(account string) bool {
	allows := func(r policy.Rule) bool { return !r.Block }
	for _, s := range []*side{&c.before, &c.after} {
		if slices.ContainsFunc(s.Compiled.Definition.Rules, allows) {
			return true
		}
		for a := s.accounts[account]; a != nil; a = s.accounts[a.Parent] {
			if slices.ContainsFunc(a.Rules, allows) {
				return true
			}
		}
	}
	return false
}
