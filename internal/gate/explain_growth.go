package gate

import (
	"fmt"

	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/policy"
)

// explainGrowth says how much a limit allows now whose amount grows, and why; nothing of others.
func (g *Gate) explainGrowth(l *policy.StatedLimit, demand *limits.Demand) string {
	if !l.Adaptive {
		return ""
	}
	allowed, most := g.Counters.Allowed(g.Now(), demand)
	return fmt.Sprintf(", now %d as %d numbers were verified in one window of the last 14 days", allowed, most)
}
