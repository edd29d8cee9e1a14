package postgres_test

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/internal/harness"
	server "github.com/caddy-tollgate/tollgate/internal/harness/postgres"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/postgres"
)

// changeOf writes one account's document, with a record.
func changeOf(expect store.Version, id, document string) store.Change {
	return store.Change{
		Expect:  expect,
		Objects: []store.Object{{Kind: store.Account, ID: id, Document: json.RawMessage(document)}},
		Records: []audit.Record{{Action: "account.put", Kind: string(store.Account), Object: id, Account: id, After: json.RawMessage(document)}},
	}
}

// versionOf asks for the version.
func versionOf(ctx context.Context, s store.Store) (store.Version, error) {
	return s.Read(ctx, func(store.Object) error { return nil })
}

// mustVersion is versionOf in a test.
func mustVersion(t testing.TB, s store.Store) store.Version {
	t.Helper()
	version, err := versionOf(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return version
}

// patience is how late a follower may be in a test. The promise is a second; the rest is for
// a machine that is busy.
const patience = 5 * time.Second

func TestNoAcknowledgedChangeIsLostWhileTheServerFails(t *testing.T) {
	t.Parallel()
	pg := server.Start(t)
	dsn := pg.Database(t)
	stop, end := context.WithCancel(t.Context())
	defer end()
	l := &load{documents: map[store.Revision]string{}}
	f := &follower{objects: map[string]store.Object{}}
	var running sync.WaitGroup
	for i := range 3 {
		s := open(t, dsn)
		running.Go(func() { l.run(t, stop, s, fmt.Sprintf("gate%d", i)) })
	}
	other := open(t, dsn)
	running.Go(func() { f.run(t, stop, other) })

	faults := []struct {
		name string
		do   func()
	}{
		{"killed", func() { pg.Kill(t); l.awaitFailure(t); pg.Restart(t) }},
		{"stalled", func() { pg.Stall(t); l.awaitFailure(t); pg.Continue(t) }},
		{"connections cut", func() { pg.Disconnect(t) }},
		{"shut down", func() { pg.Stop(t); l.awaitFailure(t); pg.Restart(t) }},
		{"killed at once after the start", func() { pg.Kill(t); pg.Restart(t); pg.Kill(t); pg.Restart(t) }},
	}
	for round := range 2 {
		for _, fault := range faults {
			l.awaitMore(t)
			fault.do()
			l.awaitMore(t)
			began, committed := time.Now(), l.last()
			harness.Await(t, "the follower sees a change", func() bool { return f.version().Revision >= committed })
			late := time.Since(began)
			t.Logf("round %d, %s: %d acknowledged, %d failed, the follower is late by %s", round, fault.name,
				l.acknowledged.Load(), l.failed.Load(), late.Round(time.Millisecond))
			if late > patience {
				t.Errorf("%s: a change is seen after %s", fault.name, late)
			}
		}
	}
	end()
	running.Wait()
	checkStore(t, other, l.documents, f)
}

func TestAStalledServerHoldsNoCallerForEver(t *testing.T) {
	t.Parallel()
	pg := server.Start(t)
	s, err := postgres.Open(t.Context(), pg.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	at, err := s.Commit(t.Context(), changeOf(mustVersion(t, s), "a", "{}"))
	if err != nil {
		t.Fatal(err)
	}
	pg.Stall(t)
	none := func(store.Object) error { return nil }
	var calling sync.WaitGroup
	for name, call := range map[string]func(context.Context) error{
		"Commit": func(ctx context.Context) error { _, err := s.Commit(ctx, changeOf(at, "a", "{}")); return err },
		"Get":    func(ctx context.Context) error { _, err := s.Get(ctx, store.Account, "a"); return err },
		"Size":   func(ctx context.Context) error { _, err := s.Log().Size(ctx); return err },
		"Wait":   func(ctx context.Context) error { return s.Wait(ctx, 1) },
		"Read":   func(ctx context.Context) error { _, err := s.Read(ctx, none); return err },
	} {
		calling.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
			defer cancel()
			began := time.Now()
			if err := call(ctx); !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, store.ErrConflict) {
				t.Errorf("%s returns %v", name, err)
			}
			if took := time.Since(began); took > patience {
				t.Errorf("%s takes %s", name, took)
			}
		})
	}
	calling.Go(func() {
		if _, err := s.Read(context.Background(), none); err == nil {
			t.Error("Read without a deadline returns no error")
		}
	})
	calling.Wait()
	closed := make(chan error)
	go func() { closed <- s.Close() }()
	select {
	case <-closed:
	case <-time.After(30 * time.Second):
		t.Error("Close does not return")
	}
	pg.Continue(t)
}

// The server commits and then waits for a standby that never answers, so that the answer is
// lost for certain.
func TestAChangeWhoseAnswerIsLostMayHaveBeenMade(t *testing.T) {
	t.Parallel()
	pg := server.Start(t)
	dsn := pg.Database(t)
	s, other := open(t, dsn), open(t, dsn)
	pg.Exec(t, "ALTER SYSTEM SET synchronous_standby_names = 'absent'")
	pg.Exec(t, "SELECT pg_reload_conf()")
	var at store.Version
	var err error
	harness.Await(t, "the server waits for its standby", func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		if at, err = versionOf(ctx, s); err != nil {
			return false
		}
		_, err = s.Commit(ctx, changeOf(at, "a", "{}"))
		return err != nil
	})
	if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, store.ErrConflict) {
		t.Fatalf("committing returns %v", err)
	}
	size, err := other.Log().Size(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	harness.Await(t, "the change is there, with its record", func() bool {
		revision := mustVersion(t, other).Revision
		size, _ = other.Log().Size(t.Context())
		return revision >= 1 && int64(revision) == size
	})
	// Made again by the same version it is refused, so it is not made twice.
	if _, err := other.Commit(t.Context(), changeOf(at, "a", "{}")); !errors.Is(err, store.ErrConflict) {
		t.Errorf("made again it returns %v", err)
	}
}

func TestAFullDiskFailsAChangeAsAWhole(t *testing.T) {
	t.Parallel()
	pg := server.Start(t)
	s := open(t, pg.Database(t))
	at, err := s.Commit(t.Context(), changeOf(mustVersion(t, s), "a", "{}"))
	if err != nil {
		t.Fatal(err)
	}
	pg.FillDisk(t, 2<<20)
	for err == nil {
		if at.Revision > 1000 {
			t.Fatal("the disk is never full")
		}
		text := make([]byte, 50_000)
		rand.Read(text) // cannot be compressed
		var made store.Version
		if made, err = s.Commit(t.Context(), changeOf(at, fmt.Sprint(at.Revision), fmt.Sprintf("%q", hex.EncodeToString(text)))); err == nil {
			at = made
		}
	}
	t.Logf("after %v: %v", at, err)
	if errors.Is(err, store.ErrConflict) {
		t.Errorf("committing on a full disk returns %v", err)
	}
	if documents := checkLog(t, s); len(documents) != int(at.Revision) {
		t.Errorf("at %v there are %d records", at, len(documents))
	}
	if version := mustVersion(t, s); version != at {
		t.Errorf("after a change that failed at %v it is at %v", at, version)
	}
	pg.FreeDisk(t)
	if _, err := s.Commit(t.Context(), changeOf(at, "a", `{"after":1}`)); err != nil {
		t.Errorf("committing when there is room again: %v", err)
	}
	checkLog(t, s)
}
