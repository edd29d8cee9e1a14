package telemetry

import (
	"errors"
	"fmt"
	"maps"
	"sync"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/policy"
)

// The metrics are made once for the process and registered with the registry of each
// configuration, so that its series survive a reload. Neither numbers nor account names
// are among the labels.
var (
	decisions = prometheus.NewCounterVec(prometheus.CounterOpts{
		Namespace: Namespace,
		Subsystem: Subsystem,
		Name:      "decisions_total",
		Help:      "Requests judged, by verdict and reason.",
	}, []string{"carrier", "channel", "territory", "class", "verdict", "reason"})

	// Under a microsecond to more than anyone should wait.
	decisionTime = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Namespace: Namespace,
		Subsystem: Subsystem,
		Name:      "decision_seconds",
		Help:      "Time taken to judge a request, without the wait for its body to arrive.",
		Buckets:   []float64{2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 1e-2, 1e-1},
	}, []string{"verdict"})

	checks = prometheus.NewCounterVec(prometheus.CounterOpts{
		Namespace: Namespace,
		Subsystem: Subsystem,
		Name:      "credential_checks_total",
		Help:      "Credential checks due before a denial is shown, by outcome.",
	}, []string{"carrier", "product", "outcome"})

	limitWarnings = prometheus.NewCounter(prometheus.CounterOpts{
		Namespace: Namespace,
		Subsystem: Subsystem,
		Name:      "limit_warnings_total",
		Help:      "Requests with which so much of a limit was used that it warned.",
	})

	unlogged = prometheus.NewCounterVec(prometheus.CounterOpts{
		Namespace: Namespace,
		Subsystem: Subsystem,
		Name:      "sends_unlogged_total",
		Help:      "Sends missing from the audit log, by whether they were forwarded or refused.",
	}, []string{"outcome"})

	ReloadFailures = prometheus.NewCounter(prometheus.CounterOpts{
		Namespace: Namespace,
		Subsystem: Subsystem,
		Name:      "policy_reload_failures_total",
		Help:      "Times that a policy could not be loaded and the previous one stayed in force.",
	})

	// HeadFailures are counted where heads are signed.
	HeadFailures = prometheus.NewCounter(prometheus.CounterOpts{
		Namespace: Namespace,
		Subsystem: Subsystem,
		Name:      "audit_head_failures_total",
		Help:      "Times that no head of the log of changes could be signed, or the log was found altered.",
	})
)

// Namespace and Subsystem begin the name of every metric.
const (
	Namespace = "caddy"
	Subsystem = "tollgate"
)

// RegisterMetrics registers the metrics of the process, and those of one configuration.
func RegisterMetrics(registry *prometheus.Registry, configured ...prometheus.Collector) error {
	counted := []prometheus.Collector{decisions, decisionTime, forwardTime, checks, limitWarnings, unlogged, conversions, limitsExceeded, ReloadFailures, HeadFailures, incidentsOpened, notices}
	for _, collector := range append(counted, configured...) {
		err := registry.Register(collector)
		if err != nil && !errors.As(err, new(prometheus.AlreadyRegisteredError)) {
			return fmt.Errorf("registering metrics: %w", err)
		}
	}
	return nil
}

// decisionTimes are the children of decisionTime by verdict.
var decisionTimes = [...]prometheus.Observer{
	policy.Allow:   decisionTime.WithLabelValues(policy.Allow.String()),
	policy.Monitor: decisionTime.WithLabelValues(policy.Monitor.String()),
	policy.Deny:    decisionTime.WithLabelValues(policy.Deny.String()),
}

// labels are the values of the labels of decisions, in order.
type labels struct {
	carrier, channel, territory, class, verdict, reason string
}

// series remembers the counter of each combination of labels. Finding one in
// the vector costs as much as a whole verdict. There are few combinations, so
// the map is copied for each new one and read without a lock.
var series struct {
	sync.Mutex
	counters atomic.Pointer[map[labels]*labelledCounter]
	// last is what was counted last, by verdict: most requests are like the one before, and
	// labels are compared faster than they are hashed.
	last [len(decisionTimes)]atomic.Pointer[labelledCounter]
}

// labelledCounter is a counter with its labels.
type labelledCounter struct {
	labels
	prometheus.Counter
}

func countDecision(carrier string, d *gate.Decision) {
	decisionTimes[d.Outcome].Observe(d.Took.Seconds())
	if d.LimitWarning != "" {
		limitWarnings.Inc()
	}
	key := labels{carrier, ChannelName(d), d.Territory.String(), d.ClassName(d.Channel), d.Outcome.String(), string(d.Reason)}
	counter := series.last[d.Outcome].Load()
	if counter == nil || counter.labels != key {
		counter = counterOf(key)
		series.last[d.Outcome].Store(counter)
	}
	counter.Inc()
}

// counterOf is the counter of a combination of labels.
func counterOf(key labels) *labelledCounter {
	if known := series.counters.Load(); known != nil {
		if counter, ok := (*known)[key]; ok {
			return counter
		}
	}
	return newSeries(key)
}

func newSeries(key labels) *labelledCounter {
	series.Lock()
	defer series.Unlock()
	counter := &labelledCounter{key, decisions.WithLabelValues(key.carrier, key.channel, key.territory, key.class, key.verdict, key.reason)}
	counters := map[labels]*labelledCounter{key: counter}
	if known := series.counters.Load(); known != nil {
		maps.Copy(counters, *known)
	}
	series.counters.Store(&counters)
	return counter
}

// unloggedOutcomes are there from the start, so that an alert sees the first one.
var unloggedOutcomes = map[string]prometheus.Counter{
	"forwarded": unlogged.WithLabelValues("forwarded"),
	"refused":   unlogged.WithLabelValues("refused"),
}

// CountUnlogged counts sends of which the audit log has no line, by what became of
// them: `forwarded` or `refused`.
func CountUnlogged(outcome string, sends int) { unloggedOutcomes[outcome].Add(float64(sends)) }

// CountCheck counts a credential that the carrier was to be asked about.
func CountCheck(carrier, product, outcome string) {
	checks.WithLabelValues(carrier, product, outcome).Inc()
}
