package caddymodule_test

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/internal/harness/postgres"
)

// startProcess starts a gate as a process of its own.
func startProcess(t *testing.T, s *storeServer) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "Caddyfile")
	if err := os.WriteFile(file, []byte(s.caddyfile), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(harness.Build(t, "cmd/tollgate"), "run", "--config", file)
	harness.Start(t, command).AwaitListening(t, s.gate)
	harness.Await(t, "the gate is ready", func() bool { return s.sends(t, acme, inCA) == http.StatusCreated })
}

// inCA is a number of Canada that some of these tests send to.
const inCA = "+14165550123"

// Two gates with one PostgreSQL are attacked: one incident is told, and its end once. While the
// server is away, each tells by itself, and no request waits for it.
func TestAFleetTellsOneIncidentOnceAndEachGateWhileItsStoreIsAway(t *testing.T) {
	server, got := startHooks(t)
	database := postgres.Start(t)
	store := "store postgres " + database.Database(t)
	policy := "incidents {\n quiet 8s\n}\nwebhook " + server + " {\n secret {env.HOOK_SECRET}\n}\n" +
		limitedPolicy("limit block 1/1h per account block:3\n", "")
	gates := []*storeServer{newStoreServer(t, store, policy), newStoreServer(t, store, policy)}
	for _, s := range gates {
		startProcess(t, s)
	}
	attack := func() {
		t.Helper()
		for i := range 6 {
			if status := gates[i%2].sends(t, acme, inUS); status != http.StatusCreated && status != http.StatusTooManyRequests {
				t.Errorf("send %d is answered %d", i, status)
			}
		}
	}
	attack()
	harness.Await(t, "its end is told", func() bool { return slices.Contains(got.types(), "incident.closed") })
	if types := got.types(); !slices.Equal(types, []string{"incident.opened", "incident.closed"}) {
		t.Fatalf("told is %q", types)
	}
	if denied := got.notices[1].Data.Denied; denied != 4 {
		t.Errorf("of %d denials, and not 4", denied)
	}
	for _, s := range gates {
		harness.Await(t, "each gate lists it", func() bool {
			_, body := s.manage(t, "GET", "/incidents?state=closed", "")
			return strings.Contains(body, `"denied":4`)
		})
	}

	database.Stall(t)
	attack()
	harness.Await(t, "each gate tells by itself", func() bool {
		return strings.Count(strings.Join(got.types(), " "), "incident.opened") == 3
	})
	database.Continue(t)
}

// An incident is open over a restart, and is not told again. What was not delivered is, after it.
func TestAnIncidentAndItsNoticeOutliveARestart(t *testing.T) {
	server, got := startHooks(t)
	away := harness.FreeAddress(t)
	policy := func(quiet, to string) string {
		return "incidents {\n quiet " + quiet + "\n}\nwebhook " + to + " {\n secret {env.HOOK_SECRET}\n}\n" +
			limitedPolicy("limit block 1/1h per account block:3\n", "")
	}
	store := "store sqlite " + filepath.Join(t.TempDir(), "permissions.db")
	s := startStore(t, store, policy("1h", "http://"+away))
	for range 3 {
		s.sends(t, acme, inUS)
	}
	harness.Await(t, "it is tried to tell it", func() bool {
		return strings.Contains(readMetrics(t, s.admin+"/metrics"), fmt.Sprintf("incident_notices_total{outcome=%q,way=%q} 1\n", "failed", "webhook"))
	})
	restart := func(quiet string) {
		t.Helper()
		if err := caddy.Stop(); err != nil {
			t.Fatal(err)
		}
		loadCaddyfile(t, strings.ReplaceAll(strings.Replace(s.caddyfile, "quiet 1h", "quiet "+quiet, 1), "http://"+away, server))
	}
	restart("2h")
	harness.Await(t, "it is told after a restart", func() bool { return len(got.types()) > 0 })
	for range 3 {
		s.sends(t, acme, inUS)
	}
	restart("1s")
	harness.Await(t, "its end is told", func() bool { return len(got.types()) > 1 })
	if types := got.types(); !slices.Equal(types, []string{"incident.opened", "incident.closed"}) || got.notices[1].Data.Denied != 4 {
		t.Errorf("told is %+v", got.notices)
	}
}
