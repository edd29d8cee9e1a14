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
	verified := "1 number was"
	if most != 1 {
		verified = fmt.Sprintf("%d numbers were", most)
	}
	return fmt.Sprintf(", now %d as %s verified in one window of the last 14 days", allowed, verified)
}
