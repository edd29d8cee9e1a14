package postgres_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	server "github.com/caddy-tollgate/tollgate/internal/harness/postgres"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/postgres"
)

// exec runs a statement in a database.
func exec(t testing.TB, dsn, statement string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func TestGatesThatStartAtOnceMigrateOnce(t *testing.T) {
	dsn := server.Shared(t).Database(t)
	var opening sync.WaitGroup
	for range 8 {
		opening.Go(func() {
			s, err := postgres.Open(t.Context(), dsn)
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			if _, err := s.Get(t.Context(), store.Settings, ""); !errors.Is(err, store.ErrNotFound) {
				t.Error(err)
			}
		})
	}
	opening.Wait()
}

func TestASchemaOfALaterVersionIsRefusedAndLeftAsItIs(t *testing.T) {
	dsn := server.Shared(t).Database(t)
	open(t, dsn).Close()
	exec(t, dsn, "INSERT INTO tollgate_schema (version_id, is_applied) VALUES (9999, true)")
	if s, err := postgres.Open(t.Context(), dsn); !errors.Is(err, store.ErrNewer) {
		t.Errorf("opening returns %v, %v", s, err)
	}
	exec(t, dsn, "DELETE FROM tollgate_schema WHERE version_id = 9999")
	open(t, dsn)
}

func TestErrorsOfOpeningDoNotContainThePassword(t *testing.T) {
	const password = "s3cr3t"
	// Time for the servers that do not exist.
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for name, dsn := range map[string]string{
		"an empty DSN":                "",
		"a port that is not a number": "postgres://gate:" + password + "@localhost:port/gates",
		"a bad escape":                "postgres://gate:%zz" + password + "@localhost/gates",
		"a password with a slash":     "postgres://gate:" + password + "/more@localhost/gates",
		"a password with a bracket":   "postgres://gate:[" + password + "@localhost/gates",
		"a scheme of another library": "mysql://gate:" + password + "@localhost/gates",
		"a list without a value":      "host=localhost password=" + password + " user",
		"an unknown sslmode":          "postgres://gate:" + password + "@localhost/gates?sslmode=sometimes",
		"a server that is not there":  "postgres://gate:" + password + "@127.0.0.1:1/gates?sslmode=disable",
		"a socket that is not there":  "host=" + t.TempDir() + " user=gate password=" + password,
		"a database that is not there": strings.Replace(server.Shared(t).Database(t), "tollgate@/test",
			"tollgate:"+password+"@/absent", 1),
	} {
		s, err := postgres.Open(ctx, dsn)
		if err == nil {
			s.Close()
			t.Errorf("%s is accepted", name)
		} else if strings.Contains(err.Error(), password) {
			t.Errorf("%s: the error has the password: %v", name, err)
		}
	}
}

func TestAPasswordWithASpecialCharacterIsRefusedWithWhatToDo(t *testing.T) {
	_, err := postgres.Open(t.Context(), "postgres://gate:a/b@localhost/gates")
	if err == nil || !strings.Contains(err.Error(), "percent-encoded") {
		t.Errorf("opening returns %v", err)
	}
}
