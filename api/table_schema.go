package api

import (
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// tableOperation is an operation that answers with a list in one of the forms. Row is the
// schema of a row in JSON.
func tableOperation(path, id, summary string, row *huma.Schema) huma.Operation {
	list := &huma.Schema{Type: huma.TypeObject, AdditionalProperties: false, Required: []string{"items"},
		Properties: map[string]*huma.Schema{"items": {Type: huma.TypeArray, Items: row}}}
	o := operation(http.MethodGet, path, id, summary)
	answer := &huma.Response{Description: http.StatusText(http.StatusOK), Content: map[string]*huma.MediaType{}}
	for _, m := range mediaTypes {
		schema := list
		if m.format != "json" {
			schema = &huma.Schema{Type: huma.TypeString}
		}
		answer.Content[m.mediaType] = &huma.MediaType{Schema: schema}
	}
	o.Responses = map[string]*huma.Response{"200": answer}
	return o
}

// rowsOf is the schema of rows that are values of T.
func rowsOf[T any](api huma.API) *huma.Schema {
	return api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[T](), true, "")
}

// reportRow is the schema of a row of a report: what is counted by is up to the request.
var reportRow = &huma.Schema{Type: huma.TypeObject, Required: []string{"count"},
	Properties:           map[string]*huma.Schema{"count": {Type: huma.TypeInteger}},
	AdditionalProperties: &huma.Schema{Type: huma.TypeString}}
