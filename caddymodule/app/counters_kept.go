package app

import (
	"context"
	"time"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/store"
)

const (
	// keptInterval is how often the store is given what was counted: what a gate that is killed
	// has not written.
	keptInterval = time.Second
	// lastKeptTimeout bounds the last time, when the disk may be slow.
	lastKeptTimeout = 5 * time.Second
)

// countersOf are those that a store keeps; nil of one that keeps none.
func countersOf(s store.Store) store.Counters {
	if keeps, ok := s.(interface{ Counters() store.Counters }); ok {
		return keeps.Counters()
	}
	return nil
}

// restoreCounters puts back what the store has kept, before a request is judged by what it states.
func (a *App) restoreCounters(ctx context.Context, from store.Store) error {
	unreadable, why, err := a.keptCounters.Restore(ctx, countersOf(from), time.Now())
	if unreadable > 0 {
		a.ctx.Logger().Error("some of what limits have counted cannot be read from the store, and counts from zero",
			zap.Int("parts", unreadable), zap.Error(why))
	}
	return err
}

// writeCounters gives the store what it does not have yet of what was counted.
func (a *App) writeCounters(ctx context.Context) error {
	opened := a.store.opened.Load()
	if opened == nil {
		return nil
	}
	return a.keptCounters.Write(ctx, countersOf(opened.Store), time.Now())
}

// startKeeping writes from time to time what was counted, until a context ends.
func (a *App) startKeeping(ctx context.Context) (ended <-chan struct{}) {
	done := make(chan struct{})
	if a.keptCounters == nil {
		close(done)
		return done
	}
	go func() {
		defer close(done)
		tick := time.NewTicker(keptInterval)
		defer tick.Stop()
		for failing := false; ; {
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
			err := a.writeCounters(ctx)
			if err != nil && ctx.Err() == nil && !failing {
				a.ctx.Logger().Warn("what limits have counted cannot be written to the store, it is tried again: a restart would forget it", zap.Error(err))
			}
			failing = err != nil
		}
	}()
	return done
}

// writeLastCounters does so before the store is closed: what was on its way has ended.
func (a *App) writeLastCounters() error {
	if a.keptCounters == nil || !a.store.used {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), lastKeptTimeout)
	defer cancel()
	return a.writeCounters(ctx)
}
