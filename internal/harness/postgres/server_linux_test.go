package postgres_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/caddy-tollgate/tollgate/internal/harness/postgres"
)

func TestMain(m *testing.M) { os.Exit(postgres.Main(m)) }

// query asks for one number, by a connection of its own.
func query(dsn, statement string) (number int, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return 0, err
	}
	defer conn.Close(ctx)
	return number, conn.QueryRow(ctx, statement).Scan(&number)
}

func TestAServerKeepsItsDataWhenItIsKilledStoppedAndStalled(t *testing.T) {
	server := postgres.Start(t)
	dsn := server.Database(t)
	if got, err := query(dsn, "SELECT count(*) FROM pg_settings WHERE name = 'fsync' AND setting = 'on'"); err != nil || got != 1 {
		t.Fatalf("it does not write through to disk: %d, %v", got, err)
	}
	create := "WITH made AS (SELECT lo_create(4711)) SELECT count(*) FROM made"
	if _, err := query(dsn, create); err != nil {
		t.Fatal(err)
	}
	for name, end := range map[string]func(testing.TB){"killed": server.Kill, "stopped": server.Stop} {
		end(t)
		if _, err := query(dsn, "SELECT 1"); err == nil {
			t.Fatalf("a server that was %s answers", name)
		}
		server.Restart(t)
		if got, err := query(dsn, "SELECT count(*) FROM pg_largeobject_metadata"); err != nil || got != 1 {
			t.Fatalf("after it was %s it has %d of 1, %v", name, got, err)
		}
	}
	server.Stall(t)
	if _, err := query(dsn, "SELECT 1"); err == nil {
		t.Fatal("a server that is stalled answers")
	}
	server.Continue(t)
	if _, err := query(dsn, "SELECT 1"); err != nil {
		t.Fatal(err)
	}
}

func TestEachDatabaseIsEmpty(t *testing.T) {
	server := postgres.Shared(t)
	first, second := server.Database(t), server.Database(t)
	if _, err := query(first, "WITH made AS (SELECT lo_create(4711)) SELECT count(*) FROM made"); err != nil {
		t.Fatal(err)
	}
	if got, err := query(second, "SELECT count(*) FROM pg_largeobject_metadata"); err != nil || got != 0 {
		t.Fatalf("it has %d, %v", got, err)
	}
}
