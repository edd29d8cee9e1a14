package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/limits"
)

// hold is one that is in force.
type hold struct {
	ID      string            `json:"id" doc:"The ID of the hold, on every gate and whenever the same is held." example:"3kq7v2m4xay5c6zt"`
	Limit   string            `json:"limit" doc:"The name of the limit that was exceeded." example:"block"`
	Level   string            `json:"level" doc:"Who states the limit." example:"operator"`
	Account string            `json:"account,omitempty" doc:"The account whose sends alone are held, by its own name; absent if those of several are."`
	Values  map[string]string `json:"values" doc:"What is held: by the dimensions of the limit." example:"{\"block:3\": \"+1201555xxx\"}"`
	State   string            `json:"state" enum:"held,half_open" doc:"held refuses everything; half_open, for one window after the hold, what is over half of the limit."`
	Since   time.Time         `json:"since" doc:"When the limit was exceeded."`
	Until   *time.Time        `json:"until,omitempty" doc:"When it is over; absent if only its release ends it."`
	Repeats int               `json:"repeats" doc:"How often it was held again, each time for longer."`
	Refused int64             `json:"refused" doc:"How many sends this gate has refused since."`
	Last    time.Time         `json:"last" doc:"When the last one was."`
}

func holdOf(h *limits.Hold) hold {
	shown := hold{ID: h.ID, Limit: h.Limit, Level: h.Level, Account: h.Account, Values: map[string]string{}, State: "held",
		Since: h.Since.UTC(), Repeats: h.Repeats, Refused: h.Refused, Last: h.Last.UTC()}
	for i, dimension := range h.Dimensions {
		shown.Values[dimension] = h.Shown[i]
	}
	if h.HalfOpen {
		shown.State = "half_open"
	}
	if until := h.Until.UTC(); !until.IsZero() {
		shown.Until = &until
	}
	return shown
}

// HoldID names a hold in a path.
type HoldID struct {
	ID string `path:"id" doc:"The ID of the hold." example:"3kq7v2m4xay5c6zt"`
}

// holdQuery filters a list of holds.
type holdQuery struct {
	PageQuery
	Account string `query:"account" doc:"Only those of this account alone, by its own name or its id at the carrier."`
	Name    string `query:"limit_name" doc:"Only those of the limit of this name."`
}

type holdsAnswer struct {
	Body struct {
		Items []hold `json:"items" nullable:"false"`
		NextPage
	}
}

type holdAnswer struct{ Body hold }

func registerHolds(api huma.API, service *permissions.Service) {
	huma.Register(api, operation(http.MethodGet, "/holds", "list-holds", "List what limits hold"),
		func(ctx context.Context, in *holdQuery) (*holdsAnswer, error) {
			list, err := service.Holds(callerOf(ctx), permissions.HoldFilter{Account: in.Account, Limit: in.Name})
			if err != nil {
				return nil, problem(err)
			}
			answer := new(holdsAnswer)
			if list, answer.Body.NextPage, err = paged(&in.PageQuery, list, func(h *limits.Hold) string { return h.ID }); err != nil {
				return nil, err
			}
			answer.Body.Items = make([]hold, len(list))
			for i := range list {
				answer.Body.Items[i] = holdOf(&list[i])
			}
			return answer, nil
		})

	huma.Register(api, operation(http.MethodGet, "/holds/{id}", "get-hold", "Read a hold"),
		func(ctx context.Context, in *HoldID) (*holdAnswer, error) {
			found, err := service.Hold(callerOf(ctx), in.ID)
			if err != nil {
				return nil, problem(err)
			}
			return &holdAnswer{holdOf(&found)}, nil
		})

	huma.Register(api, operation(http.MethodDelete, "/holds/{id}", "release-hold", "Release a hold, and forget what its limit has counted; a reason is required"),
		func(ctx context.Context, in *struct {
			HoldID
			Terms
		}) (*changeAnswer, error) {
			return written(&in.Terms, func(terms permissions.Terms) (permissions.Result, error) {
				return service.ReleaseHold(ctx, callerOf(ctx), terms, in.ID)
			})
		})
}
