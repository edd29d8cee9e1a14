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

	// store is nil until it was opened, and policy until it was read. The loader's lock
	// guards both.
	store  store.Store
	policy *combined
	// contact is when the store last answered, in Unix nanoseconds; 0 before.
	contact atomic.Int64
}

// UseStore makes a loader add what a store keeps to what its files state. It is called before
// the first Load.
func (l *Loader) UseStore(s *Stored) { l.stored = s }

// Contact is when the store last answered, the zero time if it has not yet.
func (s *Stored) Contact() time.Time {
	if at := s.contact.Load(); at != 0 {
		return time.Unix(0, at)
	}
	return time.Time{}
}

func (s *Stored) answered() { s.contact.Store(s.Now().UnixNano()) }

// inForce reports whether requests may be judged by what was read of the store.
func (s *Stored) inForce() bool {
	return s.DenyAfter == 0 || s.Now().Sub(s.Contact()) <= s.DenyAfter
}

// LoadFiles puts in force what the files state, by which nothing is sent until the store was
// read.
func (l *Loader) LoadFiles() error {
	if _, err := l.load(false); err != nil {
		return err
	}
	files := *l.Current()
	files.InForce = func() bool { return false }
	l.current.Store(&files)
	return nil
}

// addStore adds what the store keeps to what the files state.
func (l *Loader) addStore(resolver Resolver, files *Loaded, sources []config.Source) (*Loaded, error) {
	ctx, cancel := context.WithTimeout(context.Background(), longestRead)
	defer cancel()
	if l.stored.store == nil {
		opened, err := l.stored.Open(ctx)
		if err != nil {
			return nil, fmt.Errorf("opening the store of permissions: %w", err)
		}
		l.stored.store = opened
	}
	policy, err := resolver.combine(ctx, files, sources, l.stored.store)
	if err != nil {
		return nil, err
	}
	l.stored.answered()
	policy.InForce, policy.hasStore = l.stored.inForce, true
	l.stored.policy = policy
	return policy.Loaded, nil
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
	if opened, known := l.storeInForce(); opened != nil {
		waiting, cancel := context.WithTimeout(ctx, followInterval)
		err := opened.Wait(waiting, known)
		cancel()
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		l.loading.Lock()
		defer l.loading.Unlock()
		return l.catchUp(ctx)
	}
	_, err := l.Load()
	return err
}

// storeInForce is the store and which revision of it is in force; nil until it was read.
func (l *Loader) storeInForce() (store.Store, store.Revision) {
	l.loading.Lock()
	defer l.loading.Unlock()
	if l.stored.policy == nil {
		return nil, 0
	}
	return l.stored.store, l.stored.policy.kept.revision
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
	before := l.stored.policy
	var objects []store.Object
	revision, err := l.stored.store.Changes(ctx, before.kept.revision, func(o store.Object) error {
		objects = append(objects, o)
		return nil
	})
	if err != nil {
		return fmt.Errorf("asking the store for changes: %w", err)
	}
	if revision != before.kept.revision {
		next, err := l.resolver.with(before, objects, revision)
		if err != nil {
			return fmt.Errorf("reading revision %d of the store: %w", revision, err)
		}
		l.putInForce(next)
	}
	l.stored.answered()
	return nil
}

func (l *Loader) putInForce(next *combined) {
	l.stored.policy = next
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
		if opened, _ := l.storeInForce(); opened != nil {
			return opened, nil
		}
	}
	return nil, ErrNoStore
}

// NeedsStore reports whether there is a store that was not read yet.
func (l *Loader) NeedsStore() bool {
	if l.stored == nil {
		return false
	}
	opened, _ := l.storeInForce()
	return opened == nil
}

// attempts is how often a change is tried while other gates change something, too.
const attempts = 10

// Change makes a change: it is checked as a whole, committed, and in force before Change
// returns. Where dry, it is only checked.
func (l *Loader) Change(ctx context.Context, dry bool, edit Edit) (before, after *Loaded, err error) {
	l.loading.Lock()
	defer l.loading.Unlock()
	if l.stored == nil || l.stored.policy == nil {
		return nil, nil, ErrNoStore
	}
	for range attempts {
		if err := l.catchUp(ctx); err != nil {
			return nil, nil, err
		}
		policy := l.stored.policy
		objects, records, err := edit(ctx, l.stored.store, policy.Loaded)
		if err != nil {
			return nil, nil, err
		}
		next, err := l.resolver.with(policy, objects, policy.kept.revision+1)
		if err != nil {
			return nil, nil, Invalid{Cause: err}
		}
		if dry || len(objects) == 0 && len(records) == 0 {
			return policy.Loaded, next.Loaded, nil
		}
		_, err = l.stored.store.Commit(ctx, store.Change{Expect: policy.kept.revision, Objects: objects, Records: records})
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
