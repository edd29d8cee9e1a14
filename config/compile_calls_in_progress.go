package config

import (
	"math"
	"strconv"

	"github.com/caddy-tollgate/tollgate/policy"
)

// callsInProgress reads the amount of a limit of calls in progress, which has no window.
func (c *compiler) callsInProgress(path string, l *Limit, compiled *policy.Limit) {
	n, err := strconv.ParseUint(l.Amount, 10, 32)
	if err != nil || n < 1 {
		c.problem(path+".amount", `%q is not an amount of calls in progress: write a number up to %d, without a window, such as "10"`, c.shown(path+".amount", l.Amount), uint64(math.MaxUint32))
	}
	compiled.Amount = int64(n)
	if l.Warn != "" || l.For != "" || l.Adaptive || l.Action == notifies {
		c.problem(path, "a limit of calls in progress neither warns, notifies, holds nor grows: leave out warn, for and adaptive, and deny or monitor")
	}
	if compiled.Kind != policy.AnySend && compiled.Kind != policy.Calls {
		c.problem(path+".channel", "calls in progress are voice: write voice, or no channel")
	}
}
