package app

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/internal/gate"
)

const (
	// trafficInterval is how often the store is given what was let through: what a gate that
	// is killed has not written.
	trafficInterval = time.Minute
	// lastTrafficTimeout bounds the last time, when the store may be away.
	lastTrafficTimeout = 2 * time.Second
)

// SeesTraffic reports whether it is kept where sends go that are let through.
func (a *App) SeesTraffic() bool { return a.store != nil }

// SawTraffic remembers where the sends of a request went, which the carrier has accepted. While
// the store was never reached nothing is sent.
func (a *App) SawTraffic(d *gate.Decision) {
	use := a.current().store
	if use == nil {
		return
	}
	if opened := use.opened.Load(); opened != nil {
		now := time.Now()
		for _, to := range d.Reached {
			opened.seen.Add(d.StatedAccount, to, now)
		}
	}
}

// startTraffic gives the store from time to time what was let through, until a context ends.
func (a *App) startTraffic(ctx context.Context) (ended <-chan struct{}) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(trafficInterval)
		defer tick.Stop()
		for failing := false; ; {
			err := errors.Join(a.store.writeTraffic(ctx), a.tellUnused(ctx))
			if err != nil && ctx.Err() == nil && !failing {
				a.ctx.Logger().Warn("what was let through cannot be written to the store or read from it, it is tried again", zap.Error(err))
			}
			failing = err != nil
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
		}
	}()
	return done
}

// writeTraffic gives the store what it does not have yet of the traffic.
func (u *storeUse) writeTraffic(ctx context.Context) error {
	opened := u.opened.Load()
	if opened == nil {
		return nil
	}
	return opened.seen.Write(ctx, opened.Traffic(), time.Now())
}

// writeLastTraffic does so before the store is closed.
func (s openStore) writeLastTraffic() error {
	if s.seen == nil { // the store could not be opened
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), lastTrafficTimeout)
	defer cancel()
	return s.seen.Write(ctx, s.Traffic(), time.Now())
}
