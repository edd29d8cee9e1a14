package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/internal/review"
)

// accountDocument is an account as the policy document has it. It is read strictly, by the
// reader of policy files.
type accountDocument json.RawMessage

// MarshalJSON implements json.Marshaler.
func (d accountDocument) MarshalJSON() ([]byte, error) { return json.RawMessage(d).MarshalJSON() }

// UnmarshalJSON implements json.Unmarshaler.
func (d *accountDocument) UnmarshalJSON(text []byte) error {
	return (*json.RawMessage)(d).UnmarshalJSON(text)
}

// Schema implements huma.SchemaProvider.
func (accountDocument) Schema(huma.Registry) *huma.Schema { return definition("account") }

// AccountID names an account in a path.
type AccountID struct {
	ID string `path:"id" doc:"The name that the policy gives the account, or its id at its one carrier." example:"acme"`
}

type accountAnswer struct {
	ETag   string `header:"ETag" doc:"For If-Match. An account that a file states has none."`
	Stated string `header:"Tollgate-Stated" doc:"store; or file, and then it is read-only here."`
	Place  string `header:"Tollgate-Stated-At" doc:"The file and the line that state it, if a file does."`
	Body   accountDocument
}

type changeAnswer struct {
	Status int
	ETag   string `header:"ETag"`
	Body   ChangeResult
}

// ChangeResult is what a write did.
type ChangeResult struct {
	Revision string          `json:"revision" doc:"The policy that is in force since, as logs name it."`
	Changed  bool            `json:"changed" doc:"Whether anything is another than before."`
	DryRun   bool            `json:"dry_run,omitempty"`
	ID       string          `json:"id,omitempty" doc:"The name of the object among those of its kind."`
	Document json.RawMessage `json:"document,omitempty" doc:"The object as it is since; absent if it was deleted."`
	// Counts are absent where they could not be found out.
	Opens      *int            `json:"opens,omitempty" doc:"How many things the change opens, for all accounts, for the one that it is about, and for others that inherit from it, as far as concerned says."`
	Closes     *int            `json:"closes,omitempty" doc:"How many it closes."`
	Difference []review.Change `json:"difference,omitempty" doc:"With dry_run, what the change opens, closes and changes."`
	HighRisk   []string        `json:"high_risk,omitempty" doc:"With dry_run, what of it the carrier marks as high risk, so that acknowledge_high_risk is needed; of much, the first and how many more."`
	// Concerned is absent where there are none.
	Concerned *review.Concerned `json:"concerned,omitempty" doc:"The accounts that the change concerns and that it does not write: subaccounts that inherit, and all accounts in a panic."`
	InUse
}

// InUse says what of that which a change closes was used recently.
type InUse struct {
	ClosesInUse int                 `json:"closes_in_use,omitempty" doc:"How many territories are closed to which an account sent something in the last 30 days."`
	First       []permissions.InUse `json:"in_use,omitempty" doc:"These territories; of many, the first 100. With dry_run, those of subaccounts too."`
}

func inUse(closed permissions.InUseClosed) InUse { return InUse{closed.Count, closed.First} }

func registerAccounts(api huma.API, service *permissions.Service) {
	huma.Register(api, operation(http.MethodGet, "/accounts/{id}", "get-account", "Read an account"),
		func(ctx context.Context, in *AccountID) (*accountAnswer, error) {
			found, err := service.Account(ctx, callerOf(ctx), in.ID)
			if err != nil {
				return nil, problem(err)
			}
			answer := &accountAnswer{Stated: found.Stated, Place: found.Place, Body: accountDocument(found.Document)}
			if found.Stated == permissions.InStore {
				answer.ETag = etag(found.Revision)
			}
			return answer, nil
		})

	huma.Register(api, operation(http.MethodPut, "/accounts/{id}", "put-account", "Create an account, or replace what is stated of it"),
		func(ctx context.Context, in *struct {
			AccountID
			Terms
			Body accountDocument
		}) (*changeAnswer, error) {
			return written(&in.Terms, func(terms permissions.Terms) (permissions.Result, error) {
				return service.PutAccount(ctx, callerOf(ctx), terms, in.ID, in.Body)
			})
		})

	huma.Register(api, operation(http.MethodDelete, "/accounts/{id}", "delete-account", "Delete an account"),
		func(ctx context.Context, in *struct {
			AccountID
			Terms
		}) (*changeAnswer, error) {
			return written(&in.Terms, func(terms permissions.Terms) (permissions.Result, error) {
				return service.DeleteAccount(ctx, callerOf(ctx), terms, in.ID)
			})
		})
}

// written makes a change by the terms of a request, and answers with what it did.
func written(t *Terms, write func(permissions.Terms) (permissions.Result, error)) (*changeAnswer, error) {
	terms, err := t.read()
	if err != nil {
		return nil, err
	}
	result, err := write(terms)
	if err != nil {
		return nil, problem(err)
	}
	answer := &changeAnswer{Status: http.StatusOK, Body: ChangeResult{
		Revision: result.Revision, Changed: result.Changed, DryRun: terms.DryRun, ID: result.Object.ID, Document: result.Object.Document,
	}}
	answer.Body.InUse = inUse(result.InUse)
	if d := result.Difference; d != nil {
		opens, closes := d.Count(review.Opens), d.Count(review.Closes)
		answer.Body.Opens, answer.Body.Closes, answer.Body.Concerned = &opens, &closes, d.Concerned
		if terms.DryRun {
			answer.Body.Difference, answer.Body.HighRisk = d.Changes, result.HighRisk
		}
	}
	if result.Created && !terms.DryRun {
		answer.Status = http.StatusCreated
	}
	if result.Object.Document != nil && !terms.DryRun {
		answer.ETag = etag(result.Object.Revision)
	}
	return answer, nil
}
