package configtest

import (
	"strings"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/policy"
)

// limits are up to three of different names.
func (g generator) limits() []config.Limit {
	var limits []config.Limit
	if g.oneIn(4) {
		limits = append(limits, config.Limit{Name: config.DefaultLimits, Action: pick(g, []string{"", "monitor", "deny"})})
		g.hold(&limits[0])
	}
	for _, name := range []string{"burst", "1k-block", "no"}[:g.IntN(4)] {
		limits = append(limits, g.limit(name))
	}
	if g.oneIn(4) {
		limits = append(limits, config.Limit{
			Name: "quiet", Channel: pick(g, policy.SendKindNames), Action: pick(g, []string{"", "monitor", "deny"}),
			Hours: pick(g, []string{"08:00-21:00", "21:00-06:00", "09:30-24:00"}), Zone: pick(g, []string{"destination", "Asia/Kolkata"}),
		})
	}
	return limits
}

// limit states an amount of what its measure can have.
func (g generator) limit(name string) config.Limit {
	l := config.Limit{Name: name, Channel: pick(g, policy.SendKindNames), Action: pick(g, []string{"", "monitor", "deny"})}
	l.Warn = pick(g, []string{"", "1"})
	l.Amount = pick(g, []string{"1/1s", "100/1m", "25/1h30m", "4294967295/31d", "1000/day", "5/month"})
	dimensions := []string{"account", "key", "sender", "territory", "client", "block:3", "prefix:15", "header:X-User-Id"}
	for _, i := range g.Perm(len(dimensions))[:1+g.IntN(3)] {
		l.Per = append(l.Per, dimensions[i])
	}
	g.hold(&l)
	switch l.Of = pick(g, append([]string{""}, policy.MeasureNames...)); l.Of {
	case "spend":
		l.Amount = pick(g, []string{"0.0001/1s", "20.00/1h", "400000/31d", "20.00/day"})
		if l.Warn != "" {
			l.Warn = "0.0001"
		}
	case "unverified":
		l.Channel, l.Adaptive = pick(g, []string{"messaging", "verify"}), g.oneIn(2)
		l.Per = []string{"territory", pick(g, []string{"account", "block:3"})}
		if l.Adaptive {
			l.Amount = "25/1h30m"
		}
	case "calls":
		l.Channel, l.Amount, l.Warn, l.For = pick(g, []string{"", "voice"}), pick(g, []string{"1", "10", "4294967295"}), "", ""
	}
	if l.Of != "calls" && !l.Adaptive && g.oneIn(4) {
		l.Action, l.Warn, l.For = "notify", "", ""
		l.Amount = strings.Replace(l.Amount, "/1s", "/1m", 1) // the shortest window of which one is told
		l.At = pick(g, [][]string{nil, {"80%"}, {"1%", "50%", "100%"}})
	}
	if strings.HasSuffix(l.Amount, "day") || strings.HasSuffix(l.Amount, "month") {
		l.Zone = pick(g, []string{"", "UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires"})
	}
	return l
}

// priceLimit is often absent.
func (g generator) priceLimit() *config.PriceLimit {
	message, minute := pick(g, []string{"", "0.15", "0"}), pick(g, []string{"", "1.00", "0.000001"})
	if message == "" && minute == "" {
		return nil
	}
	return &config.PriceLimit{Message: message, Minute: minute, Unpriced: pick(g, []string{"", "allow", "deny"})}
}

// hold states for how long a limit that says deny holds what is over.
func (g generator) hold(l *config.Limit) {
	if l.Action == "deny" {
		l.For = pick(g, []string{"", "15m", "7d"})
	}
}

func (g generator) maxCall() string { return pick(g, []string{"", "1m", "15m", "1h30m", "24h"}) }
