package review

import (
	"slices"
	"strconv"
	"strings"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// operator records what changes for all accounts at once.
func (c *comparison) operator() {
	before, after := &c.before.Compiled.Definition, &c.after.Compiled.Definition
	c.switched(all, Observed, Opens, before.Observe, after.Observe,
		": nothing is refused any more, only recorded", "observe ends: what was only recorded is refused")
	c.panics(c.before.Snapshot.Panic(), c.after.Snapshot.Panic())
	c.turned(all, National, Closes, before.NationalStrict, after.NationalStrict,
		`national strict: of a number without "+" every reading must be allowed`,
		`national strict ends: without "+", what has the shape of a US number is one`)
	if before.National != after.National {
		c.add(all, Change{Direction: Changes, What: National, Text: "numbers without \"+\" of senders whose country is unknown are " +
			orUnread(after.National) + "; before, " + orUnread(before.National)})
	}
	for channel := range policy.ChannelCount {
		if channel != channel.Base() && !c.isApart(channel) {
			continue // it changes with its base
		}
		c.lists(Unsupported, channel, c.before.Snapshot.Unsupported(channel), c.after.Snapshot.Unsupported(channel), "not served by the carrier")
	}
	for channel, stated := range before.Unsupported {
		name := policy.Channel(channel).String()
		if len(before.Restrictions.UnsupportedPrefixes[channel]) > 0 {
			c.turned(all, Unsupported, Opens, stated != nil, after.Unsupported[channel] != nil,
				name+": the built-in prefixes that the carrier does not serve give way to a list of territories",
				name+": the built-in prefixes that the carrier does not serve are in force again")
		}
	}
	c.lists(ByRequest, policy.Voice, c.before.Snapshot.ByRequest(), c.after.Snapshot.ByRequest(), "opened by the carrier on request only")
	c.ranges()
	c.priceLimit()
	c.rules(all, before.Rules, after.Rules)
}

// orUnread says how numbers without "+" are read if the sender's country is unknown.
func orUnread(national numbering.Territory) string {
	if national == 0 {
		return "refused"
	}
	return "numbers of " + withName(national.String())
}

// lists records what is new in a list of territories that closes them, and what is gone.
func (c *comparison) lists(what What, channel policy.Channel, before, after policy.Set, means string) {
	added, removed := less(after, before), less(before, after)
	note := func(direction Direction, set *policy.Set, verb string) {
		if set.Len() > 0 {
			c.add(all, Change{
				Direction: direction, What: what, Channel: channel.String(), Territories: codes(set),
				Text: channel.String() + ": " + listed(codes(set), "territories") + " " + verb + " " + means,
			})
		}
	}
	note(Closes, &added, "now listed as")
	note(Opens, &removed, "no longer listed as")
}

// ranges records which ranges are stated differently. What the numbering plan says of
// their numbers may differ from one to the next, so each is listed.
func (c *comparison) ranges() {
	prefixes := make(map[string]bool)
	stated := [2]map[string]string{}
	for i, s := range []*indexedSide{&c.before, &c.after} {
		stated[i] = make(map[string]string)
		for _, r := range s.Compiled.Ranges {
			prefixes[r.Prefix] = true
			stated[i][r.Prefix] = belonging(numbering.Assignment{Territories: []numbering.Territory{r.Territory}, Kinds: r.Kinds})
		}
	}
	for _, prefix := range sorted(prefixes) {
		if before, after := stated[0][prefix], stated[1][prefix]; before != after {
			c.add(all, Change{Direction: Changes, What: NumberRange,
				Text: "range +" + prefix + " is " + orPlan(after) + "; before, " + orPlan(before)})
		}
	}
}

func orPlan(belonging string) string {
	if belonging == "" {
		return "what the numbering plan says, number by number"
	}
	return belonging
}

// belonging says which territory the numbers of a range belong to, and their class.
func belonging(assignment numbering.Assignment) string {
	if !assignment.Assigned() {
		return "of no territory"
	}
	var codes []string
	for _, t := range assignment.Territories {
		codes = append(codes, t.String())
	}
	return belongsTo(codes, assignment.Any) + ", " + policy.ClassOf(assignment.Kinds).String()
}

// account records what changes for one account that either side names.
func (c *comparison) account(id policy.CarrierAccount) {
	c.territories(id)
	before, after := c.before.accounts[id], c.after.accounts[id]
	switch {
	case before == nil:
		before = new(policy.Account)
		c.add(id, Change{Direction: Changes, What: Named, Text: "is named now; before, it was treated as any account that is not"})
	case after == nil:
		after = new(policy.Account)
		c.add(id, Change{Direction: Changes, What: Named, Text: "is no longer named: it is treated as any account that is not"})
	}
	if !c.isSameAccount(before.Parent, after.Parent) {
		c.add(id, Change{Direction: Changes, What: Parent, Text: "parent is " + orNone(after.Parent) + "; before, " + orNone(before.Parent)})
	}
	if before.Home != after.Home {
		c.add(id, Change{Direction: Changes, What: Home, Text: "home is " + orNone(after.Home.String()) + "; before, " + orNone(before.Home.String())})
	}
	c.switched(id, Suspended, Closes, before.Suspended, after.Suspended,
		": neither it nor a subaccount sends anything", "no longer suspended")
	c.switched(id, Monitored, Opens, before.Monitor, after.Monitor,
		": most denials are recorded and let through", "monitor ends: denials are enforced")
	c.turned(id, OnTrial, Closes, before.Trial, after.Trial,
		"on trial: low-risk numbers at home only, and calls to verified ones only", "no longer on trial")
	c.rules(id, before.Rules, after.Rules)
	c.openings(id, before.Openings, after.Openings)
	c.approvals(id, before.Approved, after.Approved)
	if before.Trial && after.Trial {
		c.verified(id, before.Verified, after.Verified)
	}
	c.credentials(id, Key, before.Keys, after.Keys)
	c.credentials(id, Credential, before.Credentials, after.Credentials)
	c.choices(id)
	c.controls(id)
	c.urlHosts(id)
	c.limits(id)
	c.maxCall(id)
	c.accountPriceLimit(id)
}

func (c *comparison) approvals(account policy.CarrierAccount, before, after []policy.Approval) {
	has := func(list []policy.Approval, t numbering.Territory) bool {
		return slices.ContainsFunc(list, func(a policy.Approval) bool { return a.Territory == t })
	}
	note := func(direction Direction, list, other []policy.Approval, text string) {
		for _, a := range list {
			if !has(other, a.Territory) {
				c.add(account, Change{
					Direction: direction, What: Approved, Channel: policy.Voice.String(), Territories: []string{a.Territory.String()},
					Text: text + withName(a.Territory.String()) + " voice" + quoted(a.Reason),
				})
			}
		}
	}
	note(Opens, after, before, "approved ")
	note(Closes, before, after, "no longer approved ")
}

func (c *comparison) verified(account policy.CarrierAccount, before, after []string) {
	note := func(direction Direction, list, other []string, text string) {
		for _, digits := range list {
			if !slices.Contains(other, digits) {
				c.add(account, Change{Direction: direction, What: Verified, Channel: policy.Voice.String(), Text: text + "+" + digits})
			}
		}
	}
	note(Opens, after, before, "verified number ")
	note(Closes, before, after, "no longer verified number ")
}

// isSameAccount reports whether two accounts, one of each side, are one: they have an id at
// a carrier in common, or both are none.
func (c *comparison) isSameAccount(before, after string) bool {
	a, b := c.before.byID[before], c.after.byID[after]
	if a == nil || b == nil {
		return before == after
	}
	return slices.ContainsFunc(a.At, func(at policy.CarrierAccount) bool { return slices.Contains(b.At, at) })
}

// credentials records the keys, or other credentials, that an account gains, and those
// that it loses to no other.
func (c *comparison) credentials(account policy.CarrierAccount, what What, before, after []string) {
	for _, credential := range after {
		switch owner := c.before.holders[credential]; {
		case owner == nil:
			c.add(account, Change{Direction: Changes, What: what, Text: string(what) + " " + credential + " belongs to it; before, to no account"})
		case !slices.Contains(owner.At, account):
			c.add(account, Change{Direction: Changes, What: what, Text: string(what) + " " + credential + " belongs to it; before, to " + ownWords(owner)})
		}
	}
	for _, credential := range before {
		if c.after.holders[credential] == nil {
			c.add(account, Change{Direction: Changes, What: what, Text: string(what) + " " + credential + " belongs to no account any more"})
		}
	}
}

// ownWords names an account as its policy does, with its label if it has one.
func ownWords(a *policy.Account) string { return whose(a.ID, "", a.Label) }

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

func quoted(reason string) string {
	if reason == "" {
		return ""
	}
	return " " + strconv.Quote(strings.TrimSpace(reason))
}
