package telemetry

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// What tollgate_forward forwards. Where no answer came, its status is "none".
var forwardTime = prometheus.NewHistogramVec(prometheus.HistogramOpts{
	Namespace: Namespace,
	Subsystem: Subsystem,
	Name:      "forward_seconds",
	Help:      "Time from forwarding a request until its answer was passed on, by the status of the answer.",
	Buckets:   []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30},
}, []string{"status"})

// forwardTimes are the children of forwardTime by the hundreds of the status, 0 for none.
var forwardTimes = [...]prometheus.Observer{
	forwardTime.WithLabelValues("none"),
	forwardTime.WithLabelValues("1xx"),
	forwardTime.WithLabelValues("2xx"),
	forwardTime.WithLabelValues("3xx"),
	forwardTime.WithLabelValues("4xx"),
	forwardTime.WithLabelValues("5xx"),
}

// CountForwarded counts a request that was forwarded, by the status of its answer, 0 for
// none.
func CountForwarded(status int, took time.Duration) {
	hundreds := status / 100
	if hundreds >= len(forwardTimes) {
		hundreds = 0 // no status of HTTP
	}
	forwardTimes[hundreds].Observe(took.Seconds())
}
