package caddymodule_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2"
)

// What limits have counted outlives a restart where the store keeps it, and is forgotten where memory
// does.
func TestCountersOutliveARestartInTheStore(t *testing.T) {
	for engine, want := range map[string]int{"store": http.StatusTooManyRequests, "memory": http.StatusCreated} {
		t.Run(engine, func(t *testing.T) {
			limits := "counters " + engine + "\n" +
				"limit sends  3/1h  per account\nlimit people 2/1h of numbers per account\n"
			s := startStore(t, "store sqlite "+filepath.Join(t.TempDir(), "permissions.db"), limits)
			if response, body := s.manage(t, "PUT", "/accounts/"+acme, `{"messaging": ["US"]}`); response.StatusCode >= 300 {
				t.Fatalf("%d %s", response.StatusCode, body)
			}
			sends := func(when, to string, want int) {
				t.Helper()
				if got := s.sends(t, acme, to); got != want {
					t.Errorf("%s, a send to %s is answered %d and not %d", when, to, got, want)
				}
			}
			other, third := inUS[:len(inUS)-1]+"8", inUS[:len(inUS)-1]+"9"
			sends("before", inUS, http.StatusCreated)
			sends("before", other, http.StatusCreated)
			sends("before", third, http.StatusTooManyRequests)
			loadCaddyfile(t, s.caddyfile+"\n# again")
			sends("after a reload", third, http.StatusTooManyRequests)
			if err := caddy.Stop(); err != nil {
				t.Fatal(err)
			}
			loadCaddyfile(t, s.caddyfile)
			sends("after a restart", third, want)
			sends("after a restart", inUS, http.StatusCreated)
			sends("after a restart", inUS, want)
		})
	}
}

func TestCountersInTheStoreNeedAStoreOfOneGate(t *testing.T) {
	for name, store := range map[string]string{"no store": "", "postgres": "store postgres postgres://127.0.0.1:1/none"} {
		err := tryCaddyfile(t, "{\n\ttollgate {\n\t\tcounters store\n\t\t"+store+"\n\t}\n}\n")
		if err == nil || !strings.Contains(err.Error(), "state store sqlite, or name redis") {
			t.Errorf("with %s: %v", name, err)
		}
	}
}
