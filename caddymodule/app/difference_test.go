package app

import (
	"context"
	"testing"

	"go.uber.org/zap/zapcore"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/reload"
)

func TestADifferenceThatIsNotCountedInTimeIsSaidToBe(t *testing.T) {
	compile := func(d config.Document) *reload.Loaded {
		loaded, err := Resolver().Compile(config.Source{Document: d})
		if err != nil {
			t.Fatal(err)
		}
		return loaded
	}
	accounts := config.Document{Accounts: []config.Account{{ID: "AC11111111111111111111111111111111"}}}
	before, after := compile(accounts), compile(accounts)
	after.Compiled.Definition.Observe.On = true
	shown := func(ctx context.Context) map[string]any {
		encoder := zapcore.NewMapObjectEncoder()
		for _, field := range differenceWithin(ctx, before, after) {
			field.AddTo(encoder)
		}
		return encoder.Fields
	}
	if got := shown(t.Context()); got["difference"] != nil || got["opens"] == nil || got["closes"] == nil || got["changes"] == nil {
		t.Errorf("in time: %v", got)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if got := shown(ended); len(got) != 1 || got["difference"] != "not counted in time: ask tollgate diff" {
		t.Errorf("not in time: %v", got)
	}
}
