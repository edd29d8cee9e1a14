package postgres_test

import (
	"errors"
	"net/url"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	server "github.com/caddy-tollgate/tollgate/internal/harness/postgres"
	"github.com/caddy-tollgate/tollgate/store"
)

// A copy of the database takes its place while a gate has it open, as a backup does that is put
// back. Another gate then makes as many changes as were lost.
func TestAChangeThatABackupLacksIsUnknownOnceItsNumberIsGivenAgain(t *testing.T) {
	t.Parallel()
	pg := server.Start(t)
	dsn := pg.Database(t)
	location, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	name := location.Path[1:]
	s := open(t, dsn)
	kept, err := s.Commit(t.Context(), changeOf(mustVersion(t, s), "a", "{}"))
	if err != nil {
		t.Fatal(err)
	}
	// The store connects again at any time, and a database in use cannot be copied or removed.
	inPlace := func(statement string) {
		t.Helper()
		pg.Exec(t, "ALTER DATABASE "+name+" ALLOW_CONNECTIONS false")
		pg.Disconnect(t)
		harness.AwaitNil(t, "the database is not in use", func() error { return pg.TryExec(statement) })
	}
	inPlace("CREATE DATABASE backup TEMPLATE " + name)
	pg.Exec(t, "ALTER DATABASE "+name+" ALLOW_CONNECTIONS true")
	lost, err := s.Commit(t.Context(), changeOf(kept, "lost", "{}"))
	if err != nil {
		t.Fatal(err)
	}
	inPlace("DROP DATABASE " + name)
	pg.Exec(t, "ALTER DATABASE backup RENAME TO "+name)
	pg.Exec(t, "ALTER DATABASE "+name+" ALLOW_CONNECTIONS true")
	other := open(t, dsn)
	again, err := other.Commit(t.Context(), changeOf(kept, "other", "{}"))
	if err != nil || again.Revision != lost.Revision || again.Commit == lost.Commit {
		t.Fatalf("in place of %v comes %v, %v", lost, again, err)
	}
	none := func(store.Object) error { return nil }
	if at, err := s.Changes(t.Context(), lost, none); !errors.Is(err, store.ErrUnknownVersion) {
		t.Errorf("the changes after one that is lost are at %v, %v", at, err)
	}
	if _, err := s.Commit(t.Context(), changeOf(lost, "lost", "{}")); !errors.Is(err, store.ErrConflict) {
		t.Errorf("a change checked by one that is lost returns %v", err)
	}
	if at, err := s.Changes(t.Context(), kept, none); err != nil || at != again {
		t.Errorf("the changes after one that the backup has are at %v, %v", at, err)
	}
}
