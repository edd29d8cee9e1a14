package telemetry

import (
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/caddy-tollgate/tollgate/internal/gate"
)

var limitsExceeded = prometheus.NewCounterVec(prometheus.CounterOpts{
	Namespace: Namespace,
	Subsystem: Subsystem,
	Name:      "limit_exceeded_total",
	Help:      "Requests over a limit, by its name, and whether they were refused (deny) or recorded (monitor).",
}, []string{"limit", "verdict"})

// maxLimitNames is of how many limits the names are labels. Accounts that the management API
// changes may have limits of any names; those of further ones are counted together, without a
// name.
const maxLimitNames = 1000

// limitNames are the names that are labels.
var limitNames struct {
	sync.Mutex
	known map[string]bool
}

// countLimit counts a request that is over a limit.
func countLimit(d *gate.Decision) {
	if d.Limit != "" {
		limitsExceeded.WithLabelValues(limitLabel(d.Limit), d.Outcome.String()).Inc()
	}
}

func limitLabel(name string) string {
	limitNames.Lock()
	defer limitNames.Unlock()
	if limitNames.known[name] {
		return name
	}
	if len(limitNames.known) >= maxLimitNames {
		return ""
	}
	if limitNames.known == nil {
		limitNames.known = make(map[string]bool)
	}
	limitNames.known[name] = true
	return name
}
