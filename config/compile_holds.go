package config

import (
	"github.com/caddy-tollgate/tollgate/policy"
)

// then compiles what becomes of what is over a limit, and from when on it is told.
func (c *compiler) then(path string, l *Limit, compiled *policy.Limit) {
	c.oneOf(path+".action", "action", l.Action, limitActions)
	compiled.Monitor = l.monitors()
	c.notify(path, l, compiled)
	if l.Warn != "" && !c.opaque(l.Warn) {
		warn, err := parseCount(l.Warn, compiled.Of)
		if compiled.Amount > 0 && (err != nil || warn > compiled.Amount) {
			c.problem(path+".warn", "%q is not a part of the amount: write a number up to %s", c.shown(path+".warn", l.Warn), compiled.AmountText(compiled.Amount))
		}
		compiled.Warn = warn
	}
	if l.For == "" || c.opaque(l.For) {
		return
	}
	hold, err := parseWindow(l.For)
	switch {
	case err != nil || hold < minWindow || hold > maxWindow:
		c.problem(path+".for", `%q is not a duration from 1s to 31d: write, for example, "15m"`, c.shown(path+".for", l.For))
	case compiled.Monitor:
		c.problem(path+".for", "what is only recorded holds nothing: leave it out, or deny")
	}
	compiled.HoldFor = hold
}
