package caddymodule_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// hookSecret is the secret of the webhooks of these tests.
const hookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// hooks are the notices that a server got.
type hooks struct {
	mu      sync.Mutex
	notices []hooked
	texts   []string // of Slack
}

type hooked struct {
	Type string
	Data struct {
		Account, Rule, Limit, Reason string
		Denied, Monitored            int
		Numbers, Territories         []struct{ Value string }
		Look                         []string
		Step, Reached                string
		Values                       []struct{ Value string }
	}
}

// startHooks is a server that notices are sent to. It verifies the signature of each.
func startHooks(t *testing.T) (address string, got *hooks) {
	t.Helper()
	t.Setenv("HOOK_SECRET", hookSecret)
	verifier, err := standardwebhooks.NewWebhook(hookSecret)
	if err != nil {
		t.Fatal(err)
	}
	got = new(hooks)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		got.mu.Lock()
		defer got.mu.Unlock()
		if r.URL.Path == "/slack" {
			var message struct{ Text string }
			if err := json.Unmarshal(body, &message); err != nil {
				t.Error(err)
			}
			got.texts = append(got.texts, message.Text)
			return
		}
		if err := verifier.Verify(body, r.Header); err != nil {
			t.Error(err)
		}
		var notice hooked
		if err := json.Unmarshal(body, &notice); err != nil {
			t.Error(err)
		}
		got.notices = append(got.notices, notice)
	}))
	t.Cleanup(server.Close)
	return server.URL, got
}

// types are those of the notices.
func (h *hooks) types() (types []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, n := range h.notices {
		types = append(types, n.Type)
	}
	return types
}

// A limit is exceeded fifty times, over a reload: one notice when it begins, one when it is quiet.
func TestAnAttackIsToldOnceAndItsEndOnce(t *testing.T) {
	server, got := startHooks(t)
	notices := "webhook " + server + " {\n secret {env.HOOK_SECRET}\n}\n" +
		"webhook " + server + "/slack {\n format slack\n events incident.closed\n}\n"
	policy := func(quiet string) string {
		return "incidents {\n quiet " + quiet + "\n}\n" + notices + limitedPolicy("limit block 10/1h per account block:3\n", "")
	}
	s := startGate(t, policy("1h"), "")
	for i := range 60 {
		if i == 35 {
			loadCaddyfile(t, gateCaddyfile(s.gate, s.upstream.address, s.log, policy("2h"), ""))
		}
		want := http.StatusCreated
		if i >= 10 {
			want = http.StatusTooManyRequests
		}
		if response, body := s.raw(t, post(messages(acme), messageTo(inUS))); response.StatusCode != want {
			t.Fatalf("send %d is answered %s %s", i, response.Status, body)
		}
	}
	harness.Await(t, "the incident is told", func() bool { return len(got.types()) > 0 })
	loadCaddyfile(t, gateCaddyfile(s.gate, s.upstream.address, s.log, policy("1s"), ""))
	harness.Await(t, "the end is told", func() bool {
		got.mu.Lock()
		defer got.mu.Unlock()
		return len(got.notices) > 1 && len(got.texts) > 0
	})
	if types := got.types(); !slices.Equal(types, []string{"incident.opened", "incident.closed"}) {
		t.Fatalf("told is %q", types)
	}
	for i, denied := range []int{1, 50} {
		data := got.notices[i].Data
		if data.Denied != denied || data.Account != acme || data.Reason != "limit_exceeded" || data.Rule != "operator limit block" ||
			data.Limit != "10 sends within 1h per account, block:3" || data.Territories[0].Value != "US" || data.Numbers[0].Value != "+1201" {
			t.Errorf("told is %+v", data)
		}
	}
	if !strings.HasPrefix(got.texts[0], "Incident closed: operator limit block, account ") || len(got.texts) != 1 {
		t.Errorf("Slack is told %q", got.texts)
	}
}

// What only records is told too: that is how a limit is tried.
func TestALimitThatOnlyRecordsIsToldAsMonitored(t *testing.T) {
	server, got := startHooks(t)
	listens := "\n}\nevents {\non incident_opened listener"
	s := startGate(t, "webhook "+server+" {\n secret {env.HOOK_SECRET}\n}\n"+limitedPolicy("limit few 1/1h per account monitor\n", "")+listens, "mask none")
	takeHeard()
	for range 2 {
		s.raw(t, post(messages(acme), messageTo(inUS)))
	}
	harness.Await(t, "the incident is told", func() bool { return len(got.types()) > 0 })
	if data := got.notices[0].Data; data.Denied != 0 || data.Monitored != 1 || data.Numbers[0].Value != "+12015550" {
		t.Errorf("told is %+v", data)
	}
	// The event comes after the notice is on its way.
	var events []map[string]any
	harness.Await(t, "the event is emitted", func() bool {
		events = append(events, takeHeard()...)
		return len(events) > 0
	})
	for name, want := range map[string]any{
		"account": acme, "carrier": "twilio", "reason": "limit_exceeded", "rule": "operator limit few", "monitored": int64(1), "territories": "US 1",
		"limit": "1 send within 1h per account",
	} {
		if got := events[0][name]; got != want || len(events) != 1 {
			t.Errorf("%s is %v (%T), want %v, in %d events", name, got, got, want, len(events))
		}
	}
}

// A client whose credential the carrier rejects is not the account's: it can ring for no one.
func TestADenialToAnUnknownCredentialOpensNoIncident(t *testing.T) {
	server, got := startHooks(t)
	policy := "webhook " + server + " {\n secret {env.HOOK_SECRET}\n}\n" + limitedPolicy("limit one 1/1h per account\n", "")
	s := startDisclosing(t, startJudge(t, nil), policy, "")
	for _, c := range []struct {
		password, to string
		status       int
	}{
		{rightToken, inUS, http.StatusCreated},
		{rightToken, inUZ, http.StatusBadRequest}, // for another reason
		{"wrong", inUS, http.StatusUnauthorized},
		{"wrong", inUS, http.StatusUnauthorized},
		{rightToken, inUS, http.StatusTooManyRequests},
		{rightToken, inUS, http.StatusTooManyRequests},
	} {
		if response, body := s.raw(t, as(acme, c.password, c.to)); response.StatusCode != c.status {
			t.Fatalf("%+v is answered %s %s", c, response.Status, body)
		}
	}
	harness.Await(t, "the incident is told", func() bool { return len(got.types()) > 0 })
	quiet := strings.Replace(policy, "webhook", "incidents {\n quiet 1s\n}\nwebhook", 1)
	loadCaddyfile(t, gateCaddyfile(s.gate, "127.0.0.1:1", s.log, quiet, ""))
	harness.Await(t, "the end is told", func() bool { return len(got.types()) > 1 })
	if data := got.notices[1].Data; len(got.notices) != 2 || data.Denied != 2 {
		t.Errorf("told is %+v", got.notices)
	}
}
