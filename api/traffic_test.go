package api_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/store"
)

func TestTrafficIsCountedByWhatIsAskedFor(t *testing.T) {
	m := manage(t, "")
	m.service.Now = func() time.Time { return time.Date(2026, 11, 30, 15, 20, 0, 0, time.UTC) }
	written := false
	m.service.WriteTraffic = func(context.Context) error { written = true; return nil }
	hour := time.Date(2026, 11, 30, 14, 0, 0, 0, time.UTC)
	err := m.kept.Traffic().Count(t.Context(), []store.SendCount{
		{Account: "acme", Channel: "messaging", Territory: "US", Hour: hour, Count: 40},
		{Account: "acme", Channel: "voice", Territory: "US", Class: "low_risk", Hour: hour.Add(time.Hour), Count: 2},
		{Account: "acme", Channel: "messaging", Territory: "UZ", Hour: hour.Add(-72 * time.Hour), Count: 5},
		{Account: "beta", Channel: "messaging", Territory: "US", Hour: hour, Count: 7},
		{Account: "gamma", Channel: "messaging", Territory: "FR", Hour: hour, Count: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	both := principal("bob", access.Viewer, "acme", "beta")
	for _, c := range []struct {
		says string
		by   access.Principal
		path string
		want []string
	}{
		{"by territory", owner, "by=territory", []string{"territory,count", "US,49", "UZ,5", "FR,1"}},
		{"by account and day", owner, "by=account,day&channel=messaging", []string{"account,day,count", "acme,2026-11-30,40", "beta,2026-11-30,7", "acme,2026-11-27,5", "gamma,2026-11-30,1"}},
		{"by hour", owner, "by=hour&from=2026-11-30T15:10:00Z", []string{"hour,count", "2026-11-30T15:00:00Z,2"}},
		{"of the last hour, which is less than the day", owner, "by=territory&from=2026-11-30T15:10:00Z", []string{"territory,count", "US,2"}},
		{"of days that are older than hours are kept", owner, "by=channel&from=2026-11-27T15:00:00Z&to=2026-11-28T00:00:00Z", []string{"channel,count", "messaging,5"}},
		{"of an account and class", owner, "by=class&account=acme&territory=US", []string{"class,count", ",40", "low_risk,2"}},
		{"of those that the client may read", both, "by=territory", []string{"territory,count", "US,49", "UZ,5"}},
		{"of none", principal("eve", access.Viewer, "delta"), "by=territory", []string{"territory,count"}},
	} {
		response, text := m.ask(t, c.by, "GET", "/traffic?format=csv&"+c.path, "")
		if got := strings.Fields(text); response.StatusCode != http.StatusOK || !slices.Equal(got, c.want) {
			t.Errorf("%s: %d %q, want %q", c.says, response.StatusCode, got, c.want)
		}
	}
	if !written {
		t.Error("what this gate has not written yet is left out")
	}
	if response, text := m.ask(t, both, "GET", "/traffic?by=territory&account=gamma", ""); response.StatusCode != http.StatusForbidden {
		t.Errorf("of another account: %d %s", response.StatusCode, text)
	}
	if response, text := m.ask(t, owner, "GET", "/traffic?by=weather", ""); response.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text, "must be one of account, channel") {
		t.Errorf("by weather: %d %s", response.StatusCode, text)
	}
}
