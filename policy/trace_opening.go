package policy

import (
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/numbering"
)

// What a verdict calls for openings, before and after the step that they stand in for.

func (t *trace) idleOpenings(step StepName, a *account, channel Channel, n *address.Number, now time.Time) {
	if t != nil {
		t.recordIdleOpenings(step, a, channel, n, now)
	}
}

func (t *trace) opened(a *account, by *opening) {
	if t != nil {
		t.recordOpened(a, by)
	}
}

// recordOpened is the step of the opening that permits a number.
func (t *trace) recordOpened(a *account, by *opening) {
	t.add(StepPermissionSet, t.level(a), Allows, a.named("has an "+by.describe()))
	t.steps[len(t.steps)-1].Opening = &by.Opening
}

// recordIdleOpenings records the openings that have a number and do not open it at a step.
func (t *trace) recordIdleOpenings(step StepName, a *account, channel Channel, n *address.Number, now time.Time) {
	for i := range a.openings {
		o := &a.openings[i]
		if !o.hasAny(channel, n.Digits, n.Assignment.Territories) {
			continue
		}
		if idle := o.whyIdle(step, channel, n, now); idle != "" {
			t.add(step, t.level(a), StatesNothing, a.named("has an opening for "+o.Target()+", which "+idle))
		}
	}
}

// hasAny reports whether the opening is for a number as one of some territories.
func (o *opening) hasAny(channel Channel, digits string, territories []numbering.Territory) bool {
	for _, t := range territories {
		if o.has(channel, digits, t) {
			return true
		}
	}
	return false
}

// describe names the opening with its end, its reason and its ticket.
func (o *opening) describe() string {
	text := "opening for " + o.Target() + " until " + moment(o.Until) + quoted(o.Reason)
	if o.Ticket != "" {
		text += " (ticket " + o.Ticket + ")"
	}
	return text
}

// whyIdle says why an opening that has the number does not open it at a step, or nothing.
func (o *opening) whyIdle(step StepName, channel Channel, n *address.Number, now time.Time) string {
	switch {
	case o.IsAhead(now):
		return "begins " + moment(o.From)
	case o.IsOver(now):
		return "ended " + moment(o.Until)
	case step == StepByRequest && !o.Acknowledged:
		return "does not acknowledge the high risk, and so does not count as an approval"
	case channel == Voice && classes(n.Assignment.Kinds) != 1<<o.Class:
		return "is for " + o.Class.String() + " calls only"
	}
	return ""
}

// approval says which opening counts as the approval of a territory.
func (o *opening) approval(territory numbering.Territory) string {
	return "has an acknowledged " + o.describe() + ", which counts as an approval of " + territory.String()
}
