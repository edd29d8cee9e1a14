package app

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/limits"
)

// holdCollector reports how much limits hold when it is collected.
type holdCollector struct{ held *limits.Holds }

var holdsInForce = prometheus.NewDesc(prometheus.BuildFQName(telemetry.Namespace, telemetry.Subsystem, "holds"),
	"Holds of limits that are in force, also those that are half open.", nil, nil)

// Describe implements prometheus.Collector.
func (holdCollector) Describe(descriptions chan<- *prometheus.Desc) { descriptions <- holdsInForce }

// Collect implements prometheus.Collector.
func (c holdCollector) Collect(metrics chan<- prometheus.Metric) {
	metrics <- prometheus.MustNewConstMetric(holdsInForce, prometheus.GaugeValue, float64(c.held.Len(time.Now())))
}
