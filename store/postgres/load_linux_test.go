package postgres_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/storetest"
)

// load is gates that change one account each while the server fails.
type load struct {
	// count of the changes that were acknowledged, and of those that failed.
	acknowledged, failed atomic.Int64
	mutex                sync.Mutex
	documents            map[store.Revision]string
}

// run makes changes until the context ends.
func (l *load) run(t *testing.T, stop context.Context, s store.Store, id string) {
	for n := 0; stop.Err() == nil; n++ {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		document := fmt.Sprintf(`{"id":%q,"n":%d}`, id, n)
		at, err := versionOf(ctx, s)
		if err == nil {
			at, err = s.Commit(ctx, changeOf(at, id, document))
		}
		cancel()
		switch {
		case err == nil:
			l.mutex.Lock()
			if other, ok := l.documents[at.Revision]; ok {
				t.Errorf("revision %d was returned for %s and %s", at.Revision, other, document)
			}
			l.documents[at.Revision] = document
			l.mutex.Unlock()
			l.acknowledged.Add(1)
		case !errors.Is(err, store.ErrConflict):
			l.failed.Add(1)
			<-time.After(10 * time.Millisecond) // leaves the processor to the server
		}
	}
}

// awaitMore waits until further changes were acknowledged.
func (l *load) awaitMore(t *testing.T) {
	t.Helper()
	enough := l.acknowledged.Load() + 30
	harness.Await(t, "changes are acknowledged", func() bool { return l.acknowledged.Load() >= enough })
}

// awaitFailure waits until a change fails.
func (l *load) awaitFailure(t *testing.T) {
	t.Helper()
	before := l.failed.Load()
	harness.Await(t, "a change fails", func() bool { return l.failed.Load() > before })
}

// follower is a gate that follows the changes of others.
type follower struct {
	mutex   sync.Mutex
	known   store.Version
	objects map[string]store.Object
}

func (f *follower) run(t *testing.T, stop context.Context, s store.Store) {
	f.known = mustVersion(t, s)
	for stop.Err() == nil {
		if err := s.Wait(stop, f.version().Revision); err != nil {
			continue // the test is over
		}
		ctx, cancel := context.WithTimeout(stop, time.Second)
		changed := map[string]store.Object{}
		version, err := s.Changes(ctx, f.version(), func(o store.Object) error {
			changed[o.ID] = o
			return nil
		})
		cancel()
		if err != nil {
			continue // asks again
		}
		f.mutex.Lock()
		if version.Revision < f.known.Revision {
			t.Errorf("after %v comes %v", f.known, version)
		}
		f.known = version
		for id, o := range changed {
			f.objects[id] = o
		}
		f.mutex.Unlock()
	}
}

func (f *follower) version() store.Version {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return f.known
}

// last is the latest revision that was acknowledged.
func (l *load) last() (last store.Revision) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for revision := range l.documents {
		last = max(last, revision)
	}
	return last
}

// checkStore compares what was acknowledged with the log, and the log with the objects and
// with what a follower has.
func checkStore(t *testing.T, s store.Store, acknowledged map[store.Revision]string, f *follower) {
	t.Helper()
	documents := checkLog(t, s)
	for revision, document := range acknowledged {
		if documents[revision] != document {
			t.Errorf("revision %d was acknowledged for %s and has %s", revision, document, documents[revision])
		}
	}
	latest := map[string]store.Revision{}
	version, err := s.Read(t.Context(), func(o store.Object) error {
		if documents[o.Revision] != string(o.Document) {
			t.Errorf("revision %d recorded %s and wrote %s", o.Revision, documents[o.Revision], o.Document)
		}
		latest[o.ID] = o.Revision
		return nil
	})
	if err != nil || int(version.Revision) != len(documents) {
		t.Errorf("at %v there are %d records, %v", version, len(documents), err)
	}
	if _, err := s.Changes(t.Context(), f.known, func(o store.Object) error {
		f.objects[o.ID] = o
		return nil
	}); err != nil {
		t.Error(err)
	}
	for id, revision := range latest {
		if got := f.objects[id]; got.Revision != revision || string(got.Document) != documents[revision] {
			t.Errorf("the follower has %s of revision %d and not of %d", id, got.Revision, revision)
		}
	}
}

// checkLog verifies the log, in which each revision has one record, and returns the document
// of each.
func checkLog(t *testing.T, s store.Store) map[store.Revision]string {
	t.Helper()
	storetest.Verify(t, s)
	size, err := s.Log().Size(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	documents := map[store.Revision]string{}
	err = s.Log().Leaves(t.Context(), 0, size, func(l store.Leaf) error {
		var text struct{ Revision store.Revision }
		var personal struct{ After json.RawMessage }
		if err := errors.Join(json.Unmarshal(l.Text, &text), json.Unmarshal(l.Personal, &personal)); err != nil {
			return err
		}
		if want := store.Revision(l.Index + 1); text.Revision != want {
			t.Errorf("record %d has revision %d and not %d", l.Index, text.Revision, want)
		}
		documents[text.Revision] = string(personal.After)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return documents
}
