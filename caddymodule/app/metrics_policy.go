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
	numberingAge = prometheus.NewDesc(prometheus.BuildFQName(telemetry.Namespace, telemetry.Subsystem, "numbering_age_seconds"),
		"Time since the release of the libphonenumber metadata in use.", []string{"version"}, nil)
	numberingLoaded = prometheus.NewDesc(prometheus.BuildFQName(telemetry.Namespace, telemetry.Subsystem, "numbering_file_ok"),
		"Whether the current file of numbering data is in force, or none is named: 0 while it is refused.", nil, nil)
)

// Describe implements prometheus.Collector.
func (policyCollector) Describe(descriptions chan<- *prometheus.Desc) {
	descriptions <- policyRevision
	descriptions <- policyAge
	descriptions <- policyAccounts
	descriptions <- policyLoaded
	descriptions <- numberingAge
	descriptions <- numberingLoaded
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
	metrics <- prometheus.MustNewConstMetric(policyLoaded, prometheus.GaugeValue, oneUnless(c.loader.Failure()))
	metadata := loaded.Numbering.Metadata()
	metrics <- prometheus.MustNewConstMetric(numberingAge, prometheus.GaugeValue, time.Since(metadata.Released).Seconds(), metadata.Version)
	metrics <- prometheus.MustNewConstMetric(numberingLoaded, prometheus.GaugeValue, oneUnless(c.loader.Numbering.Failure()))
}

func oneUnless(err error) float64 {
	if err != nil {
		return 0
	}
	return 1
}
