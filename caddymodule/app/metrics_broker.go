package app

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
)

// brokerCollector reports the keys and credentials in force when it is collected, and
// nothing without a broker.
type brokerCollector struct{ broker *broker }

var (
	brokerKeys = prometheus.NewDesc(prometheus.BuildFQName(telemetry.Namespace, telemetry.Subsystem, "broker_keys"),
		"Keys in the key file in force, including those that are no longer accepted.", nil, nil)
	brokerKeysOK = prometheus.NewDesc(prometheus.BuildFQName(telemetry.Namespace, telemetry.Subsystem, "broker_key_file_ok"),
		"Whether the current key file is in force: 0 while it has a mistake.", nil, nil)
	brokerCredentialsOK = prometheus.NewDesc(prometheus.BuildFQName(telemetry.Namespace, telemetry.Subsystem, "broker_credentials_ok"),
		"Whether all carrier credentials could be read at the last attempt.", nil, nil)
)

// Describe implements prometheus.Collector.
func (brokerCollector) Describe(descriptions chan<- *prometheus.Desc) {
	descriptions <- brokerKeys
	descriptions <- brokerKeysOK
	descriptions <- brokerCredentialsOK
}

// Collect implements prometheus.Collector.
func (c brokerCollector) Collect(metrics chan<- prometheus.Metric) {
	if c.broker == nil {
		return
	}
	metrics <- prometheus.MustNewConstMetric(brokerKeys, prometheus.GaugeValue, float64(c.broker.keys.current().Len()))
	metrics <- prometheus.MustNewConstMetric(brokerKeysOK, prometheus.GaugeValue, isNil(c.broker.keys.failure()))
	metrics <- prometheus.MustNewConstMetric(brokerCredentialsOK, prometheus.GaugeValue, isNil(c.broker.credentials.Failure()))
}

// isNil is 1 where nothing failed, and 0 where something did.
func isNil(failure error) float64 {
	if failure != nil {
		return 0
	}
	return 1
}
