package feed

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// Feed is one list from outside, kept up to date. A list that is refused, and a source that is
// away, leave the last good list in force.
type Feed struct {
	Name   string
	Source Source
	Use    Use
	// Interval is how often the source is asked.
	Interval time.Duration
	// MaxAge is how old a list may be before that is logged.
	MaxAge time.Duration
	// MaxChange is by how much a list may be larger or smaller than the one before, in percent. By
	// leastChange prefixes, it always may.
	MaxChange int
	// Key is the minisign key that lists must be signed with, or empty.
	Key string

	Client  *http.Client
	Storage Storage
	Plan    func() numbering.Plan
	Logger  *zap.Logger
	Now     func() time.Time

	updating sync.Mutex
	state    atomic.Pointer[state]
	// kept is what the storage has.
	kept atomic.Pointer[state]
	// next is when the source is asked again, nil while it is not watched.
	next atomic.Pointer[time.Time]
	// wasOld says that it was logged that the list is old, and notKept that it cannot be kept.
	wasOld, notKept bool
}

// state is what a feed has at a time. It never changes.
type state struct {
	list    *List // nil if there never was one
	version Version
	// since is when the list came into force.
	since time.Time
	// signed is when the list was, zero if it need not be or its signature does not say.
	signed time.Time
	// signature is a digest of that of the list, empty if it need not be signed.
	signature string
	// confirmed is from when on the age of the list counts; see confirmedAt.
	confirmed time.Time
	// asked is when the source was last asked.
	asked time.Time
	// failure is why what the source had then is not in force, nil if it is.
	failure error
}

// current is the state, an empty one before the first list.
func (f *Feed) current() *state {
	if s := f.state.Load(); s != nil {
		return s
	}
	return new(state)
}

// List is the list in force, nil if there is none.
func (f *Feed) List() *List { return f.current().list }

// Failure is why what the source has is not in force, nil if it is.
func (f *Feed) Failure() error { return f.current().whyNot() }

func (s *state) whyNot() error {
	if s.failure == nil && s.list == nil {
		return errNotAsked
	}
	return s.failure
}

// errNotAsked is a feed that has no list yet.
var errNotAsked = errors.New("its source was not asked yet")

// isOld reports whether the list in force is older than it should be.
func (f *Feed) isOld(s *state) bool {
	return !s.confirmed.IsZero() && f.Now().Sub(s.confirmed) > f.MaxAge
}

// Inherit takes over what the same feed of another configuration has: its list, and when it was
// asked. It is called before the first update.
func (f *Feed) Inherit(before *Feed) bool {
	if before == nil || before.Source != f.Source || before.Key != f.Key {
		return false
	}
	s := before.state.Load()
	if s == nil || s.list == nil {
		return false
	}
	f.state.Store(s)
	f.kept.Store(before.kept.Load())
	return true
}

// LoadKept puts the kept copies of feeds in force, where there are any. It is called before the
// first update. A storage that hangs holds up the start once, however many feeds there are.
func LoadKept(ctx context.Context, feeds []*Feed) {
	ctx, cancel := context.WithTimeout(ctx, longestStorage)
	defer cancel()
	for _, f := range feeds {
		f.loadKept(ctx)
	}
}

func (f *Feed) loadKept(ctx context.Context) {
	if f.Storage == nil {
		return
	}
	text, err := f.Storage.Load(ctx, f.keptKey())
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	var kept *state
	if err == nil {
		kept, err = f.readKept(text)
	}
	if err != nil {
		f.Logger.Error("kept copy of a feed not used", zap.String("feed", f.Name), zap.Error(err))
		return
	}
	f.state.Store(kept)
	f.kept.Store(kept)
	f.Logger.Info("kept copy of a feed in force", zap.String("feed", f.Name), zap.Int("prefixes", kept.list.Len()), zap.Time("confirmed", kept.confirmed))
}

// Update asks the source, and puts what it has in force. It reports whether there is another list
// then. A failure is logged, once while it stays the same.
func (f *Feed) Update(ctx context.Context) (changed bool, err error) {
	f.updating.Lock()
	defer f.updating.Unlock()
	before := f.current()
	next, err := f.ask(ctx, before)
	if ctx.Err() != nil {
		return false, ctx.Err() // the configuration ends: what failed says nothing of the source
	}
	if err != nil {
		failed := *before
		failed.asked, failed.failure = f.Now(), err
		f.state.Store(&failed)
		if before.failure == nil || before.failure.Error() != err.Error() {
			f.Logger.Error("feed refused: the last good list of it stays in force, if there is one",
				zap.String("feed", f.Name), zap.Int("prefixes", before.list.Len()), zap.Error(err))
		}
		f.warnIfOld()
		return false, err
	}
	f.state.Store(next)
	f.warnIfOld()
	if next.list == before.list {
		return false, nil
	}
	f.Logger.Info("feed in force", zap.String("feed", f.Name), zap.Int("prefixes", next.list.Len()), zap.Int("before", before.list.Len()))
	return true, nil
}

// ask is the state after the source was asked.
func (f *Feed) ask(ctx context.Context, before *state) (*state, error) {
	now := f.Now()
	signature, err := f.fetchSignature(ctx)
	if err != nil {
		return nil, err
	}
	seen := before.version
	if signature.digest() != before.signature {
		seen = Version{} // to verify it takes the list, also one that stays the same
	}
	text, version, err := f.Source.fetch(ctx, f.Client, seen, mostText)
	if errors.Is(err, errNotModified) {
		next := *before
		next.confirmed, next.asked, next.failure = f.confirmedAt(version, before.signed, now), now, nil
		return &next, nil
	}
	if err != nil {
		return nil, err
	}
	signed, err := f.verify(text, signature)
	if err != nil {
		return nil, err
	}
	if err := checkSigned(signed, before.signed, now); err != nil {
		return nil, fmt.Errorf("verifying the signature: %w", err)
	}
	list, err := Read(text, f.Plan(), now)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", f.Source.Shown, err)
	}
	if err := before.list.CheckChange(list, f.MaxChange); err != nil {
		return nil, err
	}
	since := now
	if list.keepSince(before.list); list.equals(before.list) {
		list, since = before.list, before.since
	}
	return &state{
		list: list, version: version, since: since, signed: signed, signature: signature.digest(),
		confirmed: f.confirmedAt(version, signed, now), asked: now,
	}, nil
}

// confirmedAt is from when on the age of a list counts that the source has now. Of a signed list it is
// when that was signed, since its source can go on sending it; of a file, when that was written.
func (f *Feed) confirmedAt(version Version, signed, now time.Time) time.Time {
	switch {
	case !signed.IsZero() && signed.Before(now):
		return signed
	case signed.IsZero() && version.file != nil && version.file.ModTime().Before(now):
		return version.file.ModTime().UTC()
	}
	return now
}

// keptPerMaxAge is how often within max_age a list that stays the same is kept again: the copy says
// when its source last had it, and a restart believes that.
const keptPerMaxAge = 4

// keep keeps a copy of the list in force, unless that is there. Without one, the feed goes on. That
// it cannot be kept is logged once, and tried again when the source has answered again.
func (f *Feed) keep(ctx context.Context) {
	s, kept := f.current(), f.kept.Load()
	if f.Storage == nil || s.list == nil || kept != nil && !f.isToBeKept(s, kept) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, longestStorage)
	defer cancel()
	text, err := f.writeKept(s)
	if err == nil {
		err = f.Storage.Store(ctx, f.keptKey(), text)
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return // the configuration ends, and the next one keeps it
	}
	if err == nil {
		f.kept.Store(s)
	} else if !f.notKept {
		f.Logger.Error("copy of a feed not kept: after a restart, it has none, or an older one, until its source answers", zap.String("feed", f.Name), zap.Error(err))
	}
	f.notKept = err != nil
}

// isToBeKept reports whether the copy that is kept says less than what is in force.
func (f *Feed) isToBeKept(s, kept *state) bool {
	return s.list != kept.list || !s.signed.Equal(kept.signed) || s.confirmed.Sub(kept.confirmed) >= f.MaxAge/keptPerMaxAge
}

// warnIfOld logs once that the list in force has become old.
func (f *Feed) warnIfOld() {
	s := f.current()
	old := f.isOld(s)
	if old && !f.wasOld {
		f.Logger.Warn("feed is old: its list stays in force", zap.String("feed", f.Name), zap.Time("confirmed", s.confirmed), zap.Duration("max_age", f.MaxAge))
	}
	f.wasOld = old
}
