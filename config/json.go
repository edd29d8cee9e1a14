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
	into, err := structBehind(v)
	if err != nil {
		return err
	}
	if !utf8.Valid(text) {
		return errors.New("reading JSON: the text is not UTF-8")
	}
	tree, wrong := readJSON(text)
	if wrong != nil {
		return Problem{Message: wrong.message}
	}
	var r reader
	r.read("", tree, into)
	if err := r.err(); err != nil {
		return err
	}
	if embeds, ok := v.(interface{ document() *Document }); ok {
		Canonicalize(embeds.document())
	}
	return nil
}

// DecodeJSONFile reads a file of JSON that is no policy as strictly as DecodeJSON
// does. Each mistake is named with its line and column; so can others be that the
// positions of the values are good for.
func DecodeJSONFile(name string, text []byte, v any) (Positions, error) {
	into, err := structBehind(v)
	if err != nil {
		return nil, err
	}
	r := reader{file: name, positions: make(Positions)}
	text, wrong := readable(text)
	if wrong == nil {
		var tree *value
		if tree, wrong = readJSON(text); wrong == nil {
			r.read("", tree, into)
		}
	}
	if wrong != nil {
		r.mistake(*wrong)
	}
	return r.positions, r.err()
}

// structBehind is the struct that a pointer points at.
func structBehind(v any) (reflect.Value, error) {
	into := reflect.ValueOf(v)
	if into.Kind() != reflect.Pointer || into.IsNil() || into.Elem().Kind() != reflect.Struct {
		return reflect.Value{}, fmt.Errorf("reading JSON: need a pointer to a struct, not %T", v)
	}
	return into.Elem(), nil
}

// document is promoted to every struct that a Document is embedded in.
func (d *Document) document() *Document { return d }
