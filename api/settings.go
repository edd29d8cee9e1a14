package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/internal/permissions"
)

// settingsDocument is a policy document without accounts and prefixes. It is read strictly,
// by the reader of policy files.
type settingsDocument json.RawMessage

// MarshalJSON implements json.Marshaler.
func (d settingsDocument) MarshalJSON() ([]byte, error) { return json.RawMessage(d).MarshalJSON() }

// UnmarshalJSON implements json.Unmarshaler.
func (d *settingsDocument) UnmarshalJSON(text []byte) error {
	return (*json.RawMessage)(d).UnmarshalJSON(text)
}

// Schema implements huma.SchemaProvider.
func (settingsDocument) Schema(huma.Registry) *huma.Schema { return definition(settings) }

type settingsAnswer struct {
	ETag string `header:"ETag" doc:"For If-Match. Without settings there is none."`
	Body settingsDocument
}

type stateAnswer struct{ Body state }

// state is which policy is in force.
type state struct {
	Revision string    `json:"revision" doc:"The policy in force, as logs name it."`
	Store    int64     `json:"store" doc:"The revision of the store that is in it: the number of changes that were committed."`
	Since    time.Time `json:"since" doc:"When it came into force."`
	Contact  time.Time `json:"contact,omitzero" doc:"When the store last answered."`
	InForce  bool      `json:"in_force" doc:"Whether requests are judged by it. They are not before the store was read, or where it has been away for too long."`
}

func registerSettings(api huma.API, service *permissions.Service) {
	huma.Register(api, operation(http.MethodGet, "/settings", "get-settings", "Read what the store states for all accounts"),
		func(ctx context.Context, _ *struct{}) (*settingsAnswer, error) {
			found, err := service.Settings(ctx, callerOf(ctx))
			switch {
			case err != nil:
				return nil, problem(err)
			case found.Document == nil:
				return &settingsAnswer{Body: settingsDocument("{}")}, nil
			}
			return &settingsAnswer{ETag: etag(found.Revision), Body: settingsDocument(found.Document)}, nil
		})

	huma.Register(api, operation(http.MethodPut, "/settings", "put-settings", "Replace what the store states for all accounts"),
		func(ctx context.Context, in *struct {
			Terms
			Body settingsDocument
		}) (*changeAnswer, error) {
			return written(&in.Terms, func(terms permissions.Terms) (permissions.Result, error) {
				return service.PutSettings(ctx, callerOf(ctx), terms, in.Body)
			})
		})

	huma.Register(api, operation(http.MethodGet, "/revision", "get-revision", "Which policy is in force, and since when"),
		func(ctx context.Context, _ *struct{}) (*stateAnswer, error) {
			s, err := service.State(callerOf(ctx))
			if err != nil {
				return nil, problem(err)
			}
			answer := state{Revision: s.Revision, Store: int64(s.Store), Since: s.Since.UTC(), InForce: s.InForce}
			if !s.Contact.IsZero() {
				answer.Contact = s.Contact.UTC()
			}
			return &stateAnswer{answer}, nil
		})
}
