package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/storetest"
)

// Of each schema, testdata has what a gate of its version wrote: three changes, of accounts
// "a" and "b", the latter of which it deleted; since the second schema also one refusal.
func TestAFileOfEverySchemaIsOpened(t *testing.T) {
	for version := range newestSchema(t) + 1 {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "store.db")
			ofSchema(t, path, version)
			s := openFile(t, path)
			if version > 0 {
				got, err := s.Get(t.Context(), store.Account, "a")
				if err != nil || string(got.Document) != `{"name":"Example Ltd"}` || got.Revision != 2 || s.version.Revision != 3 {
					t.Errorf("at %v it has %s of revision %d, %v", s.version, got.Document, got.Revision, err)
				}
				if _, err := s.Get(t.Context(), store.Account, "b"); !errors.Is(err, store.ErrNotFound) {
					t.Errorf("getting what was deleted returns %v", err)
				}
				if size, err := s.Log().Size(t.Context()); err != nil || size != 3 {
					t.Errorf("its log has %d records, %v", size, err)
				}
			}
			for _, f := range []store.RefusalFilter{{}, {Account: "a"}} {
				counted := int64(0)
				err := s.Refusals().Report(t.Context(), f, []store.Dimension{store.ByReason}, 0, func(c store.Counted) error {
					counted += c.Count
					return nil
				})
				if err != nil || counted != min(max(version-1, 0), 1) {
					t.Errorf("by %+v it has %d refusals, %v", f, counted, err)
				}
			}
			storetest.Verify(t, s)
			commit(t, s, "v")
			storetest.Verify(t, s)
		})
	}
}

func newestSchema(t *testing.T) int64 {
	t.Helper()
	files, err := migrations.ReadDir("migrations")
	if err != nil {
		t.Fatal(err)
	}
	return int64(len(files))
}

// ofSchema makes a file of a schema, with what testdata has of it.
func ofSchema(t *testing.T, path string, version int64) {
	t.Helper()
	name, err := create(path)
	try(t, err)
	db, err := connections(name, "immediate", writeSettings)
	try(t, err)
	defer db.Close()
	s := &Store{path: name, writer: db}
	try(t, s.check(t.Context()))
	if version == 0 {
		return
	}
	steps, err := migrationsOf(db)
	try(t, err)
	_, err = steps.UpTo(t.Context(), version)
	try(t, err)
	data, err := os.ReadFile(fmt.Sprintf("testdata/%05d.sql", version))
	try(t, err)
	_, err = db.ExecContext(t.Context(), string(data))
	try(t, err)
}

func TestAFileOfALaterVersionIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := openFile(t, path)
	later := newestSchema(t) + 1
	_, err := s.writer.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (?, 1)", later)
	try(t, err)
	try(t, s.Close())
	before, err := os.ReadFile(path)
	try(t, err)
	if _, err := Open(t.Context(), path); !errors.Is(err, store.ErrNewer) {
		t.Errorf("opening it returns %v", err)
	}
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Errorf("the file was altered, %v", err)
	}
}
