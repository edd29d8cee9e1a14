package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/internal/review"
	"github.com/caddy-tollgate/tollgate/store"
)

// maxPolicy bounds the body of a policy file, in bytes: tens of thousands of accounts fit in.
const maxPolicy = 64 << 20

// longestUpload bounds how long a policy file may take to arrive.
const longestUpload = time.Minute

// policyBody is a policy file in JSON. It is read strictly, by the reader of policy files.
type policyBody json.RawMessage

// UnmarshalJSON implements json.Unmarshaler.
func (d *policyBody) UnmarshalJSON(text []byte) error {
	return (*json.RawMessage)(d).UnmarshalJSON(text)
}

// MarshalJSON implements json.Marshaler.
func (d policyBody) MarshalJSON() ([]byte, error) { return json.RawMessage(d).MarshalJSON() }

// Schema implements huma.SchemaProvider.
func (policyBody) Schema(huma.Registry) *huma.Schema { return definition(policyFile) }

type policyAnswer struct {
	ETag string `header:"ETag"`
	Body policyBody
}

type pushAnswer struct {
	ETag string `header:"ETag"`
	Body pushed
}

// pushed is what a push did.
type pushed struct {
	Revision      string         `json:"revision" doc:"The policy that is in force since, as logs name it."`
	StoreRevision store.Revision `json:"store_revision" doc:"The revision of the store since: expect it in the next push."`
	DryRun        bool           `json:"dry_run,omitempty"`
	Objects       []pushedObject `json:"objects" doc:"What was written and deleted; empty if the store states the same already."`
	Difference    difference     `json:"difference" doc:"What opens and what closes, account by account."`
	InUse
}

// difference is what `tollgate diff --json` prints.
type difference struct{ review.Difference }

// Schema implements huma.SchemaProvider. It names what every change has.
func (difference) Schema(huma.Registry) *huma.Schema {
	text := &huma.Schema{Type: huma.TypeString}
	change := &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true, Required: []string{"direction", "account", "what", "text"},
		Properties: map[string]*huma.Schema{
			"direction": {Type: huma.TypeString, Enum: []any{"opens", "closes", "changes"}},
			"account":   text, "what": text, "text": text,
		}}
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true, Required: []string{"from", "to", "at", "changes"},
		Properties: map[string]*huma.Schema{
			"from": text, "to": text, "at": {Type: huma.TypeString, Format: "date-time"},
			"changes": {Type: huma.TypeArray, Items: change},
		}}
}

type pushedObject struct {
	Kind   string `json:"kind" doc:"settings, block or account."`
	ID     string `json:"id,omitempty"`
	Action string `json:"action" doc:"As the audit log names it, such as account.put."`
}

// ExpectRevision is the parameter that protects a push from lost updates.
type ExpectRevision struct {
	Expect string `query:"expect_revision" pattern:"^[0-9]+$" doc:"The revision of the store as you know it. Another one is answered 412."`
}

func registerPolicy(api huma.API, service *permissions.Service) {
	huma.Register(api, operation(http.MethodGet, "/policy", "pull-policy", "Read all that the store states, as one policy file"),
		func(ctx context.Context, _ *struct{}) (*policyAnswer, error) {
			pulled, err := service.Pull(ctx, callerOf(ctx))
			if err != nil {
				return nil, problem(err)
			}
			text, err := json.Marshal(struct {
				Version int `json:"version"`
				config.Document
			}{config.FileVersion, pulled.Document})
			if err != nil {
				return nil, problem(err)
			}
			return &policyAnswer{ETag: etag(pulled.Revision), Body: text}, nil
		})

	push := operation(http.MethodPost, "/policy/push", "push-policy", "Make settings, prefix rules and accounts of the store those of a policy file")
	push.MaxBodyBytes, push.BodyReadTimeout = maxPolicy, longestUpload
	huma.Register(api, push, func(ctx context.Context, in *struct {
		Terms
		ExpectRevision
		Body policyBody
	}) (*pushAnswer, error) {
		terms, err := in.read()
		if err != nil {
			return nil, err
		}
		switch {
		case in.Expect != "" && in.IfMatch != "":
			return nil, huma.Error400BadRequest("expect_revision and If-Match state the same: leave one out")
		case in.Expect != "":
			revision, err := strconv.ParseInt(in.Expect, 10, 64)
			if err != nil {
				return nil, huma.Error400BadRequest("expect_revision must be a revision of the store")
			}
			terms.Match.Revisions = append(terms.Match.Revisions, store.Revision(revision))
		}
		result, err := service.Push(ctx, callerOf(ctx), terms, in.Body)
		if err != nil {
			return nil, documentProblem(err)
		}
		return &pushAnswer{ETag: etag(result.StoreRevision), Body: newPushed(&result, terms.DryRun)}, nil
	})
}

func newPushed(p *permissions.Pushed, dryRun bool) pushed {
	answer := pushed{
		Revision: p.Revision, StoreRevision: p.StoreRevision, DryRun: dryRun,
		Objects: make([]pushedObject, len(p.Objects)), Difference: difference{p.Difference}, InUse: inUse(p.InUse),
	}
	for i, o := range p.Objects {
		answer.Objects[i] = pushedObject{string(o.Kind), o.ID, string(o.Action)}
	}
	return answer
}
