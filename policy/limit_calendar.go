package policy

import (
	"sort"
	"sync/atomic"
	"time"
)

// Calendar is a unit of the calendar that the window of a limit is, if it does not slide.
type Calendar uint8

// The units of the calendar.
const (
	NoCalendar Calendar = iota
	Day
	Month
)

// CalendarNames are the units as configurations spell them, in their order.
var CalendarNames = []string{"", "day", "month"}

// String returns the unit as configurations spell it.
func (c Calendar) String() string { return CalendarNames[c] }

// Bounds are how long the shortest and the longest period of the unit may be. The clocks of a
// zone may go forward or back: by up to three hours, as in Antarctica/Casey (IANA time zone
// database).
func (c Calendar) Bounds() (shortest, longest time.Duration) {
	const day, turn = 24 * time.Hour, 3 * time.Hour
	if c == Month {
		return 28*day - turn, 31*day + turn
	}
	return day - turn, day + turn
}

// Zone is a time zone, whose days and months limits count by. It is safe for concurrent use.
type Zone struct {
	location *time.Location
	// latest has the latest period that was asked for, of each unit: most times are in it.
	latest [Month + 1]atomic.Pointer[period]
}

// NewZone is the zone of a location.
func NewZone(location *time.Location) *Zone { return &Zone{location: location} }

// String is the name of the zone, such as "Europe/Berlin".
func (z *Zone) String() string { return z.location.String() }

// period is one day or month.
type period struct {
	number       int64 // which grows from one to the next
	begins, ends int64 // in nanoseconds since 1970
}

// Period is the number of the day or month that a limit counts at a time, and how long it is
// until that ends.
func (l *Limit) Period(now time.Time) (number int64, left time.Duration) {
	p := l.Zone.period(l.Calendar, now)
	return p.number, time.Duration(p.ends - now.UnixNano())
}

// period is the one that a time is in.
func (z *Zone) period(unit Calendar, now time.Time) *period {
	p, at := z.latest[unit].Load(), now.UnixNano()
	if p == nil || at < p.begins || at >= p.ends {
		p = z.newPeriod(unit, now)
		z.latest[unit].Store(p)
	}
	return p
}

func (z *Zone) newPeriod(unit Calendar, now time.Time) *period {
	year, month, day := now.In(z.location).Date()
	if unit == Month {
		return &period{int64(year)*12 + int64(month), z.beginning(year, month, 1), z.beginning(year, month+1, 1)}
	}
	return &period{dayNumber(year, month, day), z.beginning(year, month, day), z.beginning(year, month, day+1)}
}

// dayNumber grows from day to day.
func dayNumber(year int, month time.Month, day int) int64 {
	date := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	return int64(date.Year())*366 + int64(date.YearDay())
}

// beginning is the first second of a day, in nanoseconds since 1970. That need not be midnight, which some zones have not
// when their clocks go forward, and twice when they go back.
func (z *Zone) beginning(year int, month time.Month, day int) int64 {
	const hours = 24 // more than any zone is ahead of UTC, or behind it
	wanted := dayNumber(year, month, day)
	earliest := time.Date(year, month, day, -hours, 0, 0, 0, time.UTC)
	seconds := sort.Search(2*hours*60*60, func(seconds int) bool {
		return dayNumber(earliest.Add(time.Duration(seconds)*time.Second).In(z.location).Date()) >= wanted
	})
	return earliest.Add(time.Duration(seconds) * time.Second).UnixNano()
}

// windowText is the window as people read it: "1h", "a day of Europe/Berlin".
func (l *Limit) windowText() string {
	if l.Calendar != NoCalendar {
		return "a " + l.Calendar.String() + " of " + l.Zone.String()
	}
	return durationText(l.Window)
}
