package reload_test

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/internal/reload"
)

func TestAPolicyOfManyAccountsIsUnpackedAsItWasLoaded(t *testing.T) {
	file := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(file, growthPolicy(1_200), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := reload.NewLoader(reload.Resolver{Replace: replace, Carriers: configtest.AsWritten}, file, config.Document{}, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	var loaded *reload.Loaded
	l.Review = func(p *reload.Loaded) []string {
		loaded = p
		return nil
	}
	if _, err := l.Load(); err != nil {
		t.Fatal(err)
	}
	current := l.Current()
	if current.Document.Accounts != nil || current.Accounts != 1_200 || current.Snapshot != loaded.Snapshot {
		t.Errorf("in force: %d accounts, %d in the document", current.Accounts, len(current.Document.Accounts))
	}
	unpacked, err := current.Unpack()
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(unpacked.Document, loaded.Document) {
		t.Error("the document is another one")
	}
	if got, want := &unpacked.Compiled, &loaded.Compiled; got.Sum != want.Sum || got.Definition.Revision != want.Definition.Revision ||
		!reflect.DeepEqual(got.Definition.Accounts, want.Definition.Accounts) || !reflect.DeepEqual(got.Ranges, want.Ranges) {
		t.Error("the definition is another one")
	}
	changed, err := l.Load()
	if err != nil || changed {
		t.Errorf("the same file again: changed %v, %v", changed, err)
	}
}
