package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/internal/openings"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/store"
)

// opening is one that is kept, in the state that it is in.
type opening struct {
	ID       string          `json:"id"`
	State    openings.State  `json:"state" enum:"pending,scheduled,open,ended,expired" doc:"What it is now: pending waits for approvals, scheduled begins later, open permits, ended was open, expired was never approved in time."`
	Revision store.Revision  `json:"revision" doc:"The revision that wrote it last, which is its ETag too."`
	Document json.RawMessage `json:"document" doc:"What was asked for, by whom, and who approved it."`
}

func openingOf(o *permissions.KeptOpening) opening {
	return opening{o.ID, o.State, o.Revision, o.Document}
}

// OpeningID names an opening in a path.
type OpeningID struct {
	ID string `path:"id" doc:"The ID that the opening was given." example:"k3v7q2m4xa"`
}

// openingQuery filters a list of openings.
type openingQuery struct {
	PageQuery
	Account string           `query:"account" doc:"Only those of this account."`
	State   []openings.State `query:"state" enum:"pending,scheduled,open,ended,expired" doc:"Only those in one of these states."`
}

type openingsAnswer struct {
	Body struct {
		Items []opening `json:"items"`
		NextPage
	}
}

type openingAnswer struct {
	ETag string `header:"ETag"`
	Body opening
}

func registerOpenings(api huma.API, service *permissions.Service) {
	registerOpeningReads(api, service)
	huma.Register(api, operation(http.MethodPost, "/openings", "request-opening", "Ask for a destination to be opened to an account for a time"),
		func(ctx context.Context, in *struct {
			Terms
			Body strictBody[permissions.OpeningRequest]
		}) (*changeAnswer, error) {
			return written(&in.Terms, func(terms permissions.Terms) (permissions.Result, error) {
				return service.RequestOpening(ctx, callerOf(ctx), terms, in.Body.text)
			})
		})

	huma.Register(api, operation(http.MethodPost, "/openings/{id}/approve", "approve-opening", "Approve an opening that someone else requested"),
		func(ctx context.Context, in *struct {
			OpeningID
			Terms
		}) (*changeAnswer, error) {
			return written(&in.Terms, func(terms permissions.Terms) (permissions.Result, error) {
				return service.ApproveOpening(ctx, callerOf(ctx), terms, in.ID)
			})
		})

	huma.Register(api, operation(http.MethodPost, "/openings/{id}/end", "end-opening", "End an opening before its time, or take its request back; a reason is required"),
		func(ctx context.Context, in *struct {
			OpeningID
			Terms
		}) (*changeAnswer, error) {
			return written(&in.Terms, func(terms permissions.Terms) (permissions.Result, error) {
				return service.EndOpening(ctx, callerOf(ctx), terms, in.ID)
			})
		})
}

func registerOpeningReads(api huma.API, service *permissions.Service) {
	huma.Register(api, operation(http.MethodGet, "/openings", "list-openings", "List openings, those that are over too"),
		func(ctx context.Context, in *openingQuery) (*openingsAnswer, error) {
			list, err := service.ListOpenings(ctx, callerOf(ctx), permissions.OpeningFilter{Account: in.Account, States: in.State})
			if err != nil {
				return nil, problem(err)
			}
			answer := new(openingsAnswer)
			if list, answer.Body.NextPage, err = paged(&in.PageQuery, list, func(o *permissions.KeptOpening) string { return o.ID }); err != nil {
				return nil, err
			}
			answer.Body.Items = make([]opening, len(list))
			for i := range list {
				answer.Body.Items[i] = openingOf(&list[i])
			}
			return answer, nil
		})

	huma.Register(api, operation(http.MethodGet, "/openings/{id}", "get-opening", "Read an opening"),
		func(ctx context.Context, in *OpeningID) (*openingAnswer, error) {
			found, err := service.Opening(ctx, callerOf(ctx), in.ID)
			if err != nil {
				return nil, problem(err)
			}
			return &openingAnswer{ETag: etag(found.Revision), Body: openingOf(&found)}, nil
		})
}
