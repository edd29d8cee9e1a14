package gate

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/policy"
)

// explainLimits says what each limit in force for a send allows, and how much of that is used
// where the counters know: of now, and of the dimensions that the question has. The first limit
// that the send would be over decides, in the order in which requests ask them. The channels are
// those that the carrier may choose for it as well.
func (g *Gate) explainLimits(q *Question, e *Explained, channels policy.ChannelSet) {
	d := Decision{Account: e.Subject.Account(), Key: q.Credential, maxCall: e.Subject.MaxCall(e.At)}
	j := g.limiting(&d, &http.Request{Header: q.Header}, e.Subject, e.At)
	j.deck, j.channels = e.Rules.Deck, channels
	before := e.Verdict
	e.Subject.Limits(&e.Send, &before, func(l *policy.StatedLimit) {
		if l.Hours.AreStated() {
			if !q.AnyHour {
				e.explainHours(l)
			}
			return
		}
		step := policy.Step{
			Name: policy.StepLimit, Level: l.Level, Outcome: policy.Passes,
			Text: fmt.Sprintf("limit %s allows %s", l.Name, l.Limit) + l.Then(), Limit: &policy.LimitUse{Name: l.Name},
		}
		if l.Notifies() {
			step.Text = fmt.Sprintf("limit %s refuses nothing, and notifies at %s of %s", l.Name, l.NotifyText(), l.Limit)
		}
		if g.knowsUse(e.At) && !slices.ContainsFunc(l.Per, q.lacks) {
			demand := j.demand(l, &e.Send, &before)
			used, hasRoom := g.Counters.Used(g.Now(), &demand)
			step.Text += g.explainGrowth(l, &demand)
			if used >= 0 {
				step.Text += usedText(l, used, &demand, e.Rules)
				g.measureUse(step.Limit, l, used, &demand)
			}
			hold, refuses := g.holdOf(e, l, &demand, &step)
			switch {
			case hold != nil && !hold.HalfOpen:
				e.exceed(l, &step, turnHeld, hold)
			case !hasRoom:
				e.exceed(l, &step, turnOver, nil)
				e.begins = e.begins || step.Decides && e.Outcome == policy.Deny && hold == nil && g.Holds != nil && l.HoldFor > 0
			case refuses:
				e.exceed(l, &step, turnHalf, hold)
			}
		}
		e.Steps = append(e.Steps, step)
	})
	e.Subject.LiftedLimits(&e.Send, &before, func(l *policy.StatedLimit) {
		e.Steps = append(e.Steps, policy.Step{
			Name: policy.StepLimit, Level: l.Level, Outcome: policy.Passes,
			Text: fmt.Sprintf("limit %s does not count this: an allow rule stands in for it", l.Name), Limit: &policy.LimitUse{Name: l.Name},
		})
	})
}

// lacks reports whether the question does not have what a dimension tells requests apart by.
func (q *Question) lacks(d policy.Dimension) bool {
	return d.By == policy.ByClient || d.By == policy.ByHeader && q.Header[d.Header] == nil
}

// usedText says how much of a limit is used.
func usedText(l *policy.StatedLimit, used int64, demand *limits.Demand, rules *Rules) string {
	if l.Of == policy.Spend {
		return explainSpend(l, used, demand.Amount, rules.Deck)
	}
	return ", of which " + l.UsedText(used)
}

// measureUse says how full a limit is.
func (g *Gate) measureUse(use *policy.LimitUse, l *policy.StatedLimit, used int64, demand *limits.Demand) {
	allowed := demand.Limit
	if l.Adaptive {
		allowed, _ = g.Counters.Allowed(g.Now(), demand)
	}
	use.Used, use.Allowed = l.AmountText(used), l.AmountText(allowed)
	if use.Share = 1; used < allowed {
		use.Share = float64(used) / float64(allowed)
	}
}

// knowsUse reports whether the counters say how much of limits is used at a time: about now.
func (g *Gate) knowsUse(at time.Time) bool {
	return g.Counters != nil && g.Now().Sub(at).Abs() < time.Minute
}

// turn is when a request asks what a limit says: of all that refuse it, the first decides.
type turn uint8

// The turns. That of all other steps of a verdict is the zero value.
const (
	_ turn = iota
	turnHours
	turnHeld
	turnOver
	turnHalf
)

// exceed adopts the verdict of a limit that a send would be over, if it is more severe, or as
// severe and asked before. A hold is that which refuses the send.
func (e *Explained) exceed(l *policy.StatedLimit, step *policy.Step, at turn, hold *limits.Hold) {
	step.Outcome = policy.Denies
	over := e.Subject.Over(l, e.Verdict, e.At)
	if over.Outcome == policy.Monitor {
		step.Outcome = policy.Records
	}
	if over.Severity() < e.Severity() || over.Severity() == e.Severity() && at >= e.turn {
		return
	}
	e.turn, e.Hold, e.begins = at, hold, false
	for i := range e.Steps {
		e.Steps[i].Decides = false
	}
	step.Decides, e.Verdict = true, over
}
