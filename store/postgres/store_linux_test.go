package postgres_test

import (
	"os"
	"testing"

	server "github.com/caddy-tollgate/tollgate/internal/harness/postgres"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/postgres"
	"github.com/caddy-tollgate/tollgate/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(server.Main(m)) }

func open(t testing.TB, dsn string) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestPostgreSQLIsAStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Opener {
		dsn := server.Shared(t).Database(t)
		return storetest.Opener{Shared: true, Open: func(t *testing.T) store.Store { return open(t, dsn) }}
	})
}
