package gate

import (
	"time"

	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/policy"
)

// setPeriod has a demand counted in the day or the month that a time is in, if its limit is of one.
func setPeriod(demand *limits.Demand, l *policy.StatedLimit, now time.Time) {
	if l.Calendar != policy.NoCalendar {
		demand.Period, demand.Window = l.Period(now)
	}
}

// turn has all that is asked counted in the days and months that a time is in: they may have turned
// since it was asked.
func (a *asked) turn(now time.Time) {
	for _, d := range []*demands{&a.enforced, &a.monitored} {
		for i := range d.list {
			setPeriod(&d.list[i], d.by[i].limit, now)
		}
	}
}
