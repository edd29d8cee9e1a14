package app

import (
	"time"

	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/internal/holds"
	"github.com/caddy-tollgate/tollgate/limits"
)

// countersInUse has how much was sent and what is held, for the limits of all configurations: a
// reload forgets nothing.
var countersInUse = caddy.NewUsagePool()

// countersKey is the one key of countersInUse.
const countersKey = "memory"

// openCounters are counters and holds that several configurations may use.
type openCounters struct {
	*limits.Counters
	holds *limits.Holds
}

// Destruct implements caddy.Destructor.
func (openCounters) Destruct() error { return nil }

// loadCounters begins the use of the counters by this configuration.
func (a *App) loadCounters() {
	value, _, _ := countersInUse.LoadOrNew(countersKey, func() (caddy.Destructor, error) {
		return openCounters{limits.New(time.Now()), limits.NewHolds()}, nil
	})
	opened := value.(openCounters)
	a.counters, a.holds = opened.Counters, opened.holds
	a.heldByAll = &holds.Exchange{Held: a.holds, Counters: a.counters}
}

// releaseCounters ends it.
func (a *App) releaseCounters() error {
	if a.counters == nil {
		return nil
	}
	_, err := countersInUse.Delete(countersKey)
	return err
}

// Counters are those of the limits that the policy states.
func (a *App) Counters() *limits.Counters { return a.counters }

// Holds are those of these limits.
func (a *App) Holds() *limits.Holds { return a.holds }
