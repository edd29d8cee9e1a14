package caddymodule_test

import (
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// A limit that notifies refuses nothing, and tells each step once. What the carrier rejects
// reaches none.
func TestAThresholdIsToldOnceAndRefusesNothing(t *testing.T) {
	server, got := startHooks(t)
	listens := "\n}\nevents {\non threshold_reached listener"
	hook := "webhook " + server + " {\n secret {env.HOOK_SECRET}\n events threshold.reached\n}\n"
	policy := hook + limitedPolicy("limit burst 1/1h per account monitor\n", "limit alert 10/day of numbers per account block:3 notify at 50% 100%")
	s := startDisclosing(t, startJudge(t, nil), policy+listens, "")
	takeHeard()
	send := func(password string, numbers, status int) {
		t.Helper()
		for i := range numbers {
			to := "+1201555" + string([]byte{'1', '0', byte('0' + i/10), byte('0' + i%10)})
			if response, body := s.raw(t, as(acme, password, to)); response.StatusCode != status {
				t.Fatalf("number %d is answered %s %s", i, response.Status, body)
			}
		}
	}
	send("wrong", 20, http.StatusUnauthorized)
	send(rightToken, 20, http.StatusCreated)
	send(rightToken, 20, http.StatusCreated)
	harness.Await(t, "both steps are told", func() bool { return len(got.types()) >= 2 })
	if types := got.types(); !slices.Equal(types, []string{"threshold.reached", "threshold.reached"}) {
		t.Errorf("told is %q", types)
	}
	for i, want := range []string{"50% 5", "100% 10"} {
		data := got.notices[i].Data
		if data.Step+" "+data.Reached != want || data.Rule != "account "+acme+" limit alert" || data.Account != acme ||
			data.Limit != "10 numbers within a day of UTC per account, block:3" || len(data.Values) != 2 || data.Values[1].Value != "+1201" {
			t.Errorf("told is %+v", data)
		}
	}
	var events []map[string]any
	harness.Await(t, "the events are emitted", func() bool {
		events = append(events, takeHeard()...)
		return len(events) == 2
	})
	if events[1]["step"] != "100%" || !strings.HasPrefix(events[1]["text"].(string), "Threshold reached: 100% of account ") {
		t.Errorf("the event is %v", events[1])
	}
}

// Clients without a credential keep sends under way: they reach no step for the account, and use none
// of them up.
func TestWhatIsUnderWayWithoutACredentialReachesNoThreshold(t *testing.T) {
	server, got := startHooks(t)
	policy := "webhook " + server + " {\n secret {env.HOOK_SECRET}\n}\n" +
		limitedPolicy("limit third 3/day per account notify\n", "limit under_way 16/day per account notify at 50%")
	release := make(chan struct{})
	judge := startJudge(t, func(_ http.ResponseWriter, r *http.Request) bool {
		if _, password, _ := r.BasicAuth(); password == "wrong" {
			<-release
		}
		return false
	})
	s := startDisclosing(t, judge, policy, "")
	for range 8 {
		conn, err := net.Dial("tcp", s.gate)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := io.WriteString(conn, as(acme, "wrong", inUS)); err != nil {
			t.Fatal(err)
		}
	}
	defer close(release)
	harness.Await(t, "all are under way", func() bool { return judge.others.Load() == 8 })
	told := func(sends int, want ...string) {
		t.Helper()
		for range sends {
			if response, body := s.raw(t, as(acme, rightToken, inUS)); response.StatusCode != http.StatusCreated {
				t.Fatalf("it is answered %s %s", response.Status, body)
			}
		}
		var rules []string
		harness.Await(t, "it is told", func() bool {
			got.mu.Lock()
			defer got.mu.Unlock()
			rules = nil
			for _, n := range got.notices {
				rules = append(rules, n.Data.Rule)
			}
			return len(rules) >= len(want)
		})
		if !slices.Equal(rules, want) {
			t.Errorf("told is %q, want %q", rules, want)
		}
	}
	const third, underWay = "operator limit third", "account " + acme + " limit under_way"
	told(4, third)
	told(4, third, underWay)
}
