package caddymodule_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

func TestARunningGateTellsADayBeforeAnOpeningEndsAndWhenItHas(t *testing.T) {
	s := newStoreServer(t, "store sqlite "+filepath.Join(t.TempDir(), "permissions.db"), acmePolicy)
	serverLog := filepath.Join(t.TempDir(), "server.log")
	s.caddyfile = strings.Replace(s.caddyfile, "output discard", "output file "+serverLog, 1)
	s.caddyfile = strings.Replace(s.caddyfile, "tollgate {\n", "events {\n\t\ton statement_ending listener\n\t}\n\ttollgate {\n", 1)
	loadCaddyfile(t, s.caddyfile)
	takeHeard()

	// Of a second, since the end is written in RFC 3339 without parts of one.
	soon := time.Now().Add(4 * time.Second).UTC().Truncate(time.Second)
	open := func(to string, until time.Time) {
		s.must(t, http.StatusCreated, "POST", "/openings", `{"account": "`+acme+`", "channel": "messaging", "to": "`+to+`", "until": "`+
			until.Format(time.RFC3339)+`", "reason": "Launch", "acknowledge_high_risk": true}`)
	}
	open("CA", soon.Add(24*time.Hour))
	open("FR", soon.Add(25*time.Hour))
	if events := takeHeard(); len(events) != 0 && time.Now().Before(soon) {
		t.Fatalf("more than a day before the end, it tells %v", events)
	}

	var events []map[string]any
	harness.Await(t, "the notice of a day before", func() bool {
		events = append(events, takeHeard()...)
		return len(events) > 0
	})
	if time.Now().Before(soon) {
		t.Error("it tells more than a day before the end")
	}
	want := map[string]string{"account": acme, "kind": "opening", "rule": "account " + acme + " opening CA messaging",
		"reason": "Launch", "until": soon.Add(24 * time.Hour).Format(time.RFC3339)}
	for member, text := range want {
		if events[0][member] != text {
			t.Errorf("of the event, %s is %v and not %s", member, events[0][member], text)
		}
	}
	text := waitForLog(t, serverLog, `"msg":"a statement of the policy ends within a day","rule":"`+want["rule"]+`","reason":"Launch"`)
	if strings.Contains(text, "opening FR messaging") {
		t.Errorf("another one is told of in\n%s", text)
	}

	end := time.Now().Add(4 * time.Second).UTC().Truncate(time.Second)
	open("DE", end)
	text = waitForLog(t, serverLog, `"msg":"a statement of the policy has ended","rule":"account `+acme+` opening DE messaging","reason":"Launch"`)
	if time.Now().Before(end) || strings.Contains(text, `has ended","rule":"account `+acme+` opening CA`) {
		t.Errorf("at %s, it tells of an end at %s in\n%s", time.Now(), end, text)
	}
}
