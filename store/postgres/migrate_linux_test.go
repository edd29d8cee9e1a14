package postgres_test

import (
	"errors"
	"fmt"
	"os"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"

	server "github.com/caddy-tollgate/tollgate/internal/harness/postgres"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/storetest"
)

// A gate of an earlier version, which knows nothing of versions, raises the revision alone.
func TestAChangeOfAnEarlierGateHasAVersionAndOnlyTheLastAreKept(t *testing.T) {
	dsn := server.Shared(t).Database(t)
	s := open(t, dsn)
	old, err := s.Commit(t.Context(), changeOf(mustVersion(t, s), "a", "{}"))
	if err != nil {
		t.Fatal(err)
	}
	exec(t, dsn, "UPDATE tollgate_revision SET revision = 10000, records = records")
	none := func(store.Object) error { return nil }
	at, err := s.Changes(t.Context(), old, none)
	if err != nil || at.Revision != 10_000 || at.Commit == "" || at.Commit == old.Commit {
		t.Errorf("after 10,000 changes the first is followed by %v, %v", at, err)
	}
	exec(t, dsn, "UPDATE tollgate_revision SET records = records")
	if again := mustVersion(t, s); again != at {
		t.Errorf("what changes no revision makes %v of %v", again, at)
	}
	exec(t, dsn, "UPDATE tollgate_revision SET revision = 10001")
	if _, err := s.Changes(t.Context(), old, none); !errors.Is(err, store.ErrUnknownVersion) {
		t.Errorf("after one more it returns %v", err)
	}
}

// insertOldRefusal writes a refusal as the first gates did that wrote any.
const insertOldRefusal = `INSERT INTO tollgate_refusals (id, account, credential, key, sender, channel, destination, territory, class,
	prefix, reason, rule, outcome, request_id, client, time, revision) VALUES (gen_random_uuid(), 'a', '', '', '', 'messaging', '', 'UZ', '',
	'', 'territory_not_permitted', '', 'deny', '', '', 1772366400123456789, 1)`

// Of each schema there is an account, which a change wrote and which has no record; since the
// second one also a refusal. An older gate of the fleet writes another one later.
func TestADatabaseOfEverySchemaIsOpened(t *testing.T) {
	names, err := os.ReadDir("migrations")
	if err != nil {
		t.Fatal(err)
	}
	for version := range len(names) + 1 {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			dsn := server.Shared(t).Database(t)
			if version > 0 {
				migrateTo(t, dsn, int64(version))
				exec(t, dsn, `UPDATE tollgate_revision SET revision = 1;
					INSERT INTO tollgate_objects (kind, id, document, revision) VALUES ('account', 'a', '{"name":"Example Ltd"}', 1)`)
			}
			refused := int64(1)
			if version >= 2 {
				exec(t, dsn, insertOldRefusal)
				refused++
			}
			s := open(t, dsn)
			exec(t, dsn, insertOldRefusal)
			for _, f := range []store.RefusalFilter{{}, {Account: "a"}} {
				counted := int64(0)
				err := s.Refusals().Report(t.Context(), f, []store.Dimension{store.ByReason}, 0, func(c store.Counted) error {
					counted += c.Count
					return nil
				})
				if err != nil || counted != refused {
					t.Errorf("by %+v it has %d refusals and not %d, %v", f, counted, refused, err)
				}
			}
			expect := mustVersion(t, s)
			if want := store.Revision(min(version, 1)); expect.Revision != want || expect.Commit == "" {
				t.Errorf("it is at %v and not at revision %d", expect, want)
			}
			if version > 0 {
				if got, err := s.Get(t.Context(), store.Account, "a"); err != nil || string(got.Document) != `{"name":"Example Ltd"}` || got.Revision != 1 {
					t.Errorf("it has %s of revision %d, %v", got.Document, got.Revision, err)
				}
			}
			if _, err := s.Commit(t.Context(), store.Change{Expect: expect, Objects: []store.Object{{Kind: store.Account, ID: "b", Document: []byte("{}")}}}); err != nil {
				t.Errorf("changing it: %v", err)
			}
			if err := s.Traffic().Record(t.Context(), "2026-11-30", nil); err != nil {
				t.Errorf("recording traffic: %v", err)
			}
			storetest.Verify(t, s)
		})
	}
}
