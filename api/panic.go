package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/internal/permissions"
)

func registerPanic(api huma.API, service *permissions.Service) {
	huma.Register(api, operation(http.MethodGet, "/panic", "get-panic", "Read the panic in force"),
		func(ctx context.Context, _ *struct{}) (*documentAnswer, error) {
			return document(service.Panic(ctx, callerOf(ctx)))
		})

	huma.Register(api, operation(http.MethodPost, "/panic", "panic", "Close everything except what accounts have at home, and change nothing else"),
		func(ctx context.Context, in *struct {
			Terms
			Body strictBody[permissions.PanicRequest]
		}) (*changeAnswer, error) {
			return written(&in.Terms, func(terms permissions.Terms) (permissions.Result, error) {
				return service.StartPanic(ctx, callerOf(ctx), terms, in.Body.text)
			})
		})

	huma.Register(api, operation(http.MethodPost, "/panic/undo", "undo-panic", "End the panic: what was open before is open again; a reason is required"),
		func(ctx context.Context, in *struct{ Terms }) (*changeAnswer, error) {
			return written(&in.Terms, func(terms permissions.Terms) (permissions.Result, error) {
				return service.UndoPanic(ctx, callerOf(ctx), terms)
			})
		})
}
