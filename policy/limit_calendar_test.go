package policy_test

import (
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/policy"
)

// calendarLimit is a limit of one unit of the calendar of a zone.
func calendarLimit(t *testing.T, unit policy.Calendar, zone string) policy.Limit {
	t.Helper()
	location, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return policy.Limit{Name: "quota", Amount: 1, Calendar: unit, Zone: policy.NewZone(location), Per: []policy.Dimension{{By: policy.ByAccount}}}
}

func TestAPeriodEndsWithTheDayOrMonthOfItsZone(t *testing.T) {
	for _, c := range []struct {
		name, zone string
		unit       policy.Calendar
		inside     string // a time in it
		begins     string
		length     time.Duration
	}{
		{"a day of UTC", "UTC", policy.Day, "2026-11-30T12:00:00Z", "2026-11-30T00:00:00Z", 24 * time.Hour},
		{"a day of a zone", "Europe/Berlin", policy.Day, "2026-11-30T23:30:00Z", "2026-11-30T23:00:00Z", 24 * time.Hour},
		{"when clocks go forward", "Europe/Berlin", policy.Day, "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", 23 * time.Hour},
		{"when clocks go back", "Europe/Berlin", policy.Day, "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z", 25 * time.Hour},
		{"when they go by half an hour", "Australia/Lord_Howe", policy.Day, "2026-04-04T20:00:00Z", "2026-04-04T13:00:00Z", 24*time.Hour + 30*time.Minute},
		{"when they go by three hours", "Antarctica/Casey", policy.Day, "2018-03-11T10:00:00Z", "2018-03-10T13:00:00Z", 27 * time.Hour},
		{"a day that does not begin at midnight", "Asia/Beirut", policy.Day, "2022-03-27T12:00:00Z", "2022-03-26T22:00:00Z", 23 * time.Hour},
		{"a day with midnight twice", "America/Havana", policy.Day, "2026-11-01T12:00:00Z", "2026-11-01T04:00:00Z", 25 * time.Hour},
		{"before a day that there was not", "Pacific/Apia", policy.Day, "2011-12-29T20:00:00Z", "2011-12-29T10:00:00Z", 24 * time.Hour},
		{"a month", "UTC", policy.Month, "2026-02-28T23:59:59Z", "2026-02-01T00:00:00Z", 28 * 24 * time.Hour},
		{"February of a leap year", "UTC", policy.Month, "2028-02-10T00:00:00Z", "2028-02-01T00:00:00Z", 29 * 24 * time.Hour},
		{"the last month of a year", "Asia/Kolkata", policy.Month, "2026-12-31T12:00:00Z", "2026-11-30T18:30:00Z", 31 * 24 * time.Hour},
		{"a month in which clocks go forward", "America/New_York", policy.Month, "2026-03-15T12:00:00Z", "2026-03-01T05:00:00Z", 31*24*time.Hour - time.Hour},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := calendarLimit(t, c.unit, c.zone)
			begins, ends := at(t, c.begins), at(t, c.begins).Add(c.length)
			number, left := l.Period(at(t, c.inside))
			if left != ends.Sub(at(t, c.inside)) {
				t.Errorf("it ends at %s, want %s", at(t, c.inside).Add(left), ends)
			}
			for name, now := range map[string]time.Time{"its first moment": begins, "its last": ends.Add(-1)} {
				if of, left := l.Period(now); of != number || left != ends.Sub(now) {
					t.Errorf("%s is in %d and not %d, which ends in %s", name, of, number, left)
				}
			}
			before, _ := l.Period(begins.Add(-1))
			if after, _ := l.Period(ends); before >= number || after <= number {
				t.Errorf("%d comes before %d, and %d after it", before, number, after)
			}
			if shortest, longest := c.unit.Bounds(); c.length < shortest || c.length > longest {
				t.Errorf("%s is not from %s to %s", c.length, shortest, longest)
			}
		})
	}
}

// at is a time of RFC 3339.
func at(t *testing.T, text string) time.Time {
	t.Helper()
	parsed, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestALimitOfTheCalendarSaysWhichInItsWords(t *testing.T) {
	l := calendarLimit(t, policy.Day, "Europe/Berlin")
	if got, want := l.String(), "1 send within a day of Europe/Berlin per account"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestThePeriodOfNowAllocatesNothing(t *testing.T) {
	l, now := calendarLimit(t, policy.Day, "Europe/Berlin"), time.Now()
	l.Period(now)
	if n := testing.AllocsPerRun(100, func() { l.Period(now) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
