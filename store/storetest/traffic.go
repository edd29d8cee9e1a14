package storetest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/caddy-tollgate/tollgate/store"
)

// trafficOf is what a store has seen of an account, as lines.
func trafficOf(t *testing.T, s store.Store, account string) []string {
	t.Helper()
	var lines []string
	err := s.Traffic().Query(within(t), account, func(l store.LastSend) error {
		lines = append(lines, strings.Join([]string{l.Account, l.Channel, l.Territory, l.Class, string(l.Day)}, " "))
		return nil
	})
	if err != nil {
		t.Fatalf("reading traffic: %v", err)
	}
	return lines
}

func recordTraffic(t *testing.T, s store.Store, watched store.Day, seen ...store.LastSend) {
	t.Helper()
	if err := s.Traffic().Record(within(t), watched, seen); err != nil {
		t.Fatalf("recording traffic: %v", err)
	}
}

func trafficKeepsTheLastDay(t *testing.T, o Opener) {
	s := o.open(t)
	recordTraffic(t, s, "2026-11-28", store.LastSend{Account: "b", Channel: "voice", Territory: "US", Class: "low_risk", Day: "2026-11-28"},
		store.LastSend{Account: "a", Channel: "messaging", Territory: "UZ", Day: "2026-11-28"})
	recordTraffic(t, s, "2026-11-29", store.LastSend{Account: "b", Channel: "voice", Territory: "US", Class: "low_risk", Day: "2026-11-27"},
		store.LastSend{Account: "b", Channel: "voice", Territory: "US", Class: "high_risk_special", Day: "2026-11-29"},
		store.LastSend{Account: "a", Channel: "messaging", Territory: "UZ", Day: "2026-11-29"},
		store.LastSend{Account: "a", Channel: "messaging", Territory: "+881", Day: "2026-11-29"})
	want := []string{"a messaging +881  2026-11-29", "a messaging UZ  2026-11-29",
		"b voice US high_risk_special 2026-11-29", "b voice US low_risk 2026-11-28"}
	if got := trafficOf(t, s, ""); !slices.Equal(got, want) {
		t.Errorf("it has %q and not %q", got, want)
	}
	if got := trafficOf(t, s, "b"); !slices.Equal(got, want[2:]) {
		t.Errorf("of one account it has %q and not %q", got, want[2:])
	}
	if lines, revision := read(t, s); len(lines) != 0 || revision != 0 {
		t.Errorf("traffic is not a change, yet it reads %q at revision %d", lines, revision)
	}
}

func trafficHasAFirstDay(t *testing.T, o Opener) {
	s := o.open(t)
	for _, step := range []struct{ watched, want store.Day }{{"", ""}, {"2026-11-28", "2026-11-28"}, {"2026-11-29", "2026-11-28"}} {
		if step.watched != "" {
			recordTraffic(t, s, step.watched)
		}
		if got, err := s.Traffic().Since(within(t)); err != nil || got != step.want {
			t.Errorf("after watching on %q it is watched since %q and not %q, %v", step.watched, got, step.want, err)
		}
	}
}

// trafficOfMany has several gates that record the same accounts at once, in other orders.
func trafficOfMany(t *testing.T, o Opener) {
	const accounts = 12_000 // more than one statement writes
	s := o.open(t)
	seen := make([]store.LastSend, accounts)
	for i := range seen {
		seen[i] = store.LastSend{Account: fmt.Sprintf("%05d", i), Channel: "messaging", Territory: "US", Day: "2026-11-30"}
	}
	var gates sync.WaitGroup
	for g := range 3 {
		of := s
		if o.Shared {
			of = o.open(t)
		}
		theirs := slices.Concat(seen[g*1000:], seen[:g*1000])
		gates.Go(func() {
			if err := of.Traffic().Record(within(t), "2026-11-30", theirs); err != nil {
				t.Errorf("recording traffic: %v", err)
			}
		})
	}
	gates.Wait()
	if got := trafficOf(t, s, ""); len(got) != accounts {
		t.Errorf("it has %d and not %d", len(got), accounts)
	}
}
