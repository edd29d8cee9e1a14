package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
)

// textList is a list of a body. Read strictly, an empty one differs from its absence.
type textList []string

// askedToken is what a token is asked for.
type askedToken struct {
	Name     string   `json:"name" minLength:"1" maxLength:"100" doc:"What the token is for." example:"onboarding"`
	Role     string   `json:"role" enum:"viewer,approver,admin,owner" doc:"What it may do."`
	Accounts textList `json:"accounts,omitempty" nullable:"false" minItems:"1" doc:"The accounts that it is limited to. Absent, all."`
	Expires  string   `json:"expires" format:"date-time" doc:"From when it is refused, at most 365 days ahead." example:"2027-06-01T00:00:00Z"`
}

// UnmarshalJSON implements json.Unmarshaler. Null and repeated members are errors: "accounts":
// null might be meant as no account, and absent accounts are all of them.
func (a *askedToken) UnmarshalJSON(text []byte) error {
	type plain askedToken
	return decode.JSON(text, (*plain)(a), nil)
}

// parseTime reads a time of a body, which may be absent.
func parseTime(member, text string) (at time.Time, err error) {
	if text == "" {
		return at, nil
	}
	if at, err = time.Parse(time.RFC3339, text); err != nil {
		return at, huma.Error422UnprocessableEntity(`a time is written as "2027-06-01T00:00:00Z"`,
			&huma.ErrorDetail{Message: "must be a time as RFC 3339 has it", Location: "body." + member})
	}
	return at, nil
}

// shownToken is a token without its secret.
type shownToken struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Role      string    `json:"role" enum:"viewer,approver,admin,owner"`
	Accounts  []string  `json:"accounts,omitempty" nullable:"false" doc:"The accounts that it is limited to. Absent, all."`
	State     string    `json:"state" enum:"active,expired,revoked"`
	Created   time.Time `json:"created"`
	CreatedBy string    `json:"created_by" doc:"Who answers for what is done with it."`
	Expires   time.Time `json:"expires"`
	Revoked   time.Time `json:"revoked,omitzero"`
}

func showToken(t *access.Token, now time.Time) shownToken {
	return shownToken{
		ID: t.ID, Name: t.Name, Role: t.Role.String(), Accounts: t.Accounts, State: stateOf(string(t.RefusedAt(now))),
		Created: t.Created, CreatedBy: t.CreatedBy, Expires: t.Expires, Revoked: t.Revoked,
	}
}

// stateOf is the state of a token or a key that is refused for a reason.
func stateOf(refusal string) string {
	if refusal == "" {
		return "active"
	}
	return refusal
}

// TokenID names a token in a path.
type TokenID struct {
	ID string `path:"id" doc:"The ID of the token: its 13 characters after tgt_." example:"bz4k2m7qxw3ra"`
}

type tokensAnswer struct {
	Body struct {
		Tokens []shownToken `json:"tokens" nullable:"false"`
		NextPage
	}
}

type tokenAnswer struct {
	ETag string `header:"ETag"`
	Body shownToken
}

// issuedToken is a new token.
type issuedToken struct {
	ChangeResult
	Token string `json:"token,omitempty" doc:"What the client sends as Authorization: Bearer. It is not shown again. Absent from a dry run."`
}

type issuedTokenAnswer struct {
	Status int
	ETag   string `header:"ETag"`
	Body   issuedToken
}

func registerTokens(api huma.API, service *permissions.Service) {
	huma.Register(api, operation(http.MethodGet, "/tokens", "list-tokens", "List the tokens of this API, with those that expired or were revoked"),
		func(ctx context.Context, in *struct {
			PageQuery
			IssuedState
		}) (*tokensAnswer, error) {
			found, err := service.Tokens(callerOf(ctx))
			if err != nil {
				return nil, problem(err)
			}
			answer := new(tokensAnswer)
			answer.Body.Tokens = make([]shownToken, 0, len(found))
			for _, token := range found {
				answer.Body.Tokens = append(answer.Body.Tokens, showToken(token.Token, service.Now()))
			}
			list := inStates(answer.Body.Tokens, in.State, func(t *shownToken) string { return t.State })
			answer.Body.Tokens, answer.Body.NextPage, err = paged(&in.PageQuery, list, func(t *shownToken) string { return t.ID })
			return answer, err
		})

	huma.Register(api, operation(http.MethodGet, "/tokens/{id}", "get-token", "Read a token, without its secret"),
		func(ctx context.Context, in *TokenID) (*tokenAnswer, error) {
			found, err := service.Token(callerOf(ctx), in.ID)
			if err != nil {
				return nil, problem(err)
			}
			return &tokenAnswer{ETag: etag(found.Revision), Body: showToken(found.Token, service.Now())}, nil
		})

	huma.Register(api, operation(http.MethodPost, "/tokens", "create-token", "Create a token of this API"),
		func(ctx context.Context, in *struct {
			Terms
			Body askedToken
		}) (*issuedTokenAnswer, error) {
			asked := access.Token{Name: in.Body.Name, Accounts: in.Body.Accounts}
			asked.Role, _ = access.ParseRole(in.Body.Role)
			var err error
			if asked.Expires, err = parseTime("expires", in.Body.Expires); err != nil {
				return nil, err
			}
			answer := new(issuedTokenAnswer)
			made, err := written(&in.Terms, func(terms permissions.Terms) (result permissions.Result, err error) {
				var token *access.Token
				token, answer.Body.Token, result, err = service.CreateToken(ctx, callerOf(ctx), terms, asked)
				return shown(result, err == nil, func() any { return showToken(token, service.Now()) }), err
			})
			if err != nil {
				return nil, err
			}
			answer.Status, answer.ETag, answer.Body.ChangeResult = made.Status, made.ETag, made.Body
			return answer, nil
		})

	huma.Register(api, operation(http.MethodDelete, "/tokens/{id}", "revoke-token", "Revoke a token, which is refused from then on"),
		func(ctx context.Context, in *struct {
			TokenID
			Terms
		}) (*changeAnswer, error) {
			return written(&in.Terms, func(terms permissions.Terms) (permissions.Result, error) {
				token, result, err := service.RevokeToken(ctx, callerOf(ctx), terms, in.ID)
				return shown(result, err == nil, func() any { return showToken(token, service.Now()) }), err
			})
		})
}

// shown is a result whose document has no hash of a secret: what is shown stands in its place.
func shown(result permissions.Result, ok bool, show func() any) permissions.Result {
	if !ok {
		return result
	}
	text, err := json.Marshal(show())
	if err != nil {
		text = nil // times and texts can always be written
	}
	result.Object.Document = text
	return result
}
