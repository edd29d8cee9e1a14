package telemetry

import (
	"context"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
)

// extraFields is what the access log shows of a request beside Caddy's own fields. It is
// nil where the server has no access log, so that nothing is made for one.
func extraFields(ctx context.Context) *caddyhttp.ExtraLogFields {
	if server, ok := ctx.Value(caddyhttp.ServerCtxKey).(*caddyhttp.Server); ok && server != nil && server.Logs == nil {
		return nil
	}
	extra, _ := ctx.Value(caddyhttp.ExtraLogFieldsCtxKey).(*caddyhttp.ExtraLogFields)
	return extra
}
