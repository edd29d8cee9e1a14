package gate

import (
	"fmt"
	"time"

	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/policy"
)

// holdOf finds the hold of what a send asks of a limit, adds it to a step, and reports whether the
// send is refused by it: while it is half open, once half of the limit is used.
func (g *Gate) holdOf(e *Explained, l *policy.StatedLimit, d *limits.Demand, step *policy.Step) (hold *limits.Hold, refuses bool) {
	if g.Holds == nil || l.HoldFor == 0 || e.Subject.Over(l, e.Verdict, e.At).Outcome != policy.Deny {
		return nil, false
	}
	found, ok := g.Holds.Of(g.Now(), d.Key)
	if !ok {
		return nil, false
	}
	step.Limit.Hold = found.ID
	if !found.HalfOpen {
		step.Text += fmt.Sprintf("; held since %s %s; tollgate hold release --reason <text> %s ends it", timeText(found.Since), untilText(found.Until), found.ID)
		return &found, true
	}
	allowed, _ := g.Counters.Allowed(g.Now(), d)
	half := d.Half(found.Repeats, allowed)
	used, hasRoom := g.Counters.Used(g.Now(), &half)
	step.Text += fmt.Sprintf("; half open since the hold of %s ended at %s", timeText(found.Since), timeText(found.Until))
	if used >= 0 {
		step.Text += fmt.Sprintf(": %s, of %s", l.UsedText(used), l.AmountText(half.Limit))
	}
	return &found, !hasRoom
}

// untilText says when a hold ends.
func untilText(until time.Time) string {
	if until.IsZero() {
		return "until it is released"
	}
	return "until " + timeText(until)
}

func timeText(t time.Time) string { return t.UTC().Format(time.RFC3339) }
