package caddymodule_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// toldEvent is an event of the tail.
type toldEvent struct {
	name string
	data map[string]any
}

// tail follows decisions, and returns what reads the next event. Once it returns, it follows.
func (s *storeServer) tail(t *testing.T, query string) (next func() toldEvent) {
	t.Helper()
	response, err := http.Get("http://" + s.admin + "/tollgate/v1/tail?" + query)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	if kind := response.Header.Get("Content-Type"); response.StatusCode != http.StatusOK || kind != "text/event-stream" {
		t.Fatalf("%d %s", response.StatusCode, kind)
	}
	lines := bufio.NewScanner(response.Body)
	return func() (e toldEvent) {
		t.Helper()
		for lines.Scan() {
			name, value, _ := strings.Cut(lines.Text(), ": ")
			switch {
			case name == "event":
				e.name = value
			case name == "data":
				if err := json.Unmarshal([]byte(value), &e.data); err != nil {
					t.Fatal(err)
				}
			case name == "" && e.name != "":
				return e
			}
		}
		t.Fatalf("the tail ends without an event: %v", lines.Err())
		return e
	}
}

func TestDecisionsAreFollowedAsTheyHappen(t *testing.T) {
	s := startStore(t, "store sqlite "+filepath.Join(t.TempDir(), "permissions.db"), acmePolicy)
	refused, all, another := s.tail(t, ""), s.tail(t, "sends=true&account="+acme), s.tail(t, "reason=blocked&sends=true")
	s.mustAnswer(t, http.StatusCreated, acme, inUS)
	s.mustAnswer(t, http.StatusBadRequest, acme, inUZ)
	if e := all(); e.name != "decision" || e.data["outcome"] != "allow" || e.data["territory"] != "US" || e.data["sends"] != 1.0 {
		t.Errorf("of what was let through it is told %v", e)
	}
	for _, e := range []toldEvent{refused(), all()} {
		to, _ := e.data["destination"].(string)
		if e.name != "decision" || e.data["outcome"] != "deny" || e.data["reason"] != "territory_not_enabled" || e.data["account"] != acme ||
			e.data["territory"] != "UZ" || e.data["id"] == "" || !strings.HasPrefix(to, "***") {
			t.Errorf("of what was refused it is told %v", e)
		}
	}
	// A reload waits for no follower, and tells each.
	loadCaddyfile(t, s.caddyfile+"\n# again")
	for _, next := range []func() toldEvent{refused, all, another} {
		if e := next(); e.name != "end" || !strings.Contains(e.data["reason"].(string), "configuration") {
			t.Errorf("at a reload it is told %v", e)
		}
	}
	next := s.tail(t, "")
	s.mustAnswer(t, http.StatusBadRequest, acme, inUZ)
	if e := next(); e.data["territory"] != "UZ" {
		t.Errorf("after a reload it is told %v", e)
	}
}
