package caddymodule_test

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2"
)

// A hold stays over a reload and a restart, is listed, and is over once it is released.
func TestAHoldStaysUntilItIsReleased(t *testing.T) {
	const holds = "limit block 2/1h per account block:3 deny for 15m\n"
	s := startStore(t, "store sqlite "+filepath.Join(t.TempDir(), "permissions.db"), holds)
	if response, body := s.manage(t, "PUT", "/accounts/"+acme, `{"messaging": ["US"]}`); response.StatusCode >= 300 {
		t.Fatalf("%d %s", response.StatusCode, body)
	}
	sends := func(when string, want ...int) {
		t.Helper()
		for i, status := range want {
			if got := s.sends(t, acme, inUS); got != status {
				t.Errorf("%s, send %d is answered %d and not %d", when, i, got, status)
			}
		}
	}
	sends("before", http.StatusCreated, http.StatusCreated, http.StatusBadRequest, http.StatusBadRequest)
	loadCaddyfile(t, s.caddyfile+"\n# again")
	sends("after a reload", http.StatusBadRequest)
	if err := caddy.Stop(); err != nil {
		t.Fatal(err)
	}
	loadCaddyfile(t, s.caddyfile)
	sends("after a restart", http.StatusBadRequest)
	response, body := s.manage(t, "GET", "/holds?account="+acme, "")
	var page struct {
		Items []struct {
			ID, Limit, State string
			Refused          int
		}
	}
	if err := json.Unmarshal([]byte(body), &page); err != nil || len(page.Items) != 1 || page.Items[0].Refused != 1 || page.Items[0].State != "held" {
		t.Fatalf("%d %s", response.StatusCode, body)
	}
	if metrics := readMetrics(t, s.admin+"/metrics"); !strings.Contains(metrics, "\ncaddy_tollgate_holds 1\n") {
		t.Error("the metric of holds is not 1")
	}
	if response, body := s.manage(t, "DELETE", "/holds/"+page.Items[0].ID+"?reason=ours", ""); response.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", response.StatusCode, body)
	}
	sends("once it is released", http.StatusCreated, http.StatusCreated, http.StatusBadRequest)
	lines := s.accessLog(t, 9)
	if line := lines[2]; !strings.Contains(line, `"limit":"block","hold":"`+page.Items[0].ID+`","code":21408`) {
		t.Errorf("logged %s", line)
	}
}
