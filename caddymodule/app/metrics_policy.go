package app

import (
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/policy"
)

// policyCollector reports the policy in force when it is collected.
type policyCollector struct{ loader *reload.Loader }

var (
	policyRevision = prometheus.NewDesc(prometheus.BuildFQName(telemetry.Namespace, telemetry.Subsystem, "policy_revision"),
		"What files state of the policy in force, by its revision: always 1.", []string{"revision"}, nil)
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
	storeRevision = prometheus.NewDesc(prometheus.BuildFQName(telemetry.Namespace, telemetry.Subsystem, "store_revision"),
		"The revision of the store of permissions that is in force.", nil, nil)
	storeContact = prometheus.NewDesc(prometheus.BuildFQName(telemetry.Namespace, telemetry.Subsystem, "store_contact_seconds"),
		"When the store of permissions last answered, in seconds since 1970; 0 before it has.", nil, nil)
	storeRereads = prometheus.NewDesc(prometheus.BuildFQName(telemetry.Namespace, telemetry.Subsystem, "store_rereads_total"),
		"Times that all of the store of permissions was read again, since it did not know the revision in force.", nil, nil)
	observe = prometheus.NewDesc(prometheus.BuildFQName(telemetry.Namespace, telemetry.Subsystem, "observe"),
		"Whether nothing is refused: 1 while the policy in force only observes.", nil, nil)
	monitoredAccounts = prometheus.NewDesc(prometheus.BuildFQName(telemetry.Namespace, telemetry.Subsystem, "monitored_accounts"),
		"Accounts of the policy in force whose denials are only recorded.", nil, nil)
	nextEnd = prometheus.NewDesc(prometheus.BuildFQName(telemetry.Namespace, telemetry.Subsystem, "policy_next_end_seconds"),
		"When the next statement of the policy in force ends, in seconds since 1970; absent if none ends.", nil, nil)
	endedStatements = prometheus.NewDesc(prometheus.BuildFQName(telemetry.Namespace, telemetry.Subsystem, "policy_ended_statements"),
		"Statements of the policy in force that have ended.", nil, nil)
)

// Describe implements prometheus.Collector.
func (policyCollector) Describe(descriptions chan<- *prometheus.Desc) {
	descriptions <- policyRevision
	descriptions <- policyAge
	descriptions <- policyAccounts
	descriptions <- policyLoaded
	descriptions <- numberingAge
	descriptions <- numberingLoaded
	descriptions <- storeRevision
	descriptions <- storeContact
	descriptions <- storeRereads
	descriptions <- observe
	descriptions <- monitoredAccounts
	descriptions <- nextEnd
	descriptions <- endedStatements
}

// Collect implements prometheus.Collector.
func (c policyCollector) Collect(metrics chan<- prometheus.Metric) {
	loaded := c.loader.Current()
	if loaded == nil {
		return
	}
	files, _, _ := strings.Cut(loaded.Snapshot.Revision(), ".")
	metrics <- prometheus.MustNewConstMetric(policyRevision, prometheus.GaugeValue, 1, files)
	metrics <- prometheus.MustNewConstMetric(policyAge, prometheus.GaugeValue, time.Since(loaded.At).Seconds())
	metrics <- prometheus.MustNewConstMetric(policyAccounts, prometheus.GaugeValue, float64(loaded.Accounts))
	metrics <- prometheus.MustNewConstMetric(policyLoaded, prometheus.GaugeValue, oneUnless(c.loader.Failure()))
	metadata := loaded.Numbering.Metadata()
	metrics <- prometheus.MustNewConstMetric(numberingAge, prometheus.GaugeValue, time.Since(metadata.Released).Seconds(), metadata.Version)
	metrics <- prometheus.MustNewConstMetric(numberingLoaded, prometheus.GaugeValue, oneUnless(c.loader.Numbering.Failure()))
	if c.loader.HasStore() {
		metrics <- prometheus.MustNewConstMetric(storeRevision, prometheus.GaugeValue, float64(loaded.StoreRevision))
		metrics <- prometheus.MustNewConstMetric(storeContact, prometheus.GaugeValue, unixSeconds(c.loader.Contact()))
		metrics <- prometheus.MustNewConstMetric(storeRereads, prometheus.CounterValue, float64(c.loader.StoreRereads()))
	}
	now := time.Now()
	collectModes(metrics, loaded.Snapshot, now)
	collectEnds(metrics, loaded.Snapshot.Timed(), now)
}

// unixSeconds is a time in seconds since 1970, 0 for one that has not come.
func unixSeconds(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}

func oneUnless(err error) float64 {
	if err != nil {
		return 0
	}
	return 1
}

func collectModes(metrics chan<- prometheus.Metric, snapshot *policy.Snapshot, now time.Time) {
	observed := 0.0
	if snapshot.Observe(now) {
		observed = 1
	}
	metrics <- prometheus.MustNewConstMetric(observe, prometheus.GaugeValue, observed)
	metrics <- prometheus.MustNewConstMetric(monitoredAccounts, prometheus.GaugeValue, float64(len(snapshot.Monitored(now))))
}

func collectEnds(metrics chan<- prometheus.Metric, statements []policy.Timed, now time.Time) {
	var next time.Time
	ended := 0
	for _, statement := range statements {
		switch until := statement.Until; {
		case until.IsZero():
		case !now.Before(until):
			ended++
		case next.IsZero() || until.Before(next):
			next = until
		}
	}
	if !next.IsZero() {
		metrics <- prometheus.MustNewConstMetric(nextEnd, prometheus.GaugeValue, float64(next.Unix()))
	}
	metrics <- prometheus.MustNewConstMetric(endedStatements, prometheus.GaugeValue, float64(ended))
}
