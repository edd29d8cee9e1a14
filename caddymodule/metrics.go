package caddymodule

import (
	"errors"
	"maps"
	"sync"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/caddy-tollgate/tollgate/gate"
)

// decisions counts what was decided. It is made once for the process and
// registered anew with the registry of each configuration, so that its series
// survive a reload. Neither numbers nor account names are among its labels.
var decisions = prometheus.NewCounterVec(prometheus.CounterOpts{
	Namespace: "caddy",
	Subsystem: "tollgate",
	Name:      "decisions_total",
	Help:      "Requests judged, by what was decided and why.",
}, []string{"carrier", "channel", "territory", "class", "verdict", "reason"})

func registerMetrics(registry *prometheus.Registry) error {
	err := registry.Register(decisions)
	if errors.As(err, new(prometheus.AlreadyRegisteredError)) {
		return nil
	}
	return err
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
	counters atomic.Pointer[map[labels]prometheus.Counter]
}

func countDecision(carrier string, d *gate.Decision) {
	key := labels{carrier, channelName(d), d.Territory.String(), className(d), d.Outcome.String(), string(d.Reason)}
	if known := series.counters.Load(); known != nil {
		if counter, ok := (*known)[key]; ok {
			counter.Inc()
			return
		}
	}
	newSeries(key).Inc()
}

func newSeries(key labels) prometheus.Counter {
	series.Lock()
	defer series.Unlock()
	counter := decisions.WithLabelValues(key.carrier, key.channel, key.territory, key.class, key.verdict, key.reason)
	counters := map[labels]prometheus.Counter{key: counter}
	if known := series.counters.Load(); known != nil {
		maps.Copy(counters, *known)
	}
	series.counters.Store(&counters)
	return counter
}
