package review

import (
	"time"

	"github.com/caddy-tollgate/tollgate/policy"
)

// maxCall records that calls of an account may last for another time, whether the account, its
// parent or the operator states that.
func (c *comparison) maxCall(account policy.CarrierAccount) {
	before, _ := c.before.Snapshot.MaxCall(account)
	after, _ := c.after.Snapshot.MaxCall(account)
	if before == after {
		return
	}
	direction := Closes
	if after == 0 || before != 0 && after > before {
		direction = Opens
	}
	c.add(account, Change{Direction: direction, What: MaxCall, Text: "max_call: calls end after " + longest(after) + "; before, after " + longest(before)})
}

// longest is how long a call may last, in words.
func longest(most time.Duration) string {
	if most == 0 {
		return "as long as the carrier lets them last"
	}
	return policy.DurationText(most)
}
