package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/audit/refusals"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/store"
)

// Times are the parameters that select by time.
type Times struct {
	From time.Time `query:"from" doc:"Of this time, and after it."`
	To   time.Time `query:"to" doc:"Before this time."`
}

// RefusalFilter are the parameters that select refusals.
type RefusalFilter struct {
	Times
	Account   string `query:"account"`
	Channel   string `query:"channel"`
	Territory string `query:"territory"`
	Class     string `query:"class"`
	Reason    string `query:"reason"`
	Outcome   string `query:"outcome" enum:"deny,monitor"`
	Key       string `query:"key" doc:"The gate's own key, by its SID."`
	Prefix    string `query:"prefix" doc:"How the destination begins, where the mask of logs shows it: +99890."`
}

func (f *RefusalFilter) read() store.RefusalFilter {
	return store.RefusalFilter{
		Account: f.Account, Channel: f.Channel, Territory: f.Territory, Class: f.Class, Reason: f.Reason,
		Outcome: f.Outcome, Key: f.Key, Prefix: f.Prefix, From: f.From, To: f.To,
	}
}

// forgetting says whose personal fields are deleted.
type forgetting struct {
	Account string `json:"account" minLength:"1" doc:"The account, by the name that the policy gives it." example:"acme"`
}

// UnmarshalJSON implements json.Unmarshaler. Null and repeated members are errors.
func (f *forgetting) UnmarshalJSON(text []byte) error {
	type plain forgetting
	return decode.JSON(text, (*plain)(f), nil)
}

func registerAudit(api huma.API, service *permissions.Service) {
	huma.Register(api, tableOperation("/audit/changes", "list-changes", "List changes of permissions, the newest first", rowsOf[audit.Record](api)),
		func(ctx context.Context, in *struct {
			Times
			Form
			Account string `query:"account"`
			Action  string `query:"action" example:"account.put"`
			Actor   string `query:"actor"`
			Before  string `query:"before" doc:"The index of the last one that you know."`
			Limit   int    `query:"limit" minimum:"1" maximum:"1000000" default:"100" doc:"How many at most; in JSON up to 10,000."`
		}) (*tableAnswer, error) {
			q := permissions.ChangeQuery{Account: in.Account, Action: in.Action, Actor: in.Actor, From: in.From, To: in.To, Limit: in.Limit}
			if in.Before != "" {
				index, err := strconv.ParseInt(in.Before, 10, 64)
				if err != nil {
					return nil, huma.Error422UnprocessableEntity("before must be the index of a record")
				}
				q.Before = &index
			}
			return in.write(in.Limit, tableOf(changeColumns, func(yield func(*audit.Record) error) error {
				return service.Changes(ctx, callerOf(ctx), q, yield)
			}))
		})

	huma.Register(api, tableOperation("/audit/refusals", "list-refusals", "List refusals, and monitored denials, the newest first", rowsOf[refusals.Refusal](api)),
		func(ctx context.Context, in *struct {
			RefusalFilter
			Form
			Before string `query:"before" doc:"The id of the last one that you know."`
			Limit  int    `query:"limit" minimum:"1" maximum:"1000000" default:"100" doc:"How many at most; in JSON up to 10,000."`
		}) (*tableAnswer, error) {
			q := store.RefusalQuery{RefusalFilter: in.read(), Before: in.Before, Limit: in.Limit}
			return in.write(in.Limit, tableOf(refusalColumns, func(yield func(*refusals.Refusal) error) error {
				return service.EachRefusal(ctx, callerOf(ctx), q, yield)
			}))
		})

	huma.Register(api, tableOperation("/audit/report", "report-refusals", "Count refusals, most first", reportRow),
		func(ctx context.Context, in *struct {
			RefusalFilter
			Form
			By    []string `query:"by" required:"true" doc:"What to count by: account, channel, territory, class, reason, outcome, hour, day." example:"territory,hour"`
			Limit int      `query:"limit" minimum:"1" maximum:"100000" default:"100" doc:"How many rows at most; in JSON up to 10,000."`
		}) (*tableAnswer, error) {
			by := dimensionsOf(in.By)
			found, err := service.Report(ctx, callerOf(ctx), in.read(), by, in.Limit)
			if err != nil {
				return nil, problem(err)
			}
			return in.write(in.Limit, reportOf(by, found))
		})

	huma.Register(api, operation(http.MethodPost, "/audit/forget", "forget-account", "Delete the personal fields of an account's records"),
		func(ctx context.Context, in *struct {
			Reason string `query:"reason" maxLength:"500" doc:"Why, for the audit log."`
			Ticket string `query:"ticket" maxLength:"100" doc:"Where it was asked for, for the audit log."`
			Body   forgetting
		}) (*struct{ Body permissions.Forgotten }, error) {
			forgotten, err := service.Forget(ctx, callerOf(ctx), permissions.Terms{Reason: in.Reason, Ticket: in.Ticket}, in.Body.Account)
			if err != nil {
				return nil, problem(err)
			}
			return &struct{ Body permissions.Forgotten }{forgotten}, nil
		})
}
