package app

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
)

// refusalCollector reports what became of refusals since the gate started, and nothing
// without a store.
type refusalCollector struct{ use *refusalUse }

var (
	refusalsWritten = refusalMetric("refusals_written_total", "Refusals and monitored denials for the store, each of which is stored, spooled or lost.")
	refusalsSpooled = refusalMetric("refusals_spooled_total", "Refusals that waited in the spool, or do, since the store did not take them.")
	refusalsLost    = refusalMetric("refusals_lost_total", "Refusals that could be written neither to the store nor to the spool.")
	spoolBytes      = refusalMetric("refusals_spool_bytes", "Size of the spool of refusals.")
	spoolAge        = refusalMetric("refusals_spool_age_seconds", "For how long the oldest refusals have waited in the spool; 0 if it is empty.")
)

func refusalMetric(name, help string) *prometheus.Desc {
	return prometheus.NewDesc(prometheus.BuildFQName(telemetry.Namespace, telemetry.Subsystem, name), help, nil, nil)
}

// Describe implements prometheus.Collector.
func (refusalCollector) Describe(descriptions chan<- *prometheus.Desc) {
	for _, description := range []*prometheus.Desc{refusalsWritten, refusalsSpooled, refusalsLost, spoolBytes, spoolAge} {
		descriptions <- description
	}
}

// Collect implements prometheus.Collector.
func (c refusalCollector) Collect(metrics chan<- prometheus.Metric) {
	if c.use == nil || c.use.writer.Load() == nil {
		return
	}
	stats := c.use.writer.Load().Stats()
	for _, count := range []struct {
		description *prometheus.Desc
		value       int64
	}{
		{refusalsWritten, stats.Written}, {refusalsSpooled, stats.Spooled}, {refusalsLost, stats.Lost},
	} {
		metrics <- prometheus.MustNewConstMetric(count.description, prometheus.CounterValue, float64(count.value))
	}
	age := 0.0
	if !stats.SpooledSince.IsZero() {
		age = time.Since(stats.SpooledSince).Seconds()
	}
	metrics <- prometheus.MustNewConstMetric(spoolBytes, prometheus.GaugeValue, float64(stats.SpoolBytes))
	metrics <- prometheus.MustNewConstMetric(spoolAge, prometheus.GaugeValue, age)
}
