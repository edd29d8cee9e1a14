package review

import (
	"slices"

	"github.com/caddy-tollgate/tollgate/policy"
)

// choices records what is now allowed or denied as a whole for an account and was not,
// whether the account, its parent or the operator states it.
func (c *comparison) choices(account policy.CarrierAccount) {
	before, after := c.before.Snapshot.Choices(account), c.after.Snapshot.Choices(account)
	c.turned(account, Stored, Closes, before.Stored == policy.Denied, after.Stored == policy.Denied,
		"stored deny: sends that name stored recipients and no number are refused", "stored allow: sends that name stored recipients and no number are let through")
	c.turned(account, Unscoped, Closes, before.UnscopedService == policy.Denied, after.UnscopedService == policy.Denied,
		"unscoped_service deny: messaging services need sets of their own", "unscoped_service allow: messaging services need no sets of their own any more")
	c.turned(account, Special, Closes, before.MessagingSpecial == policy.Denied, after.MessagingSpecial == policy.Denied,
		"messaging_special deny: messages to premium and other high-risk numbers are refused", "messaging_special allow: messages to premium and other high-risk numbers go where all messages may")
	for channel := range policy.ChannelCount {
		c.unallocated(account, channel, before.Unallocated[channel], after.Unallocated[channel])
	}
}

// unallocated records what now becomes of sends to numbers in no known range. Whether they
// are recorded changes nothing of what passes.
func (c *comparison) unallocated(account policy.CarrierAccount, channel policy.Channel, before, after policy.Choice) {
	if before == after {
		return
	}
	direction := Changes
	switch {
	case after == policy.Denied:
		direction = Closes
	case before == policy.Denied:
		direction = Opens
	}
	becomes := map[policy.Choice]string{policy.Allowed: "let through", policy.Monitored: "recorded and let through", policy.Denied: "refused"}
	c.add(account, Change{Direction: direction, What: Unallocated,
		Text: "unallocated " + channel.String() + " " + after.String() + ": sends to numbers in no known range are " + becomes[after]})
}

// controls records what of the carrier's protection an account may change now and could
// not, or the reverse.
func (c *comparison) controls(account policy.CarrierAccount) {
	before, after := c.before.Snapshot.Controls(account), c.after.Snapshot.Controls(account)
	for _, control := range policy.Controls {
		c.turned(account, Controls, Opens, slices.Contains(before, control), slices.Contains(after, control),
			"control "+string(control)+": its requests may change that", "no control "+string(control)+" any more")
	}
}
