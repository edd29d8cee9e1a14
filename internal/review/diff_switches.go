package review

import "github.com/caddy-tollgate/tollgate/policy"

// switched records a switch that was turned on or off, or is stated with another reason or
// end. The direction is that of turning it on.
func (c *comparison) switched(account policy.CarrierAccount, what What, direction Direction, before, after policy.Switch, on, off string) {
	old, current := period(before), period(after)
	change := Change{Direction: Changes, What: what}
	switch {
	case !before.On && !after.On:
		return
	case !before.On:
		if after.Holds(c.now) {
			change.Direction = direction
		}
		change.Text = string(what) + c.terms(current) + on
	case !after.On:
		if before.Holds(c.now) {
			change.Direction = direction.reversed()
		}
		change.Text = off
	case isSameRule(old, current):
		return
	default:
		change.Direction = c.inPlace(old, current, direction)
		change.Text = string(what) + c.terms(current) + "; before, " + c.differences(old, current)
	}
	c.add(account, change)
}

// period is a switch as a rule that has its reason and its end.
func period(s policy.Switch) policy.Rule { return policy.Rule{Reason: s.Reason, Until: s.Until} }
