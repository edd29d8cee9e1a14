package policy_test

import (
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/policy"
)

// sendTo is a message to what may be one of some numbers.
func sendTo(numbers ...string) *policy.Send {
	list := make([]address.Number, len(numbers))
	for i, number := range numbers {
		list[i] = address.Number{Digits: number[1:]}
	}
	return &policy.Send{Destination: address.Reading{Meaning: address.Numbers, Numbers: address.ListOf(list...)}}
}

func TestWhatMayBeTwoNumbersHasTheHoursOfBoth(t *testing.T) {
	l := policy.Limit{Hours: policy.Hours{From: 8 * 60, To: 21 * 60}}
	send, now := sendTo("+4915112345678", "+12125550100"), at(t, "2026-11-30T12:00:00Z")
	if !l.IsClosed(send, now) || l.OpensIn(send, now) != time.Hour {
		t.Errorf("closed %t for %s", l.IsClosed(send, now), l.OpensIn(send, now))
	}
	if send = sendTo("+4915112345678", "+881612345678"); !l.IsClosed(send, now) || l.OpensIn(send, now) >= 0 {
		t.Error("open where one number is in no known zone")
	}
}

func TestHoursAreThoseOfEachZoneThatANumberMayBeIn(t *testing.T) {
	const berlin, newYork, alaska, tollFree, satellite = "+4915112345678", "+12125550100", "+19075550100", "+18005550100", "+881612345678"
	day, night := policy.Hours{From: 8 * 60, To: 21 * 60}, policy.Hours{From: 21 * 60, To: 6 * 60}
	for _, c := range []struct {
		name, to string
		hours    policy.Hours
		zone     string // or that of the number
		now      string
		opensIn  time.Duration // 0 where it is open, negative where it never is
	}{
		{"at the first minute", berlin, day, "", "2026-11-30T07:00:00Z", 0},
		{"before it", berlin, day, "", "2026-11-30T06:59:59Z", time.Second},
		{"in the last second", berlin, day, "", "2026-11-30T19:59:59Z", 0},
		{"after it", berlin, day, "", "2026-11-30T20:00:00Z", 11 * time.Hour},
		{"in summer", berlin, day, "", "2026-07-01T06:00:00Z", 0},
		{"before clocks go forward", berlin, day, "", "2026-03-28T20:00:00Z", 10 * time.Hour},
		{"before clocks go back", berlin, day, "", "2026-10-24T19:00:00Z", 12 * time.Hour},
		{"at another number", newYork, day, "", "2026-11-30T12:59:00Z", time.Minute},
		{"in the later of two zones alone", alaska, day, "", "2026-11-30T17:30:00Z", 30 * time.Minute},
		{"in both of them", alaska, day, "", "2026-11-30T18:00:00Z", 0},
		{"of no place in +1, at a time when all are awake", tollFree, day, "", "2026-11-30T22:30:00Z", 0},
		{"of no place in +1, when some are not", tollFree, day, "", "2026-11-30T14:00:00Z", 8 * time.Hour},
		{"of no place in +1, in an hour that they never share", tollFree, policy.Hours{From: 8 * 60, To: 9 * 60}, "", "2026-11-30T14:00:00Z", -1},
		{"beyond any country", satellite, day, "", "2026-11-30T12:00:00Z", -1},
		{"beyond any country, in a zone", satellite, day, "UTC", "2026-11-30T12:00:00Z", 0},
		{"in a zone, whatever the number", newYork, day, "Europe/Berlin", "2026-11-30T07:00:00Z", 0},
		{"over midnight, before it", berlin, night, "UTC", "2026-11-30T23:59:00Z", 0},
		{"over midnight, after it", berlin, night, "UTC", "2026-11-30T05:59:00Z", 0},
		{"over midnight, at their end", berlin, night, "UTC", "2026-11-30T06:00:00Z", 15 * time.Hour},
		{"until midnight", berlin, policy.Hours{From: 9 * 60, To: policy.MinutesOfDay}, "UTC", "2026-11-30T23:59:59Z", 0},
		{"after midnight", berlin, policy.Hours{From: 9 * 60, To: policy.MinutesOfDay}, "UTC", "2026-12-01T00:00:00Z", 9 * time.Hour},
		{"from a time that there is not", berlin, policy.Hours{From: 150, To: 240}, "", "2026-03-29T00:00:00Z", time.Hour},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := policy.Limit{Name: "quiet", Hours: c.hours}
			if c.zone != "" {
				l.Zone = calendarLimit(t, policy.Day, c.zone).Zone
			}
			send, now := sendTo(c.to), at(t, c.now)
			if got := l.OpensIn(send, now); l.IsClosed(send, now) != (c.opensIn != 0) || max(got, -1) != c.opensIn {
				t.Fatalf("closed %t, opens in %s, want %s", l.IsClosed(send, now), got, c.opensIn)
			}
			if c.opensIn > 0 && (l.IsClosed(send, now.Add(c.opensIn)) || !l.IsClosed(send, now.Add(c.opensIn-1))) {
				t.Error("it does not open then")
			}
		})
	}
}

func TestALimitOfHoursSaysWhichAndWhatTimeItIs(t *testing.T) {
	now := at(t, "2026-11-30T06:05:00Z")
	utc := calendarLimit(t, policy.Day, "UTC").Zone
	for _, c := range []struct {
		limit           policy.Limit
		to, want, local string
	}{
		{policy.Limit{Kind: policy.Messages}, "+4915112345678", "sends of messaging from 08:00 to 21:00 at the destination", "where it is 07:05 in Europe/Berlin"},
		{policy.Limit{}, "+19075550100", "sends from 08:00 to 21:00 at the destination", "where it is 21:05 in America/Anchorage, one of 4 time zones that it may be in"},
		{policy.Limit{}, "+881612345678", "sends from 08:00 to 21:00 at the destination", "whose time zone is unknown"},
		{policy.Limit{Kind: policy.Verifications, Zone: utc}, "+19075550100", "sends of verify from 08:00 to 21:00 in UTC", "where it is 06:05"},
	} {
		c.limit.Hours = policy.Hours{From: 8 * 60, To: 21 * 60}
		if got := c.limit.String(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
		if got := c.limit.LocalTimeText(sendTo(c.to), now); got != c.local {
			t.Errorf("to %s: %q, want %q", c.to, got, c.local)
		}
	}
}

func TestWhetherHoursAreClosedAllocatesNothing(t *testing.T) {
	l, send, now := policy.Limit{Hours: policy.Hours{From: 8 * 60, To: 21 * 60}}, sendTo("+12125550100"), time.Now()
	if n := testing.AllocsPerRun(100, func() { l.IsClosed(send, now) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkHours(b *testing.B) {
	l, send, now := policy.Limit{Hours: policy.Hours{From: 8 * 60, To: 21 * 60}}, sendTo("+12125550100"), time.Now()
	b.ReportAllocs()
	for b.Loop() {
		l.IsClosed(send, now)
	}
}

func BenchmarkPeriod(b *testing.B) {
	l, now := policy.Limit{Calendar: policy.Day, Zone: policy.NewZone(time.UTC)}, time.Now()
	b.ReportAllocs()
	for b.Loop() {
		l.Period(now)
	}
}
