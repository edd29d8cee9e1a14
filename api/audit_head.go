package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
)

// plainText is an answer that is not JSON.
type plainText struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

// plain describes that an operation answers a text.
func plain(o huma.Operation) huma.Operation {
	o.Responses = map[string]*huma.Response{"200": {
		Description: http.StatusText(http.StatusOK),
		Content:     map[string]*huma.MediaType{"text/plain": {Schema: &huma.Schema{Type: huma.TypeString}}},
	}}
	return o
}

func textAnswer(text []byte) *plainText { return &plainText{"text/plain; charset=utf-8", text} }

func registerAuditHead(api huma.API, service *permissions.Service) {
	huma.Register(api, plain(operation(http.MethodGet, "/audit/head", "get-audit-head", "Sign the head of the log of changes")),
		func(ctx context.Context, _ *struct{}) (*plainText, error) {
			signed, err := service.Head(ctx, callerOf(ctx))
			if err != nil {
				return nil, problem(err)
			}
			return textAnswer(signed), nil
		})

	huma.Register(api, plain(operation(http.MethodGet, "/audit/key", "get-audit-key", "Get the public key that heads are verified with")),
		func(ctx context.Context, _ *struct{}) (*plainText, error) {
			public, err := service.HeadKey(callerOf(ctx))
			if err != nil {
				return nil, problem(err)
			}
			return textAnswer([]byte(public + "\n")), nil
		})

	huma.Register(api, operation(http.MethodGet, "/audit/proof/{index}", "prove-change", "Prove that a change is in the log"),
		func(ctx context.Context, in *struct {
			Index int64 `path:"index" minimum:"0"`
		}) (*struct{ Body *audit.Proof }, error) {
			proof, err := service.Prove(ctx, callerOf(ctx), in.Index)
			if err != nil {
				return nil, problem(err)
			}
			return &struct{ Body *audit.Proof }{proof}, nil
		})
}
