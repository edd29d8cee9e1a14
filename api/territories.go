package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
)

// mergePatch is a JSON merge patch of RFC 7386 for an account.
type mergePatch json.RawMessage

// UnmarshalJSON implements json.Unmarshaler.
func (p *mergePatch) UnmarshalJSON(text []byte) error {
	return (*json.RawMessage)(p).UnmarshalJSON(text)
}

// Schema implements huma.SchemaProvider.
func (mergePatch) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true,
		Description: "Members of an account in place of those before. Null removes one, and a list replaces the whole list."}
}

// territoryList is a change of a list of territories.
type territoryList struct {
	Channel      string   `json:"channel" doc:"messaging, voice, whatsapp or rcs." example:"voice"`
	Class        string   `json:"class,omitempty" doc:"The risk class of calls. Default: low_risk."`
	Verification bool     `json:"verification,omitempty" doc:"Whether it is the list for verifications."`
	Sender       string   `json:"sender,omitempty" doc:"The sender whose list it is. Default: the account's own."`
	Territories  []string `json:"territories" nullable:"false" doc:"Codes of territories or names of groups." example:"[\"US\"]"`
}

// UnmarshalJSON implements json.Unmarshaler. Null and repeated members are errors.
func (l *territoryList) UnmarshalJSON(text []byte) error {
	type plain territoryList
	return decode.JSON(text, (*plain)(l), nil)
}

// verbs are what can be done to a list of territories.
var verbs = []struct {
	verb        permissions.Verb
	id, summary string
}{
	{permissions.Add, "add-territories", "Open territories for an account, besides those of the list"},
	{permissions.Remove, "remove-territories", "Close territories of a list of an account"},
	{permissions.Replace, "replace-territories", "State a list of territories of an account, in place of the one before"},
}

func registerTerritories(api huma.API, service *permissions.Service) {
	patch := operation(http.MethodPatch, "/accounts/{id}", "patch-account", "Change a part of what is stated of an account")
	patch.RequestBody = &huma.RequestBody{Content: map[string]*huma.MediaType{"application/json": {Schema: mergePatch{}.Schema(nil)}}}
	huma.Register(api, patch,
		func(ctx context.Context, in *struct {
			AccountID
			Terms
			Body mergePatch `contentType:"application/merge-patch+json"`
		}) (*changeAnswer, error) {
			return written(&in.Terms, func(terms permissions.Terms) (permissions.Result, error) {
				return service.PatchAccount(ctx, callerOf(ctx), terms, in.ID, in.Body)
			})
		})

	for _, v := range verbs {
		huma.Register(api, operation(http.MethodPost, "/accounts/{id}/territories/"+string(v.verb), v.id, v.summary),
			func(ctx context.Context, in *struct {
				AccountID
				Terms
				Body territoryList
			}) (*changeAnswer, error) {
				change := permissions.TerritoryList{Channel: in.Body.Channel, Class: in.Body.Class, Verification: in.Body.Verification,
					Sender: in.Body.Sender, Territories: in.Body.Territories}
				return written(&in.Terms, func(terms permissions.Terms) (permissions.Result, error) {
					return service.ChangeTerritories(ctx, callerOf(ctx), terms, in.ID, v.verb, change)
				})
			})
	}
}
