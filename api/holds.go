package api

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/internal/permissions"
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
	Seen    *seen             `json:"seen,omitempty" doc:"The numbers of these sends; absent if none is known."`

	LimitIsGone bool `json:"limit_is_gone,omitempty" doc:"That no limit is stated any more that would hold the same: it refuses nothing, and goes by itself."`
}

// seen are the numbers that a hold has refused.
type seen struct {
	Text    string `json:"text" doc:"What was seen, in words." example:"38 numbers, 1000 to 1039 in a row"`
	Numbers int    `json:"numbers" doc:"How many different ones."`
	More    bool   `json:"more,omitempty" doc:"That there were others, too far apart to be counted."`
	InARow  bool   `json:"in_a_row" doc:"That there were nearly all from one to another."`
	First   string `json:"first,omitempty" doc:"The last digits of the first one in the row, as many as the mask shows."`
	Last    string `json:"last,omitempty" doc:"Those of the last one."`
}

func holdOf(h *permissions.Hold) hold {
	shown := hold{ID: h.ID, Limit: h.Limit, Level: h.Level, Account: h.Account, Values: map[string]string{}, State: "held",
		Since: h.Since.UTC(), Repeats: h.Repeats, Refused: h.Refused, Last: h.Last.UTC(), LimitIsGone: h.LimitIsGone}
	for i, dimension := range h.Dimensions {
		shown.Values[dimension] = h.Shown[i]
	}
	if h.HalfOpen {
		shown.State = "half_open"
	}
	if s := h.Seen; s.Numbers > 0 {
		shown.Seen = &seen{s.String(), s.Numbers, s.More, s.InARow, s.First, s.Last}
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

// HoldQuery filters holds.
type HoldQuery struct {
	Account string `query:"account" doc:"Only those of this account alone, by its own name or its id at the carrier."`
	Name    string `query:"limit_name" doc:"Only those of the limit of this name."`
}

func (q *HoldQuery) filter() permissions.HoldFilter {
	return permissions.HoldFilter{Account: q.Account, Limit: q.Name}
}

// holdQuery asks for a list of holds.
type holdQuery struct {
	PageQuery
	HoldQuery
}

type holdsAnswer struct {
	Body struct {
		Items  []hold `json:"items" nullable:"false"`
		KeptIn string `json:"kept_in" enum:"memory,store,redis" doc:"Whose holds these are: in memory those of this gate alone; in a store or Redis those of all gates that have it."`
		NextPage
	}
}

type holdAnswer struct{ Body hold }

// releaseAnswer says which holds were released.
type releaseAnswer struct {
	Body struct {
		Revision string   `json:"revision" doc:"The policy in force afterwards."`
		Changed  bool     `json:"changed" doc:"Whether there were any."`
		DryRun   bool     `json:"dry_run,omitempty" doc:"That none was released."`
		Released []string `json:"released" nullable:"false" doc:"The IDs of the holds."`
	}
}

func registerHolds(api huma.API, service *permissions.Service) {
	huma.Register(api, operation(http.MethodGet, "/holds", "list-holds", "List what limits hold"),
		func(ctx context.Context, in *holdQuery) (*holdsAnswer, error) {
			list, err := service.Holds(callerOf(ctx), in.filter())
			if err != nil {
				return nil, problem(err)
			}
			answer := new(holdsAnswer)
			answer.Body.KeptIn = string(cmp.Or(service.KeptIn, permissions.KeptInMemory))
			if list, answer.Body.NextPage, err = paged(&in.PageQuery, list, func(h *permissions.Hold) string { return h.ID }); err != nil {
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

	huma.Register(api, operation(http.MethodDelete, "/holds", "release-holds", "Release all holds, or those of an account or a limit, with one record; a reason is required"),
		func(ctx context.Context, in *struct {
			HoldQuery
			All bool `query:"all" doc:"Release all; without it, an account or a limit is named."`
			Terms
		}) (*releaseAnswer, error) {
			terms, err := in.read()
			if err != nil {
				return nil, err
			}
			result, ids, err := service.ReleaseHolds(ctx, callerOf(ctx), terms, in.filter(), in.All)
			if err != nil {
				return nil, problem(err)
			}
			answer := new(releaseAnswer)
			answer.Body.Revision, answer.Body.Changed, answer.Body.DryRun = result.Revision, result.Changed, terms.DryRun
			answer.Body.Released = append([]string{}, ids...) // which is [] in JSON if there are none
			return answer, nil
		})
}
