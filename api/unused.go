package api

import (
	"context"
	"net/http"
	"net/url"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/policy"
)

// unusedQuery asks what is open and not used.
type unusedQuery struct {
	Days    int    `query:"days" minimum:"1" maximum:"3650" default:"30" doc:"For how many days nothing was sent."`
	Account string `query:"account" doc:"The account, by the name that the policy gives it. Default: all."`
	Limit   int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"How many accounts are looked at for a page. A page may be empty and not the last."`
	Cursor  string `query:"cursor" doc:"Where the page begins: next of the page before."`
}

type unusedAnswer struct{ Body unusedPage }

// unusedPage is a part of a list of what is unused.
type unusedPage struct {
	WatchedSince string       `json:"watched_since,omitempty" doc:"The first day on which traffic was recorded. Where that is later than the days ago that are asked for, nothing is listed."`
	Unused       []unusedList `json:"unused" nullable:"false" doc:"By account, channel and class."`
	Next         string       `json:"next,omitempty" doc:"The cursor of the next page; absent on the last one."`
}

// unusedList has the territories of one list of an account that are open and not used.
type unusedList struct {
	Account     string            `json:"account" doc:"The account, by its own name."`
	Label       string            `json:"label,omitempty" doc:"What people call it."`
	Channel     string            `json:"channel"`
	Class       string            `json:"class,omitempty" doc:"The risk class of calls."`
	Territories []unusedTerritory `json:"territories" nullable:"false"`
	Stated      string            `json:"stated" enum:"store,file" doc:"Where the list is stated. What a file states is changed there."`
	Place       string            `json:"place,omitempty" doc:"The file and the line."`
	Close       *call             `json:"close,omitempty" doc:"The call that closes all of them."`
}

// unusedTerritory is one to which nothing was sent.
type unusedTerritory struct {
	Territory     string `json:"territory" example:"UZ"`
	TerritoryName string `json:"territory_name" example:"Uzbekistan"`
	Last          string `json:"last,omitempty" doc:"The last day on which something was sent to it; absent if that is not known."`
}

// call is a call of this API.
type call struct {
	Method  string        `json:"method" example:"POST"`
	Path    string        `json:"path" example:"/tollgate/v1/accounts/acme/territories/remove"`
	IfMatch string        `json:"if_match,omitempty" doc:"The header If-Match of a call that replaces the list, so that nothing is closed that was added meanwhile." example:"\"12\""`
	Body    territoryList `json:"body"`
}

func registerUnused(api huma.API, service *permissions.Service) {
	huma.Register(api, operation(http.MethodGet, "/unused", "list-unused", "List territories that accounts have open and send nothing to, page by page"),
		func(ctx context.Context, in *unusedQuery) (*unusedAnswer, error) {
			found, err := service.Unused(ctx, callerOf(ctx), permissions.UnusedQuery{Account: in.Account, Days: in.Days, Limit: in.Limit, Cursor: in.Cursor})
			if err != nil {
				return nil, problem(err)
			}
			answer := &unusedAnswer{unusedPage{WatchedSince: string(found.WatchedSince), Unused: []unusedList{}, Next: found.Next}}
			for i := range found.Unused {
				answer.Body.Unused = append(answer.Body.Unused, unusedListOf(&found.Unused[i]))
			}
			return answer, nil
		})
}

func unusedListOf(u *permissions.Unused) unusedList {
	row := unusedList{Account: u.Account, Label: u.Label, Channel: u.Channel.String(), Stated: u.Stated, Place: u.Place}
	if u.Channel == policy.Voice {
		row.Class = u.Class.String()
	}
	for _, t := range u.Territories {
		row.Territories = append(row.Territories, unusedTerritory{t.Territory.String(), t.Territory.Name(), string(t.Last)})
	}
	if u.Close != nil {
		row.Close = &call{
			Method: http.MethodPost,
			Path:   Prefix + "/accounts/" + url.PathEscape(u.Account) + "/territories/" + string(u.Verb),
			Body:   territoryList{Channel: u.Close.Channel, Class: u.Close.Class, Territories: u.Close.Territories},
		}
	}
	if row.Close != nil && u.Verb == permissions.Replace {
		row.Close.IfMatch = etag(u.Revision)
	}
	return row
}
