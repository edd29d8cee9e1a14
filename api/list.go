package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/internal/permissions"
)

// listQuery says which accounts are listed.
type listQuery struct {
	Contains  string `query:"contains" doc:"A part of the id or of the label, in either case."`
	Parent    string `query:"parent" doc:"The account whose subaccounts they are."`
	Suspended string `query:"suspended" enum:"true,false" doc:"Whether they send nothing, since they are suspended, or their parent is."`
	Territory string `query:"territory" doc:"A territory that they reach as a whole by the channel. Prefix rules are not asked." example:"US"`
	Channel   string `query:"channel" doc:"messaging, voice, whatsapp or rcs." example:"messaging"`
	Stated    string `query:"stated" enum:"store,file" doc:"Where they are stated."`
	Limit     int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"How many are on a page."`
	Cursor    string `query:"cursor" doc:"Where the page begins: next of the page before."`
}

type accountsAnswer struct{ Body accountPage }

// accountPage is a part of a list of accounts.
type accountPage struct {
	Accounts []listedAccount `json:"accounts" nullable:"false" doc:"In the order of their ids."`
	Next     string          `json:"next,omitempty" doc:"The cursor of the next page; absent on the last one."`
}

// listedAccount is an account in a list.
type listedAccount struct {
	ID        string `json:"id" doc:"The name that the policy gives the account, or its id at its one carrier."`
	Label     string `json:"label,omitempty" doc:"What people call it."`
	Parent    string `json:"parent,omitempty" doc:"The account that it is a subaccount of."`
	Stated    string `json:"stated" enum:"store,file" doc:"Where it is stated. What a file states is read-only here."`
	Revision  int64  `json:"revision,omitempty" doc:"The change that wrote it last; of one that a file states there is none."`
	Suspended bool   `json:"suspended" doc:"Whether it sends nothing, since it is suspended, or its parent is."`
}

func registerList(api huma.API, service *permissions.Service) {
	huma.Register(api, operation(http.MethodGet, "/accounts", "list-accounts", "List accounts, page by page"),
		func(ctx context.Context, in *listQuery) (*accountsAnswer, error) {
			filter := permissions.Filter{Contains: in.Contains, Parent: in.Parent, Territory: in.Territory, Channel: in.Channel,
				Stated: in.Stated, Limit: in.Limit, Cursor: in.Cursor}
			if in.Suspended != "" {
				suspended := in.Suspended == "true"
				filter.Suspended = &suspended
			}
			page, err := service.Accounts(ctx, callerOf(ctx), filter)
			if err != nil {
				return nil, problem(err)
			}
			answer := &accountsAnswer{accountPage{Accounts: []listedAccount{}, Next: page.Next}}
			for _, a := range page.Accounts {
				answer.Body.Accounts = append(answer.Body.Accounts, listedAccount{ID: a.ID, Label: a.Label, Parent: a.Parent,
					Stated: a.Stated, Revision: int64(a.Revision), Suspended: a.Suspended})
			}
			return answer, nil
		})
}
