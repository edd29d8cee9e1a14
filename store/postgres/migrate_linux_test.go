package postgres_test

import (
	"database/sql"
	"fmt"
	"os"
	"testing"

	"github.com/pressly/goose/v3"

	_ "github.com/jackc/pgx/v5/stdlib"

	server "github.com/caddy-tollgate/tollgate/internal/harness/postgres"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/storetest"
)

// Of each schema there is an account, which a change wrote and which has no record.
func TestADatabaseOfEverySchemaIsOpened(t *testing.T) {
	files := os.DirFS("migrations")
	names, err := os.ReadDir("migrations")
	if err != nil {
		t.Fatal(err)
	}
	for version := range len(names) + 1 {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			dsn := server.Shared(t).Database(t)
			if version > 0 {
				db, err := sql.Open("pgx", dsn)
				if err != nil {
					t.Fatal(err)
				}
				defer db.Close()
				steps, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithTableName("tollgate_schema"), goose.WithDisableGlobalRegistry(true))
				if err != nil {
					t.Fatal(err)
				}
				if _, err := steps.UpTo(t.Context(), int64(version)); err != nil {
					t.Fatal(err)
				}
				exec(t, dsn, `UPDATE tollgate_revision SET revision = 1;
					INSERT INTO tollgate_objects (kind, id, document, revision) VALUES ('account', 'a', '{"name":"Example Ltd"}', 1)`)
			}
			s := open(t, dsn)
			expect := store.Revision(min(version, 1))
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
