package review

import (
	"slices"

	"github.com/caddy-tollgate/tollgate/policy"
)

// openings records the openings that come and go, or are stated otherwise: the verdict on
// territories shows only those that are in force, and of these only whole territories.
func (c *comparison) openings(account policy.CarrierAccount, before, after []policy.Opening) {
	added := slices.DeleteFunc(slices.Clone(after), func(o policy.Opening) bool { return hasOpening(before, o) })
	removed := slices.DeleteFunc(slices.Clone(before), func(o policy.Opening) bool { return hasOpening(after, o) })
	for _, o := range added {
		i := slices.IndexFunc(removed, func(old policy.Opening) bool { return old.Target() == o.Target() })
		if i < 0 {
			c.opening(account, Opens, o, "opening "+openingTerms(o))
			continue
		}
		old := removed[i]
		removed = slices.Delete(removed, i, i+1)
		c.opening(account, c.openingInPlace(old, o), o, "opening "+openingTerms(o)+"; before, "+openingTerms(old))
	}
	for _, o := range removed {
		c.opening(account, Closes, o, "no opening "+openingTerms(o)+" any more")
	}
}

// opening records a change of an opening. One that has ended neither opens nor closes.
func (c *comparison) opening(account policy.CarrierAccount, direction Direction, o policy.Opening, text string) {
	if o.IsOver(c.now) && direction != Changes {
		direction = Changes
	}
	change := Change{Direction: direction, What: Opening, Text: text}
	if o.Channel != nil {
		change.Channel = o.Channel.String()
	}
	if o.Channel != nil && *o.Channel == policy.Voice {
		change.Class = o.Class.String()
	}
	if o.Prefix == "" {
		change.Territories = []string{o.Territory.String()}
	}
	c.add(account, change)
}

// openingInPlace is what an opening does in place of another for the same.
func (c *comparison) openingInPlace(old, o policy.Opening) Direction {
	switch more, less := c.opensLonger(o, old), c.opensLonger(old, o); {
	case more && !less:
		return Opens
	case less && !more:
		return Closes
	default:
		return Changes
	}
}

// opensLonger reports whether, from now on, an opening is in force whenever another for the
// same is, and counts as an approval where that does.
func (c *comparison) opensLonger(o, other policy.Opening) bool {
	return c.covers(openingPeriod(o), openingPeriod(other)) && (o.Acknowledged || !other.Acknowledged || other.IsOver(c.now))
}

// openingPeriod is an opening as a rule that begins and ends with it.
func openingPeriod(o policy.Opening) policy.Rule { return policy.Rule{From: o.From, Until: o.Until} }

func hasOpening(list []policy.Opening, o policy.Opening) bool {
	return slices.ContainsFunc(list, func(other policy.Opening) bool {
		return o.Target() == other.Target() && openingTerms(o) == openingTerms(other)
	})
}

// openingTerms says what an opening opens, why, and from when until when.
func openingTerms(o policy.Opening) string {
	text := o.Target() + quoted(o.Reason)
	if o.Ticket != "" {
		text += " ticket" + quoted(o.Ticket)
	}
	if !o.From.IsZero() {
		text += " from " + when(o.From)
	}
	text += " until " + when(o.Until)
	if o.Acknowledged {
		text += ", high risk acknowledged"
	}
	return text
}
