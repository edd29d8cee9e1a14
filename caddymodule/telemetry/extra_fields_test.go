package telemetry

import (
	"context"
	"testing"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
)

func TestOnlyAServerWithAnAccessLogIsToldOfADecision(t *testing.T) {
	for _, c := range []struct {
		name   string
		server *caddyhttp.Server
		want   bool
	}{
		{"with a log", &caddyhttp.Server{Logs: new(caddyhttp.ServerLogConfig)}, true},
		{"without a log", new(caddyhttp.Server), false},
		{"that is not known", nil, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			extra := new(caddyhttp.ExtraLogFields)
			ctx := context.WithValue(context.WithValue(t.Context(), caddyhttp.ServerCtxKey, c.server), caddyhttp.ExtraLogFieldsCtxKey, extra)
			if got := extraFields(ctx); (got == extra) != c.want {
				t.Errorf("%v", got)
			}
		})
	}
}
