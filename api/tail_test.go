package api_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/api"
	"github.com/caddy-tollgate/tollgate/audit/refusals"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/internal/tail"
)

// followed is the tail over HTTP, as someone sees it, and what reads the next event.
func followed(t *testing.T, m *managed, by access.Principal, query string) (status int, next func() (name string, data map[string]any)) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.handler.ServeHTTP(w, r.WithContext(api.WithCaller(r.Context(), permissions.Caller{Principal: by, Through: "api"})))
	}))
	t.Cleanup(server.Close)
	response, err := http.Get(server.URL + api.Prefix + "/tail?" + query)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() }) // before the server is closed
	lines := bufio.NewScanner(response.Body)
	return response.StatusCode, func() (name string, data map[string]any) {
		t.Helper()
		for lines.Scan() {
			member, value, _ := strings.Cut(lines.Text(), ": ")
			switch member {
			case "event":
				name = value
			case "data":
				if err := json.Unmarshal([]byte(value), &data); err != nil {
					t.Fatal(err)
				}
				return name, data
			}
		}
		t.Fatalf("the stream ends: %v", lines.Err())
		return "", nil
	}
}

func TestAFollowerIsToldOfTheAccountsThatItMayRead(t *testing.T) {
	m := manage(t, "")
	m.service.Tail = new(tail.Tail)
	_, next := followed(t, m, principal("bob", access.Viewer, "acme"), "")
	for _, account := range []string{"beta", "", "acme"} {
		m.service.Tail.Tell(tail.Event{Refusal: refusals.Refusal{Account: account, Reason: "blocked", Outcome: "deny"}, Sends: 2})
	}
	if name, data := next(); name != "decision" || data["account"] != "acme" || data["sends"] != 2.0 {
		t.Errorf("it is told %s %v", name, data)
	}
	if status, _ := followed(t, m, principal("bob", access.Viewer, "acme"), "account=beta"); status != http.StatusForbidden {
		t.Errorf("another account is answered %d", status)
	}
	m.service.Tail = nil
	if status, _ := followed(t, m, owner, ""); status != http.StatusNotFound {
		t.Errorf("what tells of nothing is answered %d", status)
	}
}

func TestAFollowerIsToldHowManyWereTooMany(t *testing.T) {
	m := manage(t, "")
	m.service.Tail = new(tail.Tail)
	_, next := followed(t, m, owner, "")
	const told = 5000
	for range told {
		m.service.Tail.Tell(tail.Event{Refusal: refusals.Refusal{Account: "acme", Reason: "blocked", Outcome: "deny"}, Sends: 1})
	}
	for shown := 0; ; shown++ {
		name, data := next()
		if name == "decision" {
			continue
		}
		if count, _ := data["count"].(float64); name != "skipped" || count < 1 || int(count) >= told {
			t.Errorf("after %d it is told %s %v", shown, name, data)
		}
		return
	}
}

// deadlines is a writer of answers that keeps the deadlines which it is given.
type deadlines struct {
	*httptest.ResponseRecorder
	set []time.Time
}

// SetWriteDeadline implements what http.ResponseController asks for.
func (d *deadlines) SetWriteDeadline(at time.Time) error {
	d.set = append(d.set, at)
	return nil
}

func TestAConnectionHasNoDeadlineOnceAStreamHasEnded(t *testing.T) {
	m := manage(t, "")
	m.service.Tail = new(tail.Tail)
	w := &deadlines{ResponseRecorder: httptest.NewRecorder()}
	r := httptest.NewRequest(http.MethodGet, api.Prefix+"/tail?seconds=0", nil)
	m.handler.ServeHTTP(w, r.WithContext(api.WithCaller(t.Context(), permissions.Caller{Principal: owner, Through: "api"})))
	if !strings.Contains(w.Body.String(), "event: end") || len(w.set) < 2 || !w.set[len(w.set)-1].IsZero() {
		t.Errorf("%s: the deadlines are %v", w.Body, w.set)
	}
	if slices.ContainsFunc(w.set[:len(w.set)-1], time.Time.IsZero) {
		t.Errorf("what is written has a deadline: %v", w.set)
	}
	if m.service.Tail.Wants(false) {
		t.Error("who has left is still told")
	}
}

func TestAFollowerIsToldNothingOnceItsTokenIsRevoked(t *testing.T) {
	m := manage(t, "")
	m.service.Tail = new(tail.Tail)
	var made struct{ ID string }
	m.must(t, "POST", "/tokens", `{"name": "a wall", "role": "viewer", "expires": "`+m.service.Now().Add(time.Hour).UTC().Format(time.RFC3339)+`"}`, &made)
	by := access.Principal{Identity: access.Identity{Kind: access.BearerToken, Name: made.ID}, Role: access.Viewer, Person: "alice"}
	_, next := followed(t, m, by, "")
	tell := func() {
		m.service.Tail.Tell(tail.Event{Refusal: refusals.Refusal{Account: "acme", Reason: "blocked", Outcome: "deny"}, Sends: 1})
	}
	tell()
	if name, _ := next(); name != "decision" {
		t.Fatalf("before, it is told %s", name)
	}
	m.must(t, "DELETE", "/tokens/"+made.ID+"?reason=lost", "", nil)
	tell()
	if name, data := next(); name != "end" || !strings.Contains(data["reason"].(string), "no access") {
		t.Errorf("it is told %s %v", name, data)
	}
	harness.Await(t, "it is told no more", func() bool { return !m.service.Tail.Wants(false) })
}
