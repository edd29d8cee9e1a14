package config

import "github.com/caddy-tollgate/tollgate/policy"

// unverified checks what a limit of the unverified needs, and that no other grows.
func (c *compiler) unverified(path string, l *Limit, compiled *policy.Limit) {
	if compiled.Of != policy.Unverified {
		if l.Adaptive && !c.opaque(l.Of) {
			c.problem(path+".adaptive", `a limit grows only with what is verified: add "of unverified", or leave adaptive out`)
		}
		return
	}
	if compiled.Adaptive && compiled.Calendar != policy.NoCalendar {
		c.problem(path+".adaptive", "only an amount of a window that slides grows: write, for example, \"20/24h\", or leave adaptive out")
	}
	if compiled.Kind != policy.Verifications && compiled.Kind != policy.Messages && !c.opaque(l.Channel) {
		c.problem(path, `calls are never verified: write verify or messaging before the amount of a limit of unverified`)
	}
	for _, d := range compiled.Per {
		if !d.By.TellsConversions() {
			c.problem(path, `what is verified does not say which %s it was sent by: leave %s out, or count sends`, d, d)
		}
	}
}
