package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/internal/permissions"
)

// prefixDocument is a prefix rule as the policy document has it.
type prefixDocument json.RawMessage

// UnmarshalJSON implements json.Unmarshaler.
func (d *prefixDocument) UnmarshalJSON(text []byte) error {
	return (*json.RawMessage)(d).UnmarshalJSON(text)
}

// Schema implements huma.SchemaProvider.
func (prefixDocument) Schema(huma.Registry) *huma.Schema { return definition("prefix") }

// BlockID names a prefix rule in a path.
type BlockID struct {
	ID string `path:"id" doc:"The ID that the rule was given." example:"06hqc4k2v8t1o3a0"`
}

func registerBlocks(api huma.API, service *permissions.Service) {
	huma.Register(api, operation(http.MethodGet, "/blocks", "list-blocks", "List the prefix rules over all accounts that the store keeps, the oldest first"),
		func(ctx context.Context, in *PageQuery) (*listAnswer, error) {
			objects, err := service.Blocks(ctx, callerOf(ctx))
			return listed(in, objects, err)
		})

	huma.Register(api, operation(http.MethodGet, "/blocks/{id}", "get-block", "Read a prefix rule over all accounts"),
		func(ctx context.Context, in *BlockID) (*documentAnswer, error) {
			return document(service.Block(ctx, callerOf(ctx), in.ID))
		})

	huma.Register(api, operation(http.MethodPost, "/blocks", "add-block", "Block or allow a prefix for all accounts"),
		func(ctx context.Context, in *struct {
			Terms
			Body prefixDocument
		}) (*changeAnswer, error) {
			return written(&in.Terms, func(terms permissions.Terms) (permissions.Result, error) {
				return service.AddBlock(ctx, callerOf(ctx), terms, in.Body)
			})
		})

	huma.Register(api, operation(http.MethodDelete, "/blocks/{id}", "delete-block", "Delete a prefix rule over all accounts; a reason is required"),
		func(ctx context.Context, in *struct {
			BlockID
			Terms
		}) (*changeAnswer, error) {
			return written(&in.Terms, func(terms permissions.Terms) (permissions.Result, error) {
				return service.DeleteBlock(ctx, callerOf(ctx), terms, in.ID)
			})
		})
}
