package app

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/limits/redis"
)

// counterCollector reports whether the counters that several gates share can be asked and how
// long it takes, and nothing where a gate counts for itself.
type counterCollector struct{ shared *redis.Counters }

var countersAvailable = prometheus.NewDesc(
	prometheus.BuildFQName(telemetry.Namespace, telemetry.Subsystem, "counters_available"),
	"1 while the counters that several gates share can be asked, and 0 while they are away.", nil, nil)

// counterDuration is of the whole process.
var counterDuration = prometheus.NewHistogram(prometheus.HistogramOpts{
	Namespace: telemetry.Namespace,
	Subsystem: telemetry.Subsystem,
	Name:      "counters_duration_seconds",
	Help:      "How long requests waited for the counters that several gates share.",
	Buckets:   []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, 1},
})

// Describe implements prometheus.Collector.
func (counterCollector) Describe(descriptions chan<- *prometheus.Desc) {
	descriptions <- countersAvailable
	counterDuration.Describe(descriptions)
}

// Collect implements prometheus.Collector.
func (c counterCollector) Collect(metrics chan<- prometheus.Metric) {
	if c.shared == nil {
		return
	}
	available := 0.0
	if c.shared.Available() {
		available = 1
	}
	metrics <- prometheus.MustNewConstMetric(countersAvailable, prometheus.GaugeValue, available)
	counterDuration.Collect(metrics)
}
