package app

import (
	"context"
	"time"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/store"
)

const (
	// holdsInterval is how often gates tell each other what is held.
	holdsInterval = time.Second
	// holdsTimeout bounds that at the start and at the end, when what keeps holds may be away.
	holdsTimeout = 2 * time.Second
	// goneInterval is how often it is looked which holds have no limit any more.
	goneInterval = time.Minute
)

// holdUse is what the API of this configuration needs of holds.
func (a *App) holdUse() permissions.HoldUse {
	use := permissions.HoldUse{Held: a.holds, Counters: a.counters, KeptIn: a.holdsKeptIn()}
	if use.KeptIn != permissions.KeptInMemory {
		use.Write = a.writeHolds
	}
	if a.store == nil {
		use.Released = a.logRelease
	}
	return use
}

// holdsKeptIn is where gates tell each other what they hold.
func (a *App) holdsKeptIn() permissions.HoldKeeper {
	switch {
	case a.store != nil:
		return permissions.KeptInStore
	case a.sharedCounters != nil:
		return permissions.KeptInRedis
	}
	return permissions.KeptInMemory
}

// holdKeeper keeps what is held, nil where nothing does, or the store was not opened yet.
func (a *App) holdKeeper() store.Holds {
	switch a.holdsKeptIn() {
	case permissions.KeptInStore:
		if opened := a.store.opened.Load(); opened != nil {
			return opened.Holds()
		}
	case permissions.KeptInRedis:
		return a.sharedCounters.Holds()
	}
	return nil
}

// writeHolds gives the keeper what it does not have yet of what is held, and adopts what other
// gates hold.
func (a *App) writeHolds(ctx context.Context) error {
	keeper := a.holdKeeper()
	if keeper == nil {
		return nil
	}
	return a.heldByAll.Run(ctx, keeper, time.Now())
}

// startHolds reads what is held before the first request is judged, and exchanges it from then on
// until it is stopped.
func (a *App) startHolds() {
	failing := false
	exchange := func(ctx context.Context) {
		err := a.writeHolds(ctx)
		if err != nil && ctx.Err() == nil && !failing {
			a.ctx.Logger().Warn("what limits hold cannot be written or read where gates keep it, it is tried again", zap.Error(err))
		}
		failing = err != nil
	}
	within := func(do func(context.Context)) {
		ctx, cancel := context.WithTimeout(context.Background(), holdsTimeout)
		defer cancel()
		do(ctx)
	}
	within(exchange)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	a.stopHolds = func() { cancel(); <-done }
	go func() {
		defer close(done)
		tick, look := time.NewTicker(holdsInterval), time.NewTicker(goneInterval)
		defer tick.Stop()
		defer look.Stop()
		for {
			select {
			case <-tick.C:
				exchange(ctx)
			case <-look.C:
				a.releaseGone()
			case <-ctx.Done():
				within(exchange)
				return
			}
		}
	}()
}

// releaseGone releases holds that only a person would end, once their limits are gone for long.
func (a *App) releaseGone() {
	if a.loader.NeedsStore() {
		return // it is unknown what is stated
	}
	policy := a.loader.Current().Snapshot
	for _, h := range a.holds.ReleaseGone(time.Now(), func(s *limits.Subject) bool { return policy.Holds(s.Level, s.Counter) }) {
		a.ctx.Logger().Info("a hold is released whose limit is gone", zap.String("hold", h.ID), zap.String("limit", h.Limit), zap.String("level", h.Level))
	}
}

// logRelease records a release where there is no store that has the records of changes.
func (a *App) logRelease(by permissions.Caller, terms permissions.Terms, what string, ids []string) {
	a.ctx.Logger().Info("holds are released", zap.String("by", by.Identity.String()), zap.String("address", by.Address),
		zap.String("reason", terms.Reason), zap.String("ticket", terms.Ticket), zap.String("what", what), zap.Strings("holds", ids))
}
