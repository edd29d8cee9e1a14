package app

import (
	"context"
	"time"

	"go.uber.org/zap"
)

const (
	// holdsInterval is how often gates tell each other by the store what is held.
	holdsInterval = time.Second
	// holdsTimeout bounds that at the start and at the end, when the store may be away.
	holdsTimeout = 2 * time.Second
)

// writeHolds gives the store what it does not have yet of what is held, and adopts what other
// gates hold.
func (a *App) writeHolds(ctx context.Context) error {
	opened := a.store.opened.Load()
	if opened == nil {
		return nil
	}
	return a.heldByAll.Run(ctx, opened.Holds(), time.Now())
}

// startHolds reads what is held before the first request is judged, and exchanges it from then on
// until a context ends.
func (a *App) startHolds(ctx context.Context) (ended <-chan struct{}) {
	failing := false
	exchange := func(ctx context.Context) {
		err := a.writeHolds(ctx)
		if err != nil && ctx.Err() == nil && !failing {
			a.ctx.Logger().Warn("what limits hold cannot be written to the store or read from it, it is tried again", zap.Error(err))
		}
		failing = err != nil
	}
	within := func(do func(context.Context)) {
		ctx, cancel := context.WithTimeout(context.Background(), holdsTimeout)
		defer cancel()
		do(ctx)
	}
	within(exchange)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(holdsInterval)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				exchange(ctx)
			case <-ctx.Done():
				within(exchange)
				return
			}
		}
	}()
	return done
}
