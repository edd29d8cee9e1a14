package config

import (
	"errors"
	"fmt"
	"reflect"
	"unicode/utf8"
)

// ParseJSON reads a document in JSON, strictly, as DecodeJSON does.
func ParseJSON(text []byte) (Document, error) {
	var d Document
	if err := DecodeJSON(text, &d); err != nil {
		return Document{}, err
	}
	return d, nil
}

// DecodeJSON reads JSON into a pointer to a struct, by the json tags of its
// fields. Unknown and repeated members, null, and anything behind the document
// are errors, each with the path where it stands; all of them are named. If a
// Document is embedded in the struct, its territories are written in capitals.
// After an error, what the struct holds is of no use.
func DecodeJSON(text []byte, v any) error {
	into := reflect.ValueOf(v)
	if into.Kind() != reflect.Pointer || into.IsNil() || into.Elem().Kind() != reflect.Struct {
		return fmt.Errorf("reading JSON: need a pointer to a struct, not %T", v)
	}
	if !utf8.Valid(text) {
		return errors.New("reading JSON: the text is not UTF-8")
	}
	tree, wrong := readJSON(text)
	if wrong != nil {
		return Problem{Message: wrong.message}
	}
	var r reader
	r.read("", tree, into.Elem())
	if err := r.err(); err != nil {
		return err
	}
	if embeds, ok := v.(interface{ document() *Document }); ok {
		Canonicalize(embeds.document())
	}
	return nil
}

// document is promoted to every struct that a Document is embedded in.
func (d *Document) document() *Document { return d }
