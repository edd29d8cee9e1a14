package app

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/internal/incident"
)

// incidentCollector reports the incidents that are open when it is collected.
type incidentCollector struct{ watch *incident.Watch }

var (
	incidentsOpen = prometheus.NewDesc(prometheus.BuildFQName(telemetry.Namespace, telemetry.Subsystem, "incidents_open"),
		"Incidents that are open.", nil, nil)
	incidentsMissed = prometheus.NewDesc(prometheus.BuildFQName(telemetry.Namespace, telemetry.Subsystem, "incidents_missed_total"),
		"Beginnings and ends of incidents, and thresholds, that no one was told, since too many waited.", nil, nil)
)

// Describe implements prometheus.Collector.
func (incidentCollector) Describe(descriptions chan<- *prometheus.Desc) {
	descriptions <- incidentsOpen
	descriptions <- incidentsMissed
}

// Collect implements prometheus.Collector.
func (c incidentCollector) Collect(metrics chan<- prometheus.Metric) {
	metrics <- prometheus.MustNewConstMetric(incidentsOpen, prometheus.GaugeValue, float64(c.watch.Open()))
	metrics <- prometheus.MustNewConstMetric(incidentsMissed, prometheus.CounterValue, float64(c.watch.Missed()))
}
