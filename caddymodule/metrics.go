package caddymodule

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/caddy-tollgate/tollgate/gate"
)

// decisions counts what was decided. It is made once for the process and
// registered anew with the registry of each configuration, so that its series
// survive a reload. Neither numbers nor account names are among its labels.
var decisions = prometheus.NewCounterVec(prometheus.CounterOpts{
	Namespace: "caddy",
	Subsystem: "tollgate",
	Name:      "decisions_total",
	Help:      "Requests judged, by what was decided and why.",
}, []string{"carrier", "channel", "territory", "class", "verdict", "reason"})

func registerMetrics(registry *prometheus.Registry) error {
	err := registry.Register(decisions)
	if errors.As(err, new(prometheus.AlreadyRegisteredError)) {
		return nil
	}
	return err
}

func countDecision(carrier string, d *gate.Decision) {
	decisions.WithLabelValues(carrier, channelName(d), d.Territory.String(), className(d),
		d.Outcome.String(), string(d.Reason)).Inc()
}
