package app

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/internal/feed"
)

// feedCollector reports the feeds in force when it is collected.
type feedCollector struct{ feeds *feed.Feeds }

var (
	feedAge      = feedMetric("feed_age_seconds", "Time since the source of a feed last had the list in force, or since that was signed or the file written; absent while there is none.")
	feedPrefixes = feedMetric("feed_prefixes", "Prefixes of the list of a feed in force.")
	feedOK       = feedMetric("feed_ok", "Whether what the source of a feed had when it was last asked is in force: 0 while it is refused or the source is away.")
	feedOld      = feedMetric("feed_old", "Whether the list of a feed in force is older than max_age.")
)

func feedMetric(name, help string) *prometheus.Desc {
	return prometheus.NewDesc(prometheus.BuildFQName(telemetry.Namespace, telemetry.Subsystem, name), help, []string{"feed"}, nil)
}

// Describe implements prometheus.Collector.
func (feedCollector) Describe(descriptions chan<- *prometheus.Desc) {
	for _, description := range []*prometheus.Desc{feedAge, feedPrefixes, feedOK, feedOld} {
		descriptions <- description
	}
}

// Collect implements prometheus.Collector.
func (c feedCollector) Collect(metrics chan<- prometheus.Metric) {
	for _, f := range c.feeds.All() {
		status := f.Status()
		gauge := func(description *prometheus.Desc, value float64) {
			metrics <- prometheus.MustNewConstMetric(description, prometheus.GaugeValue, value, f.Name)
		}
		gauge(feedPrefixes, float64(status.Prefixes))
		gauge(feedOK, oneUnless(f.Failure()))
		if status.Confirmed.IsZero() {
			continue
		}
		old := 0.0
		if status.Old {
			old = 1
		}
		gauge(feedOld, old)
		gauge(feedAge, time.Since(status.Confirmed).Seconds())
	}
}
