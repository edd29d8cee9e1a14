package caddymodule_test

import (
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// startMetrics runs Caddy with a gate and its metrics on a port of their own,
// and returns what loads the same configuration again.
func startMetrics(t *testing.T, policy string) (s *caddyServer, metrics string, reload func(policy string)) {
	t.Helper()
	s = &caddyServer{gate: harness.FreeAddress(t), upstream: startRecorder(t), log: t.TempDir() + "/access.log"}
	metrics = harness.FreeAddress(t)
	reload = func(policy string) {
		loadCaddyfile(t, gateCaddyfile(s.gate, s.upstream.address, s.log, policy, "")+
			"http://"+strings.Replace(metrics, "127.0.0.1", "", 1)+" {\n\tmetrics\n}\n")
	}
	reload(policy)
	return s, metrics, reload
}

var sample = regexp.MustCompile(`(?m)^(caddy_tollgate_decisions_total)\{(.*)\} (\d+)$`)

// readMetrics reads all metrics.
func readMetrics(t *testing.T, address string) string {
	t.Helper()
	// A reload closes the connections that are idle: each read has its own.
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Get("http://" + address)
	for tries := 0; err != nil && tries < 10; tries++ {
		response, err = client.Get("http://" + address)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// decisions reads the counter of decisions, by its labels as Prometheus writes
// them.
func decisions(t *testing.T, address string) map[string]int {
	t.Helper()
	counts := make(map[string]int)
	for _, match := range sample.FindAllStringSubmatch(readMetrics(t, address), -1) {
		counts[match[2]], _ = strconv.Atoi(match[3])
	}
	return counts
}

// Labels of the decisions that these tests make, in the order of their names.
const (
	allowedUS = `carrier="twilio",channel="messaging",class="",reason="enabled",territory="US",verdict="allow"`
	deniedUZ  = `carrier="twilio",channel="messaging",class="",reason="territory_not_enabled",territory="UZ",verdict="deny"`
	calledUS  = `carrier="twilio",channel="voice",class="low_risk",reason="enabled",territory="US",verdict="allow"`
	tooLong   = `carrier="twilio",channel="",class="",reason="body_too_large",territory="",verdict="deny"`
)

func TestDecisionsAreCounted(t *testing.T) {
	s, metrics, _ := startMetrics(t, acmePolicy)
	before := decisions(t, metrics) // other tests of this process count as well
	for _, request := range []string{
		post(messages(acme), messageTo(inUS)), post(messages(acme), messageTo(inUS)), post(calls(acme), messageTo(inUS)),
		post(messages(acme), messageTo(inUZ)), post(messages(acme), tooLarge(inUS)), get(messages(acme)),
	} {
		s.raw(t, request)
	}
	after := decisions(t, metrics)
	for labels, want := range map[string]int{allowedUS: 2, calledUS: 1, deniedUZ: 1, tooLong: 1} {
		if got := after[labels] - before[labels]; got != want {
			t.Errorf("%s counted %d times, want %d", labels, got, want)
		}
	}
	total := 0
	for labels := range after {
		total += after[labels] - before[labels]
	}
	if total != 5 {
		t.Errorf("%d decisions counted, want 5: a read is none", total)
	}
}

// Caddy gives every configuration a registry of its own.
func TestCountsSurviveAReload(t *testing.T) {
	s, metrics, reload := startMetrics(t, acmePolicy)
	for i := range 3 {
		send := func() {
			request, err := sendHalf(s.gate, messages(acme), messageTo(inUS))
			if err != nil {
				t.Fatal(err)
			}
			if status, err := request.finish(); status != http.StatusCreated {
				t.Fatalf("answer %d: %v", status, err)
			}
		}
		before := decisions(t, metrics)
		send()
		reload(acmePolicy + "\n\t\taccount " + child + ` "of reload ` + strconv.Itoa(i) + `"`)
		send()
		if got := decisions(t, metrics)[allowedUS]; got != before[allowedUS]+2 {
			t.Errorf("counted %d after the reload, want %d", got, before[allowedUS]+2)
		}
	}
}

// A reader of the metrics may not learn whom an account reaches, and no client
// may make up labels.
func TestLabelsOfMetricsHoldNeitherNumbersNorAccounts(t *testing.T) {
	s, metrics, _ := startMetrics(t, acmePolicy+`
		allow `+inUZ+` "the office in Tashkent"`)
	for _, to := range []string{inUS, inUZ, inGB, "+999123456789", "sip:+12015550123@example.com", "client:alice", "no number at all 12345"} {
		for _, account := range []string{acme, unnamed, "made-up-99999"} {
			s.raw(t, post(messages(account), messageTo(to)))
			s.raw(t, post(calls(account), messageTo(to)))
		}
	}
	counts := decisions(t, metrics)
	if len(counts) == 0 {
		t.Fatal("nothing counted")
	}
	forbidden := regexp.MustCompile(`AC[0-9]|made-up|alice|[0-9]{4,}`)
	for labels := range counts {
		if forbidden.MatchString(labels) {
			t.Errorf("labels %s", labels)
		}
	}
}

// What was forwarded is counted by the status of the answer, as the carrier gave it, and a
// carrier that does not answer too.
func TestForwardedRequestsAreCounted(t *testing.T) {
	for _, c := range []struct {
		name, request, upstream, status string
	}{
		{"a message", message(us), startRecorder(t).address, "2xx"},
		{"an upload, which goes through Caddy's proxy", chunked("/v1/Services/IS1/Media", "x", 1, nil), startRecorder(t).address, "2xx"},
		{"a message to a carrier that is not there", message(us), harness.FreeAddress(t), "none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, metrics := &caddyServer{gate: harness.FreeAddress(t), log: t.TempDir() + "/access.log"}, harness.FreeAddress(t)
			product := ""
			if strings.Contains(c.request, "/Media") {
				product = "product mcs"
			}
			caddyfile := strings.Replace(gateCaddyfile(s.gate, c.upstream, s.log, acmePolicy, product), "\troute {", "\tlog_append ms {http.tollgate.forward_ms}\n\troute {", 1)
			loadCaddyfile(t, caddyfile+"http://:"+metrics[strings.LastIndex(metrics, ":")+1:]+" {\n\tmetrics\n}\n")
			count := func() string {
				match := regexp.MustCompile(`caddy_tollgate_forward_seconds_count\{status="` + c.status + `"\} (\d+)`).FindStringSubmatch(readMetrics(t, metrics))
				if match == nil {
					t.Fatalf("no series for %s", c.status)
				}
				return match[1]
			}
			before := count()
			s.send(t, c.request)
			harness.Await(t, "it is counted", func() bool { return count() != before })
			if line := s.accessLog(t, 1)[0]; !regexp.MustCompile(`"ms":"?[0-9]*\.?[0-9]*[1-9]`).MatchString(line) {
				t.Errorf("the log does not say how long it took: %s", line)
			}
		})
	}
}
