package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/internal/territories"
	"github.com/caddy-tollgate/tollgate/policy"
)

type territoriesAnswer struct {
	Body struct {
		Territories []territories.Territory `json:"territories" nullable:"false"`
	}
}

type territoryAnswer struct {
	Body struct {
		territories.Territory
		Prefixes []territories.Prefixes `json:"prefixes" nullable:"false" doc:"Of its listed numbers, by class."`
	}
}

type accountListsAnswer struct{ Body accountLists }

// accountLists are the lists of territories that are in force for an account.
type accountLists struct {
	Account   string        `json:"account" doc:"By its own name."`
	Label     string        `json:"label,omitempty"`
	Parent    string        `json:"parent,omitempty"`
	Stated    string        `json:"stated" enum:"store,file" doc:"What a file states is read-only here."`
	Suspended bool          `json:"suspended" doc:"Whether it sends nothing, since it is suspended, or its parent is."`
	Policy    string        `json:"policy" doc:"The policy that was asked."`
	Lists     []accountList `json:"lists" nullable:"false"`
}

// accountList is a list of territories.
type accountList struct {
	Channel     string            `json:"channel"`
	Class       string            `json:"class,omitempty" doc:"The risk class of calls."`
	By          string            `json:"by" enum:"own,parent,default,none" doc:"Whose list is in force."`
	For         string            `json:"for" doc:"The channel that it is stated for: messages by an app may go by the list for messaging."`
	Territories []listedTerritory `json:"territories" nullable:"false" doc:"Those in the list, and those that something else decides about."`
}

// listedTerritory is a territory of a list.
type listedTerritory struct {
	Territory string        `json:"territory"`
	Listed    bool          `json:"listed" doc:"Whether the list has it. What the carrier opens by request only is in no list that does not name it."`
	Open      bool          `json:"open" doc:"Whether it may be sent to as a whole; prefix rules are not asked."`
	Reason    policy.Reason `json:"reason"`
	Rule      string        `json:"rule,omitempty"`
	Until     time.Time     `json:"until,omitzero" doc:"When the opening ends that opens it."`
}

// holders are whose list is in force.
var holders = map[policy.Holder]string{
	policy.NoHolder: "none", policy.ItsOwn: "own", policy.ItsParent: "parent", policy.TheDefault: "default",
}

// territoryEdits are changes of several lists at once.
type territoryEdits struct {
	Edits          []territoryEdit `json:"edits" nullable:"false" minItems:"1" maxItems:"2000"`
	EndInheritance bool            `json:"end_inheritance,omitempty" doc:"That lists which the account inherits from its parent become its own."`
}

type territoryEdit struct {
	Channel   string `json:"channel" doc:"messaging, voice, whatsapp or rcs." example:"voice"`
	Class     string `json:"class,omitempty" doc:"The risk class of calls. Default: low_risk."`
	Territory string `json:"territory" example:"DE"`
	Open      bool   `json:"open" doc:"Whether it is opened, or else closed."`
}

// UnmarshalJSON implements json.Unmarshaler. Null and repeated members are errors.
func (e *territoryEdits) UnmarshalJSON(text []byte) error {
	type plain territoryEdits
	return decode.JSON(text, (*plain)(e), nil)
}

func registerTerritoryLists(api huma.API, service *permissions.Service) {
	huma.Register(api, operation(http.MethodGet, "/territories", "list-territories", "What is known of each territory"),
		func(ctx context.Context, _ *struct{}) (*territoriesAnswer, error) {
			all, err := service.Territories(callerOf(ctx))
			if err != nil {
				return nil, problem(err)
			}
			answer := new(territoriesAnswer)
			answer.Body.Territories = all
			return answer, nil
		})

	huma.Register(api, operation(http.MethodGet, "/territories/{code}", "get-territory", "What is known of a territory, with the prefixes of its numbers"),
		func(ctx context.Context, in *struct {
			Code string `path:"code" example:"JE"`
		}) (*territoryAnswer, error) {
			t, prefixes, err := service.Territory(callerOf(ctx), in.Code)
			if err != nil {
				return nil, problem(err)
			}
			answer := new(territoryAnswer)
			answer.Body.Territory, answer.Body.Prefixes = t, prefixes
			return answer, nil
		})

	huma.Register(api, operation(http.MethodGet, "/accounts/{id}/territories", "get-account-territories", "The lists of territories that are in force for an account"),
		func(ctx context.Context, in *AccountID) (*accountListsAnswer, error) {
			found, err := service.Lists(ctx, callerOf(ctx), in.ID)
			if err != nil {
				return nil, problem(err)
			}
			return &accountListsAnswer{listsAnswered(found)}, nil
		})

	huma.Register(api, operation(http.MethodPost, "/accounts/{id}/territories/edit", "edit-territories", "Open and close territories of an account one by one, in several lists at once"),
		func(ctx context.Context, in *struct {
			AccountID
			Terms
			Body territoryEdits
		}) (*changeAnswer, error) {
			edits, err := in.Body.read()
			if err != nil {
				return nil, problem(err)
			}
			return written(&in.Terms, func(terms permissions.Terms) (permissions.Result, error) {
				return service.EditLists(ctx, callerOf(ctx), terms, in.ID, in.Body.EndInheritance, edits)
			})
		})
}

func (e *territoryEdits) read() (edits []permissions.TerritoryEdit, err error) {
	for i, stated := range e.Edits {
		edit, err := permissions.ReadTerritoryEdit(stated.Channel, stated.Class, stated.Territory, stated.Open, i)
		if err != nil {
			return nil, err
		}
		edits = append(edits, edit)
	}
	return edits, nil
}

func listsAnswered(found *permissions.AccountLists) accountLists {
	answer := accountLists{Account: found.Account, Label: found.Label, Parent: found.Parent, Stated: found.Stated,
		Suspended: found.Suspended, Policy: found.Policy, Lists: []accountList{}}
	for _, l := range found.Lists {
		list := accountList{Channel: l.Channel.String(), By: holders[l.By], For: l.For.String(), Territories: []listedTerritory{}}
		if l.Channel == policy.Voice {
			list.Class = l.Class.String()
		}
		for _, t := range l.Territories {
			list.Territories = append(list.Territories, listedTerritory{t.Territory.String(), t.Listed, t.Open, t.Reason, t.Rule, t.Until})
		}
		answer.Lists = append(answer.Lists, list)
	}
	return answer
}
