package app

import (
	"cmp"
	"path/filepath"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/sqlite"
)

// opened is a policy whose account has openings until the end of the year 2026.
func opened(t *testing.T, openings ...config.Opening) *policy.Snapshot {
	t.Helper()
	for i := range openings {
		openings[i].Until = cmp.Or(openings[i].Until, "2027-01-01")
	}
	d := config.Document{Accounts: []config.Account{{ID: "acme", At: map[string]string{"twilio": "AC00000000000000000000000000000001"}, Openings: openings}}}
	compiled, err := config.Compile(configtest.AsWritten, config.Source{Document: d})
	if err != nil {
		t.Fatal(err)
	}
	snapshot, err := policy.New(compiled.Definition)
	if err != nil {
		t.Fatal(err)
	}
	return snapshot
}

func TestAnOpeningIsToldAboutOnceIfItIsNotUsedWithinItsFirstDay(t *testing.T) {
	noon := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	snapshot := opened(t,
		config.Opening{Territory: "UZ", Channel: "messaging", Reason: "launch"},
		config.Opening{Territory: "KG", Channel: "messaging", Reason: "launch", From: "2026-11-29T13:00:00Z"},
		config.Opening{Prefix: "+628", Channel: "voice", Reason: "calls"},
		config.Opening{Territory: "TM", Channel: "voice", Class: "high_risk_special", Reason: "calls", AcknowledgeHighRisk: true},
		config.Opening{Territory: "AM", Channel: "messaging", Reason: "short", Until: "2026-11-30T16:00:00Z"},
		config.Opening{Territory: "DE", Channel: "messaging", Reason: "Europe"},
		config.Opening{Territory: "FR", Channel: "messaging", Reason: "Europe"},
		config.Opening{Territory: "KZ", Channel: "messaging", Reason: "launch", From: "2026-12-20"})
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	record := func(channel, territory, class string, day store.Day) {
		t.Helper()
		if err := s.Traffic().Record(t.Context(), day, []store.LastSend{{Account: "acme", Channel: channel, Territory: territory, Class: class, Day: day}}); err != nil {
			t.Fatal(err)
		}
	}
	record("messaging", "UZ", "", "2026-11-29")     // before the gate saw the opening
	record("messaging", "FR", "", "2026-11-30")     // which was opened together with DE
	record("voice", "ID", "low_risk", "2026-11-30") // what the prefix opens
	record("voice", "TM", "low_risk", "2026-11-30") // calls of another class
	record("whatsapp", "KG", "", "2026-11-28")      // too early
	var w openingWatch
	for _, step := range []struct {
		name  string
		after time.Duration
		want  []string
	}{
		{"at the start", 0, nil},
		{"a day after one began", time.Hour, []string{"account acme opening KG messaging"}},
		{"soon afterwards", time.Hour + time.Minute, nil},
		{"after half of a short one", 2 * time.Hour, []string{"account acme opening AM messaging"}},
		{"a day after the others were seen", 24 * time.Hour, []string{"account acme opening UZ messaging", "account acme opening TM voice high_risk_special"}},
		{"later", 48 * time.Hour, nil},
	} {
		unused, err := w.due(t.Context(), snapshot, s.Traffic(), noon.Add(step.after))
		var got []string
		for _, u := range unused {
			got = append(got, u.Words)
		}
		if err != nil || !sameSet(got, step.want) {
			t.Errorf("%s it tells of %q and not %q, %v", step.name, got, step.want, err)
		}
	}
}

func sameSet(a, b []string) bool {
	count := make(map[string]int)
	for _, text := range a {
		count[text]++
	}
	for _, text := range b {
		count[text]--
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}
