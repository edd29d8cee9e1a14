package postgres_test

import (
	"context"
	"database/sql"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/pressly/goose/v3"

	"github.com/caddy-tollgate/tollgate/audit/refusals"
	"github.com/caddy-tollgate/tollgate/internal/harness"
	server "github.com/caddy-tollgate/tollgate/internal/harness/postgres"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/postgres"
)

// migrateTo makes the migrations up to one.
func migrateTo(t *testing.T, dsn string, version int64) {
	t.Helper()
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	steps, err := goose.NewProvider(goose.DialectPostgres, db, os.DirFS("migrations"), goose.WithTableName("tollgate_schema"), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := steps.UpTo(t.Context(), version); err != nil {
		t.Fatal(err)
	}
}

// counted are the refusals of a store by its counts, and by their rows.
func counted(t *testing.T, s store.Store) (counts, rows int64) {
	t.Helper()
	err := s.Refusals().Report(t.Context(), store.RefusalFilter{}, []store.Dimension{store.ByTerritory}, 0, func(c store.Counted) error {
		counts += c.Count
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Refusals().Query(t.Context(), store.RefusalQuery{}, func(refusals.Refusal) error { rows++; return nil })
	if err != nil {
		t.Fatal(err)
	}
	return counts, rows
}

// olderSink writes refusals as a gate does that knows nothing of counts.
type olderSink struct{ pool *pgxpool.Pool }

func (s olderSink) Append(ctx context.Context, added []refusals.Refusal) error {
	var ids, accounts []string
	for _, r := range added {
		ids, accounts = append(ids, r.ID), append(accounts, r.Account)
	}
	_, err := s.pool.Exec(ctx, `INSERT INTO tollgate_refusals (id, account, credential, key, sender, channel, destination, territory, class,
		prefix, reason, rule, outcome, request_id, client, time, revision)
		SELECT id, account, '', '', '', 'messaging', '', 'UZ', '', '', 'territory_not_permitted', '', 'deny', '', '', 1772366400123456789, 1
		FROM unnest($1::text[], $2::text[]) AS added (id, account) ON CONFLICT (id) DO NOTHING`, ids, accounts)
	return err
}

// While a gate counts the refusals that there are, one of a former version cannot add any: they
// wait in its spool, and are counted later.
func TestRefusalsOfAFormerGateWaitWhileThoseBeforeAreCounted(t *testing.T) {
	dsn := server.Shared(t).Database(t)
	migrateTo(t, dsn, 9)
	pool, err := pgxpool.New(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	older := olderSink{pool}
	if err := older.Append(t.Context(), refused(rand.New(rand.NewPCG(1, 2)), 10_000)); err != nil {
		t.Fatal(err)
	}
	w, err := refusals.Open(refusals.Options{Sink: older, Folder: t.TempDir(), Bound: 40 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	// Another gate holds the migration up until some are spooled.
	holding, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := holding.Exec(t.Context(), "LOCK TABLE tollgate_refusals IN ROW EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	opened := make(chan error, 1)
	var s *postgres.Store
	go func() {
		var err error
		s, err = postgres.Open(t.Context(), dsn)
		opened <- err
	}()
	random := rand.New(rand.NewPCG(3, 4))
	harness.Await(t, "refusals are spooled", func() bool {
		for _, r := range refused(random, 10) {
			if err := w.Write(t.Context(), r); err != nil {
				t.Error(err)
			}
		}
		return w.Stats().Spooled > 0
	})
	if err := holding.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-opened; err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	harness.Await(t, "all are taken in", func() bool {
		stats := w.Stats()
		return stats.SpoolBytes == 0 && stats.Delivered+stats.TakenIn >= stats.Written
	})
	counts, rows := counted(t, s)
	if written := w.Stats().Written; counts != rows || rows != 10_000+written || w.Stats().Lost != 0 {
		t.Errorf("%d are counted of %d, and 10,000 and %d were written: %+v", counts, rows, written, w.Stats())
	}
}

// Each gate adds to the same counts, and takes from them.
func TestGatesThatCountAtOnceDoNotDeadlock(t *testing.T) {
	dsn := server.Shared(t).Database(t)
	first := open(t, dsn)
	var running sync.WaitGroup
	for gate := range 4 {
		s := open(t, dsn)
		running.Go(func() {
			random := rand.New(rand.NewPCG(uint64(gate), 2))
			for range 25 {
				if err := s.Refusals().Append(t.Context(), refused(random, 100)); err != nil {
					t.Error(err)
				}
				if _, err := s.Refusals().DeleteBefore(t.Context(), time.Now().Add(-10*time.Millisecond)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	running.Wait()
	if counts, rows := counted(t, first); counts != rows {
		t.Errorf("%d are counted, and there are %d", counts, rows)
	}
}
