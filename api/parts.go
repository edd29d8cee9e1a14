package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/internal/permissions"
)

// policyPart is a part of what is stated for all accounts.
type policyPart struct {
	Member string          `json:"member" doc:"The member of a policy file." example:"limits"`
	Value  json.RawMessage `json:"value" doc:"What it states, as it was written; of limits, prefixes and ranges, one of them."`
	Stated string          `json:"stated" enum:"store,file" doc:"Where it is stated. What a file states is read-only here."`
	Place  string          `json:"place,omitempty" doc:"The file and the line that state it, if a file does."`
	Block  string          `json:"block,omitempty" doc:"The ID of a prefix rule of the store, among the blocks."`

	// position among all of them, by which they are ordered.
	position string
}

type partsAnswer struct{ Body policyParts }

// policyParts are what is in force for all accounts.
type policyParts struct {
	Parts    []policyPart `json:"parts" nullable:"false" doc:"First what files state, then the store."`
	Accounts statedIn     `json:"accounts" doc:"How many accounts are stated."`
	NextPage
}

// statedIn counts by where something is stated.
type statedIn struct {
	File  int `json:"file"`
	Store int `json:"store"`
}

func registerParts(api huma.API, service *permissions.Service) {
	huma.Register(api, operation(http.MethodGet, "/policy/parts", "list-policy-parts", "List what files and the store state for all accounts, with where, page by page"),
		func(ctx context.Context, in *PageQuery) (*partsAnswer, error) {
			found, err := service.Parts(callerOf(ctx))
			if err != nil {
				return nil, problem(err)
			}
			answer := &partsAnswer{policyParts{Accounts: statedIn{found.InFiles, found.InStore}}}
			list := make([]policyPart, 0, len(found.Parts))
			for i, p := range found.Parts {
				part := policyPart{Member: p.Member, Value: p.Value, Stated: permissions.InFile, Place: p.Place, Block: p.Block,
					position: fmt.Sprintf("%08d", i)}
				if p.InStore {
					part.Stated = permissions.InStore
				}
				list = append(list, part)
			}
			answer.Body.Parts, answer.Body.NextPage, err = paged(in, list, func(p *policyPart) string { return p.position })
			return answer, err
		})
}
