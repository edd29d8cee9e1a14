package caddymodule_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/modules/caddyevents"
	tracecollector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

func init() {
	caddy.RegisterModule(eventListener{})
}

// eventListener keeps the events that it hears, as any module that users add
// for events would hear them.
type eventListener struct{}

var heard struct {
	sync.Mutex
	events []map[string]any
}

func (eventListener) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "events.handlers.listener", New: func() caddy.Module { return new(eventListener) }}
}

func (*eventListener) UnmarshalCaddyfile(*caddyfile.Dispenser) error { return nil }

func (*eventListener) Handle(_ context.Context, event caddy.Event) error {
	heard.Lock()
	defer heard.Unlock()
	heard.events = append(heard.events, event.Data)
	return nil
}

// takeHeard returns the events heard since the last call.
func takeHeard() []map[string]any {
	heard.Lock()
	defer heard.Unlock()
	events := heard.events
	heard.events = nil
	return events
}

// startWith is startGate with further global options and directives before the
// gate.
func startWith(t *testing.T, global, before string) *caddyServer {
	t.Helper()
	s := &caddyServer{gate: harness.FreeAddress(t), upstream: startRecorder(t), log: t.TempDir() + "/access.log"}
	text := gateCaddyfile(s.gate, s.upstream.address, s.log, acmePolicy, "")
	text = strings.Replace(text, "\tadmin off\n", "\tadmin off\n"+global, 1)
	text = strings.Replace(text, "\troute {\n", "\troute {\n"+before, 1)
	loadCaddyfile(t, text)
	return s
}

func TestADenialIsAnEvent(t *testing.T) {
	s := startWith(t, "\tevents {\n\t\ton permission_denied listener\n\t}\n", "")
	takeHeard()
	s.raw(t, post(messages(acme), messageTo(inUS)))
	if events := takeHeard(); len(events) != 0 {
		t.Errorf("an allowed message is the event %v", events)
	}
	s.raw(t, post(messages(acme), messageTo(inUZ)))
	events := takeHeard()
	if len(events) != 1 {
		t.Fatalf("%d events", len(events))
	}
	for name, want := range map[string]any{
		"account": acme, "channel": "messaging", "territory": "UZ", "class": "", "verdict": "deny", "code": 21408,
		"reason": "territory_not_enabled", "rule": "account " + acme + " messaging", "to": "*********5678", "sends": 1, "skipped": int64(0),
	} {
		if got := events[0][name]; got != want {
			t.Errorf("%s is %v (%T), want %v", name, got, got, want)
		}
	}
}

// A flood of denials is some events, and what they leave out is counted.
func TestAFloodOfDenialsIsAFewEvents(t *testing.T) {
	s := startWith(t, "\tevents {\n\t\ton permission_denied listener\n\t}\n", "")
	takeHeard()
	const denials = 200
	for range denials {
		s.raw(t, post(messages(acme), messageTo(inUZ)))
	}
	var told int64
	events := takeHeard()
	for _, event := range events {
		told += 1 + event["skipped"].(int64)
	}
	if len(events) < 10 || len(events) > 20 {
		t.Errorf("%d events", len(events))
	}
	if told > denials || told < 10 {
		t.Errorf("the events tell of %d denials", told)
	}
}

// startCollector is an OpenTelemetry collector that keeps the attributes of
// every span, by the span's name.
func startCollector(t *testing.T) (address string, attributes func() map[string]string) {
	t.Helper()
	var mu sync.Mutex
	collected := make(map[string]string)
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var request tracecollector.ExportTraceServiceRequest
		if err == nil {
			err = proto.Unmarshal(body, &request)
		}
		if err != nil {
			t.Errorf("reading spans: %v", err)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		for _, resource := range request.ResourceSpans {
			for _, scope := range resource.ScopeSpans {
				for _, span := range scope.Spans {
					for _, attribute := range span.Attributes {
						value := attribute.Value.GetStringValue()
						if value == "" {
							value = strconv.FormatInt(attribute.Value.GetIntValue(), 10)
						}
						collected[attribute.Key] = value
					}
				}
			}
		}
	}))
	t.Cleanup(collector.Close)
	return collector.URL, func() map[string]string {
		mu.Lock()
		defer mu.Unlock()
		return maps.Clone(collected)
	}
}

func TestADecisionIsInTheSpanOfItsRequest(t *testing.T) {
	collector, attributes := startCollector(t)
	t.Setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector)
	t.Setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
	t.Setenv("OTEL_BSP_SCHEDULE_DELAY", "10")
	s := startWith(t, "", "\t\ttracing\n")
	s.raw(t, post(messages(acme), messageTo(inUZ)))
	harness.Await(t, "the span arrives", func() bool { return attributes()["tollgate.verdict"] != "" })
	for name, want := range map[string]string{
		"tollgate.account": acme, "tollgate.channel": "messaging", "tollgate.territory": "UZ", "tollgate.verdict": "deny",
		"tollgate.reason": "territory_not_enabled", "tollgate.code": "21408", "tollgate.to": "*********5678",
	} {
		if got := attributes()[name]; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// The time that a client takes to send the body is not the gate's.
func TestTheTimeOfADecisionIsMeasuredWithoutTheWaitForTheBody(t *testing.T) {
	s, metrics, _ := startMetrics(t, acmePolicy)
	before := decisionSeconds(t, metrics)
	half, err := sendHalf(s.gate, messages(acme), messageTo(inUS))
	if err != nil {
		t.Fatal(err)
	}
	// Meanwhile, others are denied.
	waits := time.Now()
	for range 100 {
		s.raw(t, post(messages(acme), messageTo(inUZ)))
	}
	waited := time.Since(waits)
	if status, err := half.finish(); err != nil || status != 201 {
		t.Fatalf("%d %v", status, err)
	}
	after := decisionSeconds(t, metrics)
	if after.count != before.count+1 {
		t.Errorf("%v decisions after %v", after.count, before.count)
	}
	if took := after.sum - before.sum; took <= 0 || took > waited.Seconds()/2 {
		t.Errorf("deciding took %v seconds, the client %v", took, waited)
	}
}

type histogram struct{ count, sum float64 }

func decisionSeconds(t *testing.T, address string) (h histogram) {
	t.Helper()
	text := readMetrics(t, address)
	for name, value := range map[string]*float64{"count": &h.count, "sum": &h.sum} {
		prefix := fmt.Sprintf("caddy_tollgate_decision_seconds_%s{verdict=\"allow\"} ", name)
		_, rest, found := strings.Cut(text, prefix)
		if !found {
			t.Fatalf("no %s in\n%s", prefix, text)
		}
		line, _, _ := strings.Cut(rest, "\n")
		*value, _ = strconv.ParseFloat(line, 64)
	}
	return h
}

// Interface guard
var _ caddyevents.Handler = (*eventListener)(nil)
