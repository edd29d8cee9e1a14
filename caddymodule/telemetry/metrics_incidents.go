package telemetry

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/caddy-tollgate/tollgate/internal/notify"
)

var (
	incidentsOpened = prometheus.NewCounterVec(prometheus.CounterOpts{
		Namespace: Namespace,
		Subsystem: Subsystem,
		Name:      "incidents_opened_total",
		Help:      "Incidents that were opened by a denial, by its reason.",
	}, []string{"reason"})

	notices = prometheus.NewCounterVec(prometheus.CounterOpts{
		Namespace: Namespace,
		Subsystem: Subsystem,
		Name:      "incident_notices_total",
		Help:      "Attempts to deliver a notice of an incident (delivered, failed), and notices that are not tried any more (dropped).",
	}, []string{"way", "outcome"})
)

// All series of notices are there from the start, so that an alert sees the first failure.
func init() {
	for _, way := range notify.Ways {
		for _, outcome := range notify.Outcomes {
			notices.WithLabelValues(way, outcome)
		}
	}
}

// CountIncident counts an incident that has opened.
func CountIncident(reason string) { incidentsOpened.WithLabelValues(reason).Inc() }

// CountNotice counts what became of a notice.
func CountNotice(way, outcome string) { notices.WithLabelValues(way, outcome).Inc() }
