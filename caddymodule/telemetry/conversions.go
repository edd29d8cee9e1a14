package telemetry

import "github.com/prometheus/client_golang/prometheus"

var conversions = prometheus.NewCounterVec(prometheus.CounterOpts{
	Namespace: Namespace,
	Subsystem: Subsystem,
	Name:      "conversions_total",
	Help:      "Numbers that were verified, by who told the gate, and whether limits had counted sends to them.",
}, []string{"source", "counted"})

// The sources of conversions: an answer of the carrier, and the management API.
const (
	ByCarrier = "carrier"
	ByAPI     = "api"
)

// CountConversion counts a number that was verified, and of which limits took something back.
func CountConversion(source string, freed int64) {
	counted := "no"
	if freed > 0 {
		counted = "yes"
	}
	conversions.WithLabelValues(source, counted).Inc()
}
