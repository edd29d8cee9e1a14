package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/internal/access"
)

type identityAnswer struct{ Body identity }

// identity is who a client is to the gate.
type identity struct {
	Identity string          `json:"identity" doc:"The name that the record of changes has for the client." example:"alice"`
	Role     string          `json:"role" enum:"viewer,approver,admin,owner"`
	Accounts []string        `json:"accounts,omitempty" doc:"The accounts to which it is limited; absent: all."`
	Actions  []access.Action `json:"actions" nullable:"false" doc:"What the role suffices for, in the words of the record. With accounts, it is for these alone." example:"[\"read\"]"`
}

func registerIdentity(api huma.API) {
	huma.Register(api, operation(http.MethodGet, "/identity", "get-identity", "Who you are, and what you may do"),
		func(ctx context.Context, _ *struct{}) (*identityAnswer, error) {
			by := callerOf(ctx)
			return &identityAnswer{identity{Identity: by.Identity.String(), Role: by.Role.String(),
				Accounts: by.Accounts, Actions: access.ActionsOf(by.Principal)}}, nil
		})
}
