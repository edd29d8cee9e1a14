package config

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/policy"
)

// notifies is the action of a limit that notifies of how much there is, and refuses nothing.
const notifies = "notify"

const (
	// maxPercent is how much more than its amount a limit notifies of.
	maxPercent = 1000
	// maxNotifySteps is how many steps it has.
	maxNotifySteps = 20
	// minNotifiedWindow bounds how often one key of an account's own limit tells the operator.
	minNotifiedWindow = time.Minute
)

// notify compiles the steps of a limit that notifies.
func (c *compiler) notify(path string, l *Limit, compiled *policy.Limit) {
	if l.Action != notifies {
		if len(l.At) > 0 && !c.opaque(l.Action) {
			c.problem(path+".at", "only a limit that notifies has steps: write action notify, or leave at out")
		}
		return
	}
	switch {
	case l.Name == DefaultLimits:
		c.problem(path+".action", "the limits that are shipped deny or monitor: give one that notifies a name and an amount of its own")
	case l.Warn != "" || l.Adaptive:
		c.problem(path, "a limit that notifies neither warns nor grows: leave out warn and adaptive, and write the steps in at")
	case compiled.Window > 0 && compiled.Window < minNotifiedWindow:
		c.problem(path+".amount", "what a limit notifies of is told once a window, and %s is too short for that: write 1m or more", policy.DurationText(compiled.Window))
	case len(l.At) > maxNotifySteps:
		c.problem(path+".at", "%d steps are too many: leave out all but %d", len(l.At), maxNotifySteps)
		return
	}
	compiled.Monitor, compiled.NotifyAt = true, []int{100}
	if len(l.At) > 0 {
		compiled.NotifyAt = nil
	}
	for i, text := range l.At {
		at := fmt.Sprintf("%s.at[%d]", path, i)
		if c.opaque(text) {
			continue
		}
		percent, ok := parsePercent(text)
		last := len(compiled.NotifyAt) - 1
		switch {
		case !ok:
			c.problem(at, `%q is not a step: write how much of the amount, from 1%% to %d%%, such as "80%%"`, c.shown(at, text), maxPercent)
			continue
		case slices.Contains(compiled.NotifyAt, percent):
			c.problem(at, "%s is already specified", policy.PercentText(percent))
		case last >= 0 && percent < compiled.NotifyAt[last]:
			c.problem(at, "%s is behind %s: write the least first", policy.PercentText(percent), policy.PercentText(compiled.NotifyAt[last]))
		case compiled.StepAmount(percent) > math.MaxUint32:
			c.problem(at, "%s of the amount is more than a limit counts, which is %s", policy.PercentText(percent), compiled.AmountText(math.MaxUint32))
		}
		compiled.NotifyAt = append(compiled.NotifyAt, percent)
	}
	if len(compiled.NotifyAt) == 0 {
		compiled.NotifyAt = []int{100} // of which the placeholders are not known
	}
}

// parsePercent reads a step, such as "80%".
func parsePercent(text string) (percent int, ok bool) {
	digits, ok := strings.CutSuffix(text, "%")
	n, err := strconv.ParseUint(digits, 10, 16)
	return int(n), ok && err == nil && n >= 1 && n <= maxPercent && digits[0] != '0'
}
