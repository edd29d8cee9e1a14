package caddymodule_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// A request to the admin endpoint is enough to turn enforcement off. It must not go unseen.
func TestAChangeOfModeIsLoggedAnEventAndAMetric(t *testing.T) {
	s := startFileServer(t, policyFile("US"))
	s.loadElsewhere(t, "tollgate {\n", "events {\n\t\ton mode_changed listener\n\t}\n\ttollgate {\n")
	takeHeard()
	if observe, monitored := s.metric(t, "observe"), s.metric(t, "monitored_accounts"); observe != "0" || monitored != "0" {
		t.Fatalf("at first, observe is %q, and %q accounts are monitored", observe, monitored)
	}

	for _, step := range []struct {
		name   string
		change func()
		want   string
	}{
		{"observe, by the admin endpoint", func() {
			if status, text := s.ask(t, http.MethodPost, "/config/apps/tollgate/observe", "application/json", "true"); status != 200 {
				t.Fatalf("the endpoint answers %d, %s", status, text)
			}
		}, "observe= off→on"},
		{"an account, by the policy file", func() { s.write(t, policyFile("US")+"    monitor: true\n") }, "monitor=" + acme + " off→on"},
		{"enforcement, by the admin endpoint", func() {
			if status, text := s.ask(t, http.MethodDelete, "/config/apps/tollgate/observe", "", ""); status != 200 {
				t.Fatalf("the endpoint answers %d, %s", status, text)
			}
		}, "observe= on→off"},
		{"enforcement for the account", func() { s.write(t, policyFile("US")) }, "monitor=" + acme + " on→off"},
	} {
		step.change()
		var events []string
		harness.Await(t, step.name+" is an event", func() bool {
			for _, e := range takeHeard() {
				events = append(events, fmt.Sprintf("%s=%s %s→%s", e["mode"], e["account"], e["before"], e["after"]))
			}
			return len(events) > 0
		})
		if len(events) != 1 || events[0] != step.want {
			t.Errorf("%s: the events %q, want %q", step.name, events, step.want)
		}
		on := map[bool]string{true: "1", false: "0"}[strings.HasSuffix(step.want, "on")]
		name := map[bool]string{true: "observe", false: "monitored_accounts"}[strings.HasPrefix(step.want, "observe")]
		if got := s.metric(t, name); got != on {
			t.Errorf("%s: %s is %q, want %s", step.name, name, got, on)
		}
	}
	text := waitForLog(t, s.serverLog(), `"mode":"observe","account":"","before":"on","after":"off"`)
	if n := strings.Count(text, `"msg":"mode changed"`); n != 4 || !strings.Contains(text, `{"level":"warn"`) {
		t.Errorf("%d changes are logged in\n%s", n, text)
	}
}

func TestAModeIsLoggedAtTheStart(t *testing.T) {
	s := startFileServer(t, "observe: true\n"+policyFile("US"))
	waitForLog(t, s.serverLog(), `"mode":"observe","account":"","before":"off","after":"on"`)
}

func TestTheEndOfAModeIsAChangeOfIt(t *testing.T) {
	// Of a second, since the end is written in RFC 3339 without parts of one.
	until := time.Now().Add(3 * time.Second).UTC().Truncate(time.Second)
	s := startFileServer(t, fmt.Sprintf("observe: {reason: first week, until: %q}\n", until.Format(time.RFC3339))+policyFile("US"))
	waitForLog(t, s.serverLog(), `"mode":"observe","account":"","before":"off","after":"on"`)
	waitForLog(t, s.serverLog(), `"mode":"observe","account":"","before":"on","after":"off"`)
	if got := s.metric(t, "observe"); got != "0" {
		t.Errorf("observe is %q behind its end", got)
	}
}

func TestTheEndOfARuleIsLoggedAndAMetric(t *testing.T) {
	until := time.Now().Add(time.Hour).UTC().Truncate(time.Second)
	rules := func(until, reason string) string {
		return "prefixes:\n  - block: \"+99899394\"\n    reason: " + reason + "\n    until: " + until + "\n"
	}
	s := startFileServer(t, policyFile("US")+rules(until.Format(time.RFC3339), "pumping"))
	waitForLog(t, s.serverLog(), `"msg":"a statement of the policy ends within a day","rule":"operator block +99899394","reason":"pumping"`)
	if got, want := s.metric(t, "policy_next_end_seconds"), fmt.Sprintf("%g", float64(until.Unix())); got != want {
		t.Errorf("the next end is %s, want %s", got, want)
	}
	s.write(t, policyFile("US")+rules("2020-01-01", "over"))
	harness.Await(t, "a rule that is over counts as ended", func() bool { return s.metric(t, "policy_ended_statements") == "1" })
	if got := s.metric(t, "policy_next_end_seconds"); got != "" {
		t.Errorf("the next end is %s, though nothing ends", got)
	}
}
