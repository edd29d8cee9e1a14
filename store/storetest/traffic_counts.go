package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/store"
)

// sent is so many sends of an account at a time.
func sent(account, channel, territory, class, at string, count int64) store.SendCount {
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		panic(err) // a mistake of a test
	}
	return store.SendCount{Account: account, Channel: channel, Territory: territory, Class: class, Hour: t, Count: count}
}

func countSends(t *testing.T, s store.Store, added ...store.SendCount) {
	t.Helper()
	if err := s.Traffic().Count(within(t), added); err != nil {
		t.Fatalf("counting sends: %v", err)
	}
}

// sendsBy are the lines of a report.
func sendsBy(t *testing.T, s store.Store, f store.TrafficFilter, by ...store.Dimension) []string {
	t.Helper()
	var lines []string
	err := s.Traffic().Report(within(t), f, by, func(c store.Counted) error {
		lines = append(lines, fmt.Sprintf("%s: %d", strings.Join(c.Values, " "), c.Count))
		return nil
	})
	if err != nil {
		t.Fatalf("counting sends by %s: %v", by, err)
	}
	return lines
}

func sendsAreCounted(t *testing.T, o Opener) {
	s := o.open(t)
	countSends(t, s, sent("a", "messaging", "US", "", "2026-11-29T23:10:00Z", 2), sent("a", "messaging", "US", "", "2026-11-30T14:00:00Z", 3),
		sent("a", "voice", "UZ", "low_risk", "2026-11-30T14:59:59Z", 1), sent("b", "messaging", "US", "", "2026-11-30T15:00:00Z", 7))
	countSends(t, s, sent("a", "messaging", "US", "", "2026-11-30T14:30:00Z", 10))
	countSends(t, s)
	at := func(text string) time.Time { return sent("", "", "", "", text, 0).Hour }
	for _, test := range []struct {
		name   string
		filter store.TrafficFilter
		by     []store.Dimension
		want   []string
	}{
		{"by account", store.TrafficFilter{}, []store.Dimension{store.ByAccount}, []string{"a: 16", "b: 7"}},
		{"by day", store.TrafficFilter{}, []store.Dimension{store.ByDay}, []string{"2026-11-30: 21", "2026-11-29: 2"}},
		{"by hour", store.TrafficFilter{Hourly: true}, []store.Dimension{store.ByHour}, []string{"2026-11-30T14:00:00Z: 14", "2026-11-30T15:00:00Z: 7", "2026-11-29T23:00:00Z: 2"}},
		{"by the day of hours", store.TrafficFilter{Hourly: true}, []store.Dimension{store.ByDay}, []string{"2026-11-30: 21", "2026-11-29: 2"}},
		{"by channel, territory and class", store.TrafficFilter{Account: "a"}, []store.Dimension{store.ByChannel, store.ByTerritory, store.ByClass}, []string{"messaging US : 15", "voice UZ low_risk: 1"}},
		{"of a channel", store.TrafficFilter{Channel: "voice"}, []store.Dimension{store.ByTerritory}, []string{"UZ: 1"}},
		{"of a territory and class", store.TrafficFilter{Territory: "UZ", Class: "low_risk"}, []store.Dimension{store.ByAccount}, []string{"a: 1"}},
		{"from within an hour", store.TrafficFilter{Hourly: true, From: at("2026-11-30T14:20:00Z")}, []store.Dimension{store.ByAccount}, []string{"a: 14", "b: 7"}},
		{"to the beginning of an hour", store.TrafficFilter{Hourly: true, To: at("2026-11-30T15:00:00Z")}, []store.Dimension{store.ByAccount}, []string{"a: 16"}},
		{"to within an hour", store.TrafficFilter{Hourly: true, To: at("2026-11-30T15:00:01Z")}, []store.Dimension{store.ByAccount}, []string{"a: 16", "b: 7"}},
		{"from within a day", store.TrafficFilter{From: at("2026-11-30T14:20:00Z")}, []store.Dimension{store.ByAccount}, []string{"a: 14", "b: 7"}},
		{"to the beginning of a day", store.TrafficFilter{To: at("2026-11-30T00:00:00Z")}, []store.Dimension{store.ByAccount}, []string{"a: 2"}},
	} {
		if got := sendsBy(t, s, test.filter, test.by...); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q and not %q", test.name, got, test.want)
		}
	}
	for _, by := range [][]store.Dimension{nil, {store.ByReason}, {store.ByDay, store.ByDay}, {"account; --"}, {store.ByHour}} {
		err := s.Traffic().Report(within(t), store.TrafficFilter{}, by, func(store.Counted) error { return nil })
		if !errors.Is(err, store.ErrQuery) {
			t.Errorf("counting days by %q returns %v", by, err)
		}
	}
}

func oldSendsAreDeleted(t *testing.T, o Opener) {
	s := o.open(t)
	const accounts = 12_000 // more than one statement deletes
	old := make([]store.SendCount, accounts)
	for i := range old {
		old[i] = sent(fmt.Sprintf("%05d", i), "messaging", "US", "", "2026-11-28T10:00:00Z", 1)
	}
	countSends(t, s, old...)
	countSends(t, s, sent("a", "messaging", "US", "", "2026-11-28T11:00:00Z", 1), sent("a", "messaging", "US", "", "2026-11-29T11:00:00Z", 1))
	try := func(hour, day string) {
		t.Helper()
		if err := s.Traffic().DeleteBefore(within(t), sent("", "", "", "", hour, 0).Hour, sent("", "", "", "", day, 0).Hour); err != nil {
			t.Fatalf("deleting sends: %v", err)
		}
	}
	try("2026-11-28T11:30:00Z", "2026-11-28T11:30:00Z")
	if got, want := sendsBy(t, s, store.TrafficFilter{Hourly: true}, store.ByHour), []string{"2026-11-28T11:00:00Z: 1", "2026-11-29T11:00:00Z: 1"}; !slices.Equal(got, want) {
		t.Errorf("of hours it has %q and not %q", got, want)
	}
	if got, want := sendsBy(t, s, store.TrafficFilter{}, store.ByDay), []string{"2026-11-28: 12001", "2026-11-29: 1"}; !slices.Equal(got, want) {
		t.Errorf("of days it has %q and not %q", got, want)
	}
	try("2026-11-28T11:30:00Z", "2026-11-29T00:00:00Z")
	if got, want := sendsBy(t, s, store.TrafficFilter{}, store.ByDay), []string{"2026-11-29: 1"}; !slices.Equal(got, want) {
		t.Errorf("of days it has %q and not %q", got, want)
	}
}

// sendsOfMany has several gates that count the same accounts at once, in other orders.
func sendsOfMany(t *testing.T, o Opener) {
	const accounts, times = 500, 5
	s := o.open(t)
	added := make([]store.SendCount, accounts)
	for i := range added {
		added[i] = sent(fmt.Sprintf("%05d", i), "messaging", "US", "", "2026-11-30T10:00:00Z", 1)
	}
	var gates sync.WaitGroup
	for g := range 3 {
		of := s
		if o.Shared {
			of = o.open(t)
		}
		theirs := slices.Concat(added[g*100:], added[:g*100])
		gates.Go(func() {
			for range times {
				if err := of.Traffic().Count(within(t), theirs); err != nil {
					t.Errorf("counting sends: %v", err)
				}
			}
		})
	}
	gates.Wait()
	for _, hourly := range []bool{true, false} {
		if got := sendsBy(t, s, store.TrafficFilter{Hourly: hourly}, store.ByTerritory); !slices.Equal(got, []string{fmt.Sprintf("US: %d", 3*times*accounts)}) {
			t.Errorf("it has %q", got)
		}
	}
}
