package app

import (
	"context"
	"time"

	"go.uber.org/zap"
)

const (
	// endedInterval is how often what is over for long is deleted from the store, and how
	// long after its start a gate does so first: the clock of a machine may be wrong until
	// then.
	endedInterval = time.Hour
	// largestStep is how far the clock may be set within an interval so that it is believed.
	largestStep = time.Minute
)

// startHourly calls a function after each hour in which the clock was steady, until a context
// ends.
func startHourly(ctx context.Context, call func(context.Context)) (ended <-chan struct{}) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(endedInterval)
		defer tick.Stop()
		for before := time.Now(); ; {
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
			now := time.Now()
			if isSteady(now.Sub(before), now.Round(0).Sub(before.Round(0))) {
				call(ctx)
			}
			before = now
		}
	}()
	return done
}

// isSteady reports whether as much time has passed by the clock of the day as by the monotonic
// one: what is deleted does not come back once the clock is put right.
func isSteady(monotonic, day time.Duration) bool { return (day - monotonic).Abs() <= largestStep }

// deleteEnded deletes what is over for long. While the store is away, the next time does.
func (a *App) deleteEnded(ctx context.Context) {
	if a.loader.NeedsStore() {
		return
	}
	n, err := a.permissions.DeleteEnded(ctx)
	if n > 0 {
		a.ctx.Logger().Info("openings and suspensions that are over for 30 days are deleted", zap.Int("deleted", n))
		a.policyChanged()
	}
	if err != nil && ctx.Err() == nil {
		a.ctx.Logger().Warn("what is over for 30 days cannot be deleted from the store, it is tried again in an hour", zap.Error(err))
	}
}
