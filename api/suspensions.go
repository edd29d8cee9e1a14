package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/internal/permissions"
)

// suspensionBody is read strictly by the service: the fields are its schema.
type suspensionBody struct {
	Reason string `json:"reason,omitempty" doc:"Why the account is suspended. Required, here or as the parameter." example:"Leaked credentials"`
	Until  string `json:"until,omitempty" doc:"When the suspension ends: a date (at 00:00 UTC of that day) or an RFC 3339 time. Default: when the account is resumed." example:"2026-12-01T18:00:00Z"`
}

// SuspendedAccount names an account in a path.
type SuspendedAccount struct {
	Account string `path:"account" doc:"The name that the policy gives the account, or its id at its one carrier." example:"acme"`
}

func registerSuspensions(api huma.API, service *permissions.Service) {
	huma.Register(api, operation(http.MethodGet, "/suspensions", "list-suspensions", "List the suspensions that the store keeps, by account"),
		func(ctx context.Context, in *struct {
			PageQuery
			State []string `query:"state" enum:"in_force,ended" doc:"Only those that are in force, or only those that are over by their until. Default: both."`
		}) (*listAnswer, error) {
			objects, err := service.Suspensions(ctx, callerOf(ctx), in.State...)
			return listed(&in.PageQuery, objects, err)
		})

	huma.Register(api, operation(http.MethodGet, "/suspensions/{account}", "get-suspension", "Read the suspension of an account"),
		func(ctx context.Context, in *SuspendedAccount) (*documentAnswer, error) {
			return document(service.Suspension(ctx, callerOf(ctx), in.Account))
		})

	huma.Register(api, operation(http.MethodPut, "/suspensions/{account}", "put-suspension", "Suspend an account, one that a file states too"),
		func(ctx context.Context, in *struct {
			SuspendedAccount
			Terms
			Body strictBody[suspensionBody]
		}) (*changeAnswer, error) {
			return written(&in.Terms, func(terms permissions.Terms) (permissions.Result, error) {
				return service.Suspend(ctx, callerOf(ctx), terms, in.Account, in.Body.text)
			})
		})

	huma.Register(api, operation(http.MethodDelete, "/suspensions/{account}", "delete-suspension", "Resume an account; a reason is required"),
		func(ctx context.Context, in *struct {
			SuspendedAccount
			Terms
		}) (*changeAnswer, error) {
			return written(&in.Terms, func(terms permissions.Terms) (permissions.Result, error) {
				return service.Resume(ctx, callerOf(ctx), terms, in.Account)
			})
		})
}
