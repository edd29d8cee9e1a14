package policy

import (
	"fmt"
	"time"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// Hours are when something may be sent, by a local time: in minutes of the day, From on and before
// To. Where To is not later, that is on the next day. The zero value is at any time.
type Hours struct{ From, To int }

// MinutesOfDay is how many minutes a day has.
const MinutesOfDay = 24 * 60

// AreStated reports whether there are hours.
func (h Hours) AreStated() bool { return h != Hours{} }

// String is the hours as people read them: "from 08:00 to 21:00".
func (h Hours) String() string {
	return fmt.Sprintf("from %02d:%02d to %02d:%02d", h.From/60, h.From%60, h.To/60, h.To%60)
}

// Has reports whether a minute of the day is in the hours.
func (h Hours) Has(minute int) bool {
	if h.From < h.To {
		return h.From <= minute && minute < h.To
	}
	return h.From <= minute || minute < h.To
}

// hasTime reports whether a time is in the hours of a zone.
func (h Hours) hasTime(now time.Time, zone *time.Location) bool {
	hour, minute, _ := now.In(zone).Clock()
	return h.Has(hour*60 + minute)
}

// begin is when the hours of a zone begin next.
func (h Hours) begin(now time.Time, zone *time.Location) time.Time {
	year, month, day := now.In(zone).Date()
	for {
		begin := time.Date(year, month, day, 0, h.From, 0, 0, zone)
		// Where clocks go forward past that time, time.Date returns one before or after it.
		switch hour, minute, _ := begin.Clock(); {
		case hour*60+minute > h.From:
			begin, _ = begin.ZoneBounds()
		case hour*60+minute < h.From:
			_, begin = begin.ZoneBounds()
		}
		if begin.After(now) {
			return begin
		}
		day++
	}
}

// isFor reports whether a limit is for a send. Hours are for no code that a person has just asked
// for, unless they say so.
func (l *Limit) isFor(send *Send) bool {
	return l.Kind.has(send) && (l.Of != InProgress || Calls.has(send)) && !(send.Verification && l.Hours.AreStated() && l.Kind == AnySend)
}

// IsClosed reports whether a send is outside of the hours of a limit, in one of the zones that its
// numbers may be in, or whether these are unknown.
func (l *Limit) IsClosed(send *Send, now time.Time) bool {
	if l.Zone != nil {
		return !l.Hours.hasTime(now, l.Zone.location)
	}
	for i := range send.Destination.Numbers.Len() {
		zones := numbering.ZonesOf(send.Destination.Numbers.At(i).Digits)
		for _, zone := range zones {
			if !l.Hours.hasTime(now, zone) {
				return true
			}
		}
		if len(zones) == 0 {
			return true
		}
	}
	return false
}

// zones are those that the hours of a limit count in for a send; none where one is unknown.
func (l *Limit) zones(send *Send) (list []*time.Location) {
	if l.Zone != nil {
		return []*time.Location{l.Zone.location}
	}
	for i := range send.Destination.Numbers.Len() {
		zones := numbering.ZonesOf(send.Destination.Numbers.At(i).Digits)
		if len(zones) == 0 {
			return nil
		}
		list = append(list, zones...)
	}
	return list
}

// OpensIn is how long it is until a send is within the hours of a limit in all its zones, and
// negative where that is unknown, or never.
func (l *Limit) OpensIn(send *Send, now time.Time) time.Duration {
	const longest = 2 * 24 * time.Hour // by then, the hours of each zone have begun
	zones := l.zones(send)
	if len(zones) == 0 {
		return -1
	}
	opens, isOpen := now, false
	for !isOpen {
		isOpen = true
		for _, zone := range zones {
			if !l.Hours.hasTime(opens, zone) {
				opens, isOpen = l.Hours.begin(opens, zone), false
			}
		}
		if opens.Sub(now) > longest {
			return -1
		}
	}
	return opens.Sub(now)
}

// LocalTimeText says what time it is where the hours of a limit count for a send: in the first
// zone in which it is outside of them.
func (l *Limit) LocalTimeText(send *Send, now time.Time) string {
	zones := l.zones(send)
	if len(zones) == 0 {
		return "whose time zone is unknown"
	}
	shown := zones[0]
	for _, zone := range zones {
		if !l.Hours.hasTime(now, zone) {
			shown = zone
			break
		}
	}
	text := "where it is " + now.In(shown).Format("15:04")
	switch {
	case l.Zone != nil:
		return text
	case len(zones) == 1:
		return text + " in " + shown.String()
	}
	return fmt.Sprintf("%s in %s, one of %d time zones that it may be in", text, shown, len(zones))
}

// hoursText is a limit of hours in words: "sends of messaging from 08:00 to 21:00 at the destination".
func (l *Limit) hoursText(what string) string {
	where := "at the destination"
	if l.Zone != nil {
		where = "in " + l.Zone.String()
	}
	return what + " " + l.Hours.String() + " " + where
}
