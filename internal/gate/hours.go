package gate

import (
	"fmt"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

// closed is a send that is outside of the hours of a limit.
type closed struct {
	by   demander
	send policy.Send
	// recorded says that it is let through.
	recorded bool
}

// askHours notes a send that is outside of the hours of a limit.
func (j *limiting) askHours(by demander, send *policy.Send) {
	if by.limit.IsClosed(send, j.now) {
		recorded := j.subject.Over(by.limit, by.verdict, j.now).Outcome == policy.Monitor
		j.closed = append(j.closed, closed{by, *send, recorded})
	}
}

// isClosed denies the request if one of its sends is outside of the hours of a limit. It takes
// nothing of other limits then, and its credential need not be checked before that.
func (j *limiting) isClosed(intent *carrier.Intent, addresses *addresses, send *policy.Send) bool {
	for i := range j.closed {
		if c := &j.closed[i]; !c.recorded {
			j.d.RetryAfter = c.by.limit.OpensIn(&c.send, j.now)
			j.over(&c.by, intent, addresses, send)
			return true
		}
	}
	return false
}

// recordClosed records the sends that are outside of the hours of limits that only record.
func (j *limiting) recordClosed(intent *carrier.Intent, addresses *addresses, send *policy.Send) {
	for i := range j.closed {
		j.over(&j.closed[i].by, intent, addresses, send)
	}
}

// explainHours says when the hours of a limit are, and what time it is where they count.
func (e *Explained) explainHours(l *policy.StatedLimit) {
	step := policy.Step{
		Name: policy.StepLimit, Level: l.Level, Outcome: policy.Passes,
		Text:  fmt.Sprintf("limit %s allows %s, %s", l.Name, l.Limit, l.LocalTimeText(&e.Send, e.At)),
		Limit: &policy.LimitUse{Name: l.Name},
	}
	if l.Monitor {
		step.Text += ", and what is outside of them is only recorded"
	}
	if l.IsClosed(&e.Send, e.At) {
		e.exceed(l, &step, turnHours, nil)
	}
	e.Steps = append(e.Steps, step)
}
