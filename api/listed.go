package api

import (
	"encoding/json"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/store"
)

// strictBody is JSON that the service reads strictly. T describes it.
type strictBody[T any] struct{ text json.RawMessage }

// UnmarshalJSON implements json.Unmarshaler.
func (b *strictBody[T]) UnmarshalJSON(text []byte) error { return b.text.UnmarshalJSON(text) }

// Schema implements huma.SchemaProvider.
func (strictBody[T]) Schema(registry huma.Registry) *huma.Schema {
	return registry.Schema(reflect.TypeFor[T](), true, "")
}

// item is one object of a list.
type item struct {
	ID       string          `json:"id"`
	Revision store.Revision  `json:"revision" doc:"The revision that wrote it last, which is its ETag too."`
	Document json.RawMessage `json:"document"`
}

type listAnswer struct {
	Body struct {
		Items []item `json:"items"`
		NextPage
	}
}

// listed answers with a page of the objects that a read returned.
func listed(q *PageQuery, objects []store.Object, err error) (*listAnswer, error) {
	if err != nil {
		return nil, problem(err)
	}
	answer := new(listAnswer)
	if objects, answer.Body.NextPage, err = paged(q, objects, func(o *store.Object) string { return o.ID }); err != nil {
		return nil, err
	}
	answer.Body.Items = make([]item, len(objects))
	for i, o := range objects {
		answer.Body.Items[i] = item{o.ID, o.Revision, o.Document}
	}
	return answer, nil
}

type documentAnswer struct {
	ETag string `header:"ETag"`
	Body json.RawMessage
}

// document answers with the document of an object that a read returned.
func document(o store.Object, err error) (*documentAnswer, error) {
	if err != nil {
		return nil, problem(err)
	}
	return &documentAnswer{ETag: etag(o.Revision), Body: o.Document}, nil
}
