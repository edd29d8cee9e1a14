package reload_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/sqlite"
)

// BenchmarkLoad reads all of a store, as a gate does that starts.
func BenchmarkLoad(b *testing.B) {
	const accounts = 200_000
	kept, err := sqlite.Open(b.Context(), b.TempDir()+"/permissions.db")
	if err != nil {
		b.Fatal(err)
	}
	defer kept.Close()
	change := store.Change{}
	if change.Expect, err = kept.Read(b.Context(), func(store.Object) error { return nil }); err != nil {
		b.Fatal(err)
	}
	for i := range accounts {
		id := fmt.Sprintf("AC%032x", i)
		document := fmt.Sprintf(`{"id": %q, "label": "Customer %d", "messaging": ["US", %q], "voice": {"low_risk": ["US"]}}`,
			id, i, []string{"CA", "MX", "FR", "ES", "IT"}[i%5])
		change.Objects = append(change.Objects, store.Object{Kind: store.Account, ID: id, Document: []byte(document)})
	}
	if _, err := kept.Commit(b.Context(), change); err != nil {
		b.Fatal(err)
	}
	change = store.Change{}
	for b.Loop() {
		l, err := reload.NewLoader(reload.Resolver{Replace: replace, Carriers: configtest.AsWritten}, "", config.Document{}, zap.NewNop())
		if err != nil {
			b.Fatal(err)
		}
		l.UseStore(&reload.Stored{Open: func(context.Context) (store.Store, error) { return kept, nil }, Now: time.Now})
		if _, err := l.Load(); err != nil || l.Current().Accounts != accounts {
			b.Fatal(l.Current().Accounts, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/accounts, "ns/account")
}
