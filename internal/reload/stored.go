package reload

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/store"
)

// Stored is the part of a policy that a store keeps, and how it is followed.
type Stored struct {
	// Open opens the store. It is called again after an error.
	Open func(ctx context.Context) (store.Store, error)
	// DenyAfter is how long the store may be away until nothing is sent any more. Zero:
	// judging goes on by what is in force.
	DenyAfter time.Duration
	// Now is the clock.
	Now func() time.Time

	// store is nil until it was opened. The loader's lock guards it.
	store store.Store
	// policy is what is in force, with its store; nil until that was read. Only the holder of
	// the loader's lock changes it.
	policy atomic.Pointer[combined]
	// contact is when the store last answered, nil before.
	contact atomic.Pointer[time.Time]
	// away is why the store did not answer when it was asked last, nil if it did. Until it
	// does, changes are refused without waiting for it.
	away atomic.Pointer[error]
	// rereads is how often all was read again since the store did not know what is in force.
	rereads atomic.Int64
}

// UseStore makes a loader add what a store keeps to what its files state. It is called before
// the first Load.
func (l *Loader) UseStore(s *Stored) { l.stored = s }

// Contact is when the store last answered, the zero time if it has not yet.
func (s *Stored) Contact() time.Time {
	if at := s.contact.Load(); at != nil {
		return *at
	}
	return time.Time{}
}

// Contact is when the store last answered, the zero time without one or before.
func (l *Loader) Contact() time.Time {
	if l.stored == nil {
		return time.Time{}
	}
	return l.stored.Contact()
}

// StoreRereads is how often all of the store was read again, since it did not know the version
// in force.
func (l *Loader) StoreRereads() int64 {
	if l.stored == nil {
		return 0
	}
	return l.stored.rereads.Load()
}

func (s *Stored) answered() {
	now := s.Now()
	s.contact.Store(&now)
	s.away.Store(nil)
}

// checkHere returns an error while the store does not answer.
func (s *Stored) checkHere() error {
	if err := s.away.Load(); err != nil {
		return fmt.Errorf("the store of permissions is away, nothing can be changed: %w", *err)
	}
	return nil
}

// inForce reports whether requests may be judged by what was read of the store. Of the two
// clocks the one by which more time has passed decides: that of the day may be set back, and
// the monotonic one stands still while a machine sleeps.
func (s *Stored) inForce() bool {
	if s.DenyAfter == 0 {
		return true
	}
	now, contact := s.Now(), s.Contact()
	return max(now.Sub(contact), now.Round(0).Sub(contact.Round(0))) <= s.DenyAfter
}

// LoadFiles puts in force what the files state, by which nothing is sent until the store was
// read.
func (l *Loader) LoadFiles() error {
	if _, err := l.load(context.Background(), false); err != nil {
		return err
	}
	files := *l.Current()
	files.InForce = func() bool { return false }
	l.current.Store(&files)
	return nil
}

// addStore adds what the store keeps to what the files state.
func (l *Loader) addStore(ctx context.Context, resolver Resolver, files *Loaded, sources []config.Source) (*Loaded, error) {
	if l.stored.store == nil {
		opened, err := l.stored.Open(ctx)
		if err != nil {
			return nil, fmt.Errorf("opening the store of permissions: %w", err)
		}
		l.stored.store = opened
	}
	ctx, cancel := context.WithTimeout(ctx, longestRead)
	defer cancel()
	policy, err := l.stored.combine(ctx, resolver, files, sources)
	if err != nil {
		return nil, err
	}
	l.stored.answered()
	l.stored.policy.Store(policy)
	return policy.Loaded, nil
}

// combine reads all of the store.
func (s *Stored) combine(ctx context.Context, resolver Resolver, files *Loaded, sources []config.Source) (*combined, error) {
	policy, err := resolver.combine(ctx, files, sources, s.store, s.Now)
	if err != nil {
		return nil, err
	}
	policy.InForce, policy.hasStore = s.inForce, true
	return policy, nil
}

// longestRead bounds how long all of a store is read.
const longestRead = 5 * time.Minute

// followInterval is how long a gate waits for news of its store until it asks.
const followInterval = 500 * time.Millisecond

// Follow puts in force what is changed in the store, until the context ends. While the store
// is away it tries again, and logs when that begins and ends. It calls changed after each
// change of the policy.
func (l *Loader) Follow(ctx context.Context, changed func()) {
	away := false
	for ctx.Err() == nil {
		was := l.Current()
		err := l.follow(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && l.NeedsStore():
			// Nothing is in force: that it cannot be read is logged where the gate starts.
		case err != nil && !away:
			away = true
			l.logger.Error("the store of permissions is away: the gate goes on by what is in force",
				zap.String("revision", was.Snapshot.Revision()), zap.Time("contact", l.stored.Contact()), zap.Error(err))
		case err == nil && away:
			away = false
			l.logger.Info("the store of permissions is back", zap.String("revision", l.Current().Snapshot.Revision()))
		}
		if l.Current() != was {
			changed()
		}
		if err != nil {
			pause(ctx, followInterval)
		}
	}
}

// follow waits for the next change, or a while, and puts in force what has changed.
func (l *Loader) follow(ctx context.Context) error {
	if policy := l.stored.policy.Load(); policy != nil {
		waiting, cancel := context.WithTimeout(ctx, followInterval)
		err := policy.store.Wait(waiting, policy.kept.version.Revision)
		cancel()
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		l.loading.Lock()
		defer l.loading.Unlock()
		return l.catchUp(ctx)
	}
	_, err := l.load(ctx, true)
	return err
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// catchUp puts in force what was changed in the store. The caller holds the lock.
func (l *Loader) catchUp(ctx context.Context) error {
	err := l.readChanges(ctx)
	switch {
	case err == nil:
		l.stored.answered()
	case ctx.Err() == nil: // else it is the caller who went away
		l.stored.away.Store(&err)
	}
	return err
}

func (l *Loader) readChanges(ctx context.Context) error {
	before := l.stored.policy.Load()
	var objects []store.Object
	version, err := l.stored.store.Changes(ctx, before.kept.version, func(o store.Object) error {
		objects = append(objects, o)
		return nil
	})
	if errors.Is(err, store.ErrUnknownVersion) {
		return l.readAgain(ctx, before)
	}
	if err != nil {
		return fmt.Errorf("asking the store for changes: %w", err)
	}
	if version == before.kept.version {
		return nil
	}
	next, err := l.resolver.with(before, objects, version)
	if err != nil {
		return fmt.Errorf("reading revision %d of the store: %w", version.Revision, err)
	}
	l.putInForce(next)
	return nil
}

// readAgain reads all of a store that does not know what is in force: it was put back from a
// backup, or a replica took over that had not received all, or more was changed than it knows
// the versions of while it was away.
func (l *Loader) readAgain(ctx context.Context, before *combined) error {
	next, err := l.stored.combine(ctx, l.resolver, before.files, before.operator)
	if err != nil {
		return fmt.Errorf("reading all of the store again: %w", err)
	}
	l.stored.rereads.Add(1)
	l.logger.Warn("the store of permissions does not know the revision in force: all of it was read again",
		zap.Int64("from", int64(before.kept.version.Revision)), zap.Int64("to", int64(next.kept.version.Revision)))
	l.putInForce(next)
	return nil
}

func (l *Loader) putInForce(next *combined) {
	l.stored.policy.Store(next)
	l.current.Store(next.Loaded)
}

// ErrNoStore is a change without a store, or before it was read.
var ErrNoStore = errors.New("the store of permissions is not there: nothing can be changed")

// ErrInvalid is a change with a mistake.
var ErrInvalid = errors.New("invalid")

// Invalid is an error of the class ErrInvalid, in the words of its cause.
type Invalid struct{ Cause error }

func (i Invalid) Error() string { return i.Cause.Error() }

// Is reports whether it is of the class.
func (Invalid) Is(target error) bool { return target == ErrInvalid }

// Unwrap returns the cause.
func (i Invalid) Unwrap() error { return i.Cause }

// Edit makes the objects of a change, and its records, by what is in force. It is called again
// if another gate changes something meanwhile.
type Edit func(ctx context.Context, s store.Store, current *Loaded) ([]store.Object, []audit.Record, error)

// Store is the store, once it was read.
func (l *Loader) Store() (store.Store, error) {
	if l.stored != nil {
		if policy := l.stored.policy.Load(); policy != nil {
			return policy.store, nil
		}
	}
	return nil, ErrNoStore
}

// HasStore reports whether there is a store, read or not.
func (l *Loader) HasStore() bool { return l.stored != nil }

// NeedsStore reports whether there is a store that was not read yet.
func (l *Loader) NeedsStore() bool { return l.stored != nil && l.stored.policy.Load() == nil }

// A store has so long to commit a change, and longer by the number of its objects. What is not
// acknowledged by then may have been made, and comes into force if it was.
const (
	commitTimeout    = 5 * time.Second
	timeoutPerObject = time.Millisecond
)

// attempts is how often a change is tried while other gates change something, too.
const attempts = 50

// Change makes a change: it is checked as a whole, committed, and in force before Change
// returns. Where dry, it is only checked.
func (l *Loader) Change(ctx context.Context, dry bool, edit Edit) (before, after *Loaded, err error) {
	if l.stored == nil {
		return nil, nil, ErrNoStore
	}
	if err := l.stored.checkHere(); err != nil {
		return nil, nil, err // without waiting for who is asking the store
	}
	l.loading.Lock()
	defer l.loading.Unlock()
	if l.NeedsStore() {
		return nil, nil, ErrNoStore
	}
	if err := l.stored.checkHere(); err != nil {
		return nil, nil, err
	}
	for range attempts {
		if err := l.catchUp(ctx); err != nil {
			return nil, nil, err
		}
		policy := l.stored.policy.Load()
		objects, records, err := edit(ctx, l.stored.store, policy.Loaded)
		if err != nil {
			return nil, nil, err
		}
		if len(objects) == 0 && len(records) == 0 {
			return policy.Loaded, policy.Loaded, nil
		}
		next, err := l.resolver.with(policy, objects, store.Version{Revision: policy.kept.version.Revision + 1})
		if err != nil {
			return nil, nil, Invalid{Cause: err}
		}
		if dry {
			return policy.Loaded, next.Loaded, nil
		}
		next.kept.version, err = l.stored.commit(ctx, store.Change{Expect: policy.kept.version, Objects: objects, Records: records})
		switch {
		case err == nil:
			l.putInForce(next)
			return policy.Loaded, next.Loaded, nil
		case !errors.Is(err, store.ErrConflict):
			return nil, nil, fmt.Errorf("committing the change: %w", err)
		}
	}
	return nil, nil, fmt.Errorf("committing the change: %w", store.ErrConflict)
}

// commit commits a change, in the time that it may take.
func (s *Stored) commit(ctx context.Context, c store.Change) (store.Version, error) {
	within, cancel := context.WithTimeout(ctx, commitTimeout+time.Duration(len(c.Objects))*timeoutPerObject)
	defer cancel()
	version, err := s.store.Commit(within, c)
	if err != nil && within.Err() != nil && ctx.Err() == nil {
		s.away.Store(&err) // those who wait for their turn need not find out again
	}
	return version, err
}
