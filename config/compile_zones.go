package config

import (
	"sync"
	"time"

	"github.com/caddy-tollgate/tollgate/policy"
)

// calendarZone is the zone of a limit's day or month.
func (c *compiler) calendarZone(path string, l *Limit, calendar policy.Calendar) *policy.Zone {
	switch {
	case c.opaque(l.Amount):
		return nil
	case calendar != policy.NoCalendar && l.Zone == "":
		return c.zone(path, "UTC")
	case calendar != policy.NoCalendar:
		return c.zone(path, l.Zone)
	case l.Zone != "":
		c.problem(path+".zone", "a window that slides has no time zone: leave it out, or write a day or a month, such as \"1000/day\"")
	}
	return nil
}

// zone finds a time zone by its name.
func (c *compiler) zone(path, name string) *policy.Zone {
	if c.opaque(name) {
		name = "UTC"
	}
	if known, ok := zones.Load(name); ok {
		return known.(*policy.Zone)
	}
	// The name of the machine's own zone would mean another one on another machine.
	location, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		c.problem(path+".zone", "%q is not a time zone: write a name of the IANA time zone database, such as \"Europe/Berlin\"", c.shown(path+".zone", name))
		return nil
	}
	// One for all limits and policies: it has the day that it is.
	known, _ := zones.LoadOrStore(name, policy.NewZone(location))
	return known.(*policy.Zone)
}

// zones are those that a policy has named, by their names.
var zones sync.Map
