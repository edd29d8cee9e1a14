package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/store"
)

// readsOneRevision commits in the middle of reading, and from another goroutine meanwhile.
func readsOneRevision(t *testing.T, o Opener) {
	s := o.open(t)
	all := func(value string) (objects []store.Object) {
		for i := range 50 {
			objects = append(objects, object(fmt.Sprintf("%02d", i), value))
		}
		return objects
	}
	zero := versionOf(t, s)
	version := commit(t, s, 0, all("0")...)
	for name, readAll := range map[string]func(func(store.Object) error) (store.Version, error){
		"Read":    func(yield func(store.Object) error) (store.Version, error) { return s.Read(within(t), yield) },
		"Changes": func(yield func(store.Object) error) (store.Version, error) { return s.Changes(within(t), zero, yield) },
	} {
		before := version
		var lines []string
		got, err := readAll(func(o store.Object) error {
			if len(lines) == 0 {
				version = commit(t, s, version.Revision, all("later")...)
			}
			lines = append(lines, line(o))
			return nil
		})
		// The first object was read before the change, so all others are too.
		if err != nil || got != before || len(lines) != 50 {
			t.Fatalf("%s returns %d objects at %v and not at %v (%v)", name, len(lines), got, before, err)
		}
		for _, l := range lines {
			if l[len(l)-2:] != fmt.Sprintf("@%d", before.Revision) {
				t.Errorf("%s as of %v has %s", name, before, l)
			}
		}
	}

	var committing sync.WaitGroup
	stop := make(chan struct{})
	committing.Go(func() {
		for at := version; ; {
			select {
			case <-stop:
				return
			default:
			}
			var err error
			if at, err = s.Commit(within(t), store.Change{Expect: at, Objects: all(fmt.Sprint(at))}); err != nil {
				t.Errorf("committing while another reads: %v", err)
				return
			}
		}
	})
	for range 50 {
		seen := map[store.Revision]int{}
		at, err := s.Read(within(t), func(o store.Object) error { seen[o.Revision]++; return nil })
		if err != nil || seen[at.Revision] != 50 {
			t.Errorf("as of %v it reads the objects of revisions %v, %v", at, seen, err)
		}
	}
	close(stop)
	committing.Wait()
}

// manyCommit counts an account's document up from several goroutines.
func manyCommit(t *testing.T, o Opener) {
	const gates, each = 8, 25
	handles := []store.Store{o.open(t)}
	if o.Shared {
		handles = append(handles, o.open(t))
	}
	revisions := make([][]store.Revision, gates)
	var committing sync.WaitGroup
	for i := range gates {
		s := handles[i%len(handles)]
		committing.Go(func() {
			for range each {
				revision, err := increment(within(t), s)
				if err != nil {
					t.Errorf("counting up: %v", err)
					return
				}
				revisions[i] = append(revisions[i], revision)
			}
		})
	}
	committing.Wait()
	all := slices.Sorted(slices.Values(slices.Concat(revisions...)))
	for i, revision := range all {
		if revision != store.Revision(i+1) {
			t.Fatalf("place %d of the revisions that were returned has %d", i, revision)
		}
	}
	for _, s := range handles {
		got, err := s.Get(within(t), store.Account, "counter")
		if want := fmt.Sprint(gates * each); err != nil || string(got.Document) != want {
			t.Errorf("the counter is %s and not %s, %v", got.Document, want, err)
		}
		if size := sizeOf(t, s); size != gates*each {
			t.Errorf("the log has %d records and not %d", size, gates*each)
		}
		Verify(t, s)
	}
}

// increment counts the counter up once, as often as it takes.
func increment(ctx context.Context, s store.Store) (store.Revision, error) {
	for {
		count := 0
		at, err := s.Read(ctx, func(o store.Object) error { return json.Unmarshal(o.Document, &count) })
		if err != nil {
			return 0, err
		}
		counter := store.Object{Kind: store.Account, ID: "counter", Document: json.RawMessage(fmt.Sprint(count + 1))}
		version, err := s.Commit(ctx, change(at, counter))
		if !errors.Is(err, store.ErrConflict) {
			return version.Revision, err
		}
	}
}

func waits(t *testing.T, o Opener) {
	s := o.open(t)
	commit(t, s, 0, object("a", "1"))
	for _, known := range []store.Revision{0, 2} {
		if err := s.Wait(within(t), known); err != nil {
			t.Errorf("waiting for another revision than %d at revision 1 returns %v", known, err)
		}
	}
	returned := make(chan error)
	const waiters = 10
	for range waiters {
		go func() { returned <- s.Wait(within(t), 1) }()
	}
	commit(t, s, 1, object("a", "2"))
	for range waiters {
		if err := <-returned; err != nil {
			t.Errorf("waiting returns %v", err)
		}
	}
}

func waitEndsWithContext(t *testing.T, o Opener) {
	s := o.open(t)
	zero := versionOf(t, s)
	at := commit(t, s, 0, object("a", "1"))
	if _, err := s.Commit(within(t), change(zero, object("a", "lost"))); !errors.Is(err, store.ErrConflict) {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := s.Wait(ctx, at.Revision); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("waiting without a change returns %v", err)
	}
}

func waitEndsWithStore(t *testing.T, o Opener) {
	s := o.open(t)
	returned := make(chan error)
	go func() { returned <- s.Wait(within(t), 0) }()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-returned; err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("waiting returns %v", err)
	}
}

func closed(t *testing.T, o Opener) {
	s := o.open(t)
	at := commit(t, s, 0, object("a", "1"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Read(within(t), func(store.Object) error { return nil }); err == nil {
		t.Error("Read returns no error")
	}
	if _, err := s.Get(within(t), store.Account, "a"); err == nil || errors.Is(err, store.ErrNotFound) {
		t.Errorf("Get returns %v", err)
	}
	if _, err := s.Commit(within(t), change(at, object("a", "2"))); err == nil || errors.Is(err, store.ErrConflict) {
		t.Errorf("Commit returns %v", err)
	}
	if _, err := s.Log().Size(within(t)); err == nil {
		t.Error("Size returns no error")
	}
}

func twoGates(t *testing.T, o Opener) {
	if !o.Shared {
		t.Skip("one gate has this store at a time")
	}
	one, other := o.open(t), o.open(t)
	first := commit(t, one, 0, object("a", "1"))
	if err := other.Wait(within(t), 0); err != nil {
		t.Fatalf("waiting for another gate's change: %v", err)
	}
	returned := make(chan error)
	go func() { returned <- one.Wait(within(t), 1) }()
	commit(t, other, 1, object("a", "2"))
	if err := <-returned; err != nil {
		t.Fatalf("waiting for another gate's change: %v", err)
	}
	if _, err := one.Commit(within(t), change(first, object("a", "lost"))); !errors.Is(err, store.ErrConflict) {
		t.Errorf("a change checked before another gate's returns %v", err)
	}
	want := []string{lineOf(object("a", "2"), 2)}
	if lines, revision := changes(t, one, first); !slices.Equal(lines, want) || revision != 2 {
		t.Errorf("the changes of another gate are %q at revision %d", lines, revision)
	}
	commit(t, one, 2, object("b", "3"))
	Verify(t, other)
}
