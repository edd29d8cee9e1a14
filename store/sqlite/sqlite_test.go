package sqlite

import (
	"path/filepath"
	"testing"

	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/storetest"
)

func TestSQLiteIsAStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Opener {
		path := filepath.Join(t.TempDir(), "store.db")
		return storetest.Opener{Open: func(t *testing.T) store.Store { return openFile(t, path) }}
	})
}

// openFile opens a store, and closes it at the end of the test.
func openFile(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}
