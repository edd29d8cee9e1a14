package app

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/internal/reload"
)

// policyCollector reports the policy in force when it is collected.
type policyCollector struct{ loader *reload.Loader }

var (
	policyRevision = prometheus.NewDesc(prometheus.BuildFQName(telemetry.Namespace, telemetry.Subsystem, "policy_revision"),
		"The policy in force, by its revision: always 1.", []string{"revision"}, nil)
	policyAge = prometheus.NewDesc(prometheus.BuildFQName(telemetry.Namespace, telemetry.Subsystem, "policy_age_seconds"),
		"Time since the policy in force was loaded.", nil, nil)
	policyLoaded = prometheus.NewDesc(prometheus.BuildFQName(telemetry.Namespace, telemetry.Subsystem, "policy_file_ok"),
		"Whether the current policy file is in force: 0 while it has a mistake.", nil, nil)
	policyAccounts = prometheus.NewDesc(prometheus.BuildFQName(telemetry.Namespace, telemetry.Subsystem, "policy_accounts"),
		"Accounts that the policy in force names.", nil, nil)
)

// Describe implements prometheus.Collector.
func (policyCollector) Describe(descriptions chan<- *prometheus.Desc) {
	descriptions <- policyRevision
	descriptions <- policyAge
	descriptions <- policyAccounts
	descriptions <- policyLoaded
}

// Collect implements prometheus.Collector.
func (c policyCollector) Collect(metrics chan<- prometheus.Metric) {
	loaded := c.loader.Current()
	if loaded == nil {
		return
	}
	metrics <- prometheus.MustNewConstMetric(policyRevision, prometheus.GaugeValue, 1, loaded.Snapshot.Revision())
	metrics <- prometheus.MustNewConstMetric(policyAge, prometheus.GaugeValue, time.Since(loaded.At).Seconds())
	metrics <- prometheus.MustNewConstMetric(policyAccounts, prometheus.GaugeValue, float64(len(loaded.Document.Accounts)))
	ok := 1.0
	if c.loader.Failure() != nil {
		ok = 0
	}
	metrics <- prometheus.MustNewConstMetric(policyLoaded, prometheus.GaugeValue, ok)
}
