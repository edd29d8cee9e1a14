package config

import (
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// AtDestination is the zone of hours that are those of the number that is sent to.
const AtDestination = "destination"

// hours compiles a limit of the hours at which something may be sent.
func (c *compiler) hours(path string, l *Limit, compiled policy.Limit) policy.Limit {
	c.oneOf(path+".action", "action", l.Action, limitActions)
	compiled.Monitor = l.monitors()
	if l.Amount != "" || l.Of != "" || len(l.Per) > 0 || l.Adaptive || l.Warn != "" || l.For != "" || l.Action == notifies || len(l.At) > 0 {
		c.problem(path, "a limit of hours has no amount: leave out amount, of, per, adaptive, warn, for and notify, or give them a limit of their own")
	}
	if !c.opaque(l.Hours) {
		var ok bool
		if compiled.Hours, ok = parseHours(l.Hours); !ok {
			c.problem(path+".hours", "%q is not hours of a day: write, for example, \"08:00-21:00\"", c.shown(path+".hours", l.Hours))
		}
	}
	switch l.Zone {
	case AtDestination:
		numbering.ZonesOf("1") // reads the table of zones now, and not for the first request
	case "":
		c.problem(path, `hours need a time zone: write "destination" for that of the number, or a name such as "Europe/Berlin"`)
	default:
		compiled.Zone = c.zone(path, l.Zone)
	}
	return compiled
}

// parseHours reads hours, such as "08:00-21:00". They may end at "24:00", or on the next day.
func parseHours(text string) (hours policy.Hours, ok bool) {
	from, to, _ := strings.Cut(text, "-")
	if hours.From, ok = parseMinute(from); !ok {
		return hours, false
	}
	if hours.To, ok = parseMinute(to); to == "24:00" {
		hours.To, ok = policy.MinutesOfDay, hours.From > 0
	}
	return hours, ok && hours.From != hours.To
}

// parseMinute reads a time of day, such as "08:00".
func parseMinute(text string) (minute int, ok bool) {
	t, err := time.Parse("15:04", text)
	return t.Hour()*60 + t.Minute(), err == nil && len(text) == len("15:04")
}
