package review

import (
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/rates"
)

// priceLimit records what the operator now says of what sends may cost. What a deck of rates has
// is not part of a policy.
func (c *comparison) priceLimit() {
	before, after := c.before.Snapshot.PriceLimit(), c.after.Snapshot.PriceLimit()
	switch {
	case before == nil && after == nil:
	case before == nil:
		c.add(all, Change{Direction: Closes, What: PriceLimit, Text: after.String() + ": what costs more is refused"})
	case after == nil:
		c.add(all, Change{Direction: Opens, What: PriceLimit, Text: before.String() + " is gone"})
	case before.String() != after.String():
		direction := Opens
		if refusesAsMuch(after, before) {
			direction = Closes
		}
		c.add(all, Change{Direction: direction, What: PriceLimit, Text: after.String() + "; before, " + before.String()})
	}
}

// refusesAsMuch reports whether one price limit refuses all that another one does.
func refusesAsMuch(is, was *policy.PriceLimit) bool {
	return isAsLow(is.Message, was.Message) && isAsLow(is.Minute, was.Minute) && (was.AllowUnpriced || !is.AllowUnpriced)
}

// isAsLow reports whether a price is not above another one, where one that is not stated is any.
func isAsLow(is, was *rates.Price) bool { return was == nil || is != nil && *is <= *was }
