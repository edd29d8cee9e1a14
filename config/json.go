package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
)

// ParseJSON reads a document in JSON. Unknown and repeated members, null and
// anything behind the document are errors, each with the path where it stands.
func ParseJSON(text []byte) (Document, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	if err := checkJSON(decoder, "", reflect.TypeFor[Document]()); err != nil {
		return Document{}, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Document{}, errors.New("there is more behind the document: write one only")
	}
	var d Document
	decoder = json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil {
		return Document{}, fmt.Errorf("reading JSON: %w", err)
	}
	return d, nil
}

// checkJSON finds what encoding/json would silently accept, and names the place
// of what it would not. Values nest no deeper than the type they are for.
func checkJSON(decoder *json.Decoder, path string, t reflect.Type) error {
	token, err := decoder.Token()
	if err != nil {
		return readError(err)
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch value := token.(type) {
	case nil:
		return fmt.Errorf("%s: null says nothing: leave it out to inherit, or write [] for none", place(path))
	case json.Delim:
		switch kind := t.Kind(); {
		case value == '{' && (kind == reflect.Struct || kind == reflect.Map):
			return checkMembers(decoder, path, t)
		case value == '[' && kind == reflect.Slice:
			return checkElements(decoder, path, t.Elem())
		}
	case string:
		if t.Kind() == reflect.String {
			return nil
		}
	case bool:
		if t.Kind() == reflect.Bool {
			return nil
		}
	}
	return fmt.Errorf("%s: must be %s", place(path), kindWords[t.Kind()])
}

// kindWords says what a value has to be.
var kindWords = map[reflect.Kind]string{
	reflect.Struct: "an object",
	reflect.Map:    "an object",
	reflect.Slice:  "a list",
	reflect.String: "a text in quotes",
	reflect.Bool:   "true or false",
}

func checkElements(decoder *json.Decoder, path string, t reflect.Type) error {
	for i := 0; decoder.More(); i++ {
		if err := checkJSON(decoder, path+"["+strconv.Itoa(i)+"]", t); err != nil {
			return err
		}
	}
	return end(decoder)
}

func checkMembers(decoder *json.Decoder, path string, t reflect.Type) error {
	seen := make(map[string]bool)
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return readError(err)
		}
		name := token.(string)
		member := join(path, name)
		if seen[name] {
			return fmt.Errorf("%s: stands twice", member)
		}
		seen[name] = true
		valueType := t
		if t.Kind() == reflect.Map {
			valueType = t.Elem()
		} else {
			types, names := members(t)
			// Only the very name: encoding/json takes other letter cases too, so
			// that one member could stand twice.
			if valueType = types[name]; valueType == nil {
				return fmt.Errorf("%s: unknown member %q%s", place(path), name, DidYouMean(name, names))
			}
		}
		if err := checkJSON(decoder, member, valueType); err != nil {
			return err
		}
	}
	return end(decoder)
}

// members are the types of a struct's members by their names in JSON, and the
// names in order.
func members(t reflect.Type) (types map[string]reflect.Type, names []string) {
	types = make(map[string]reflect.Type)
	for _, field := range reflect.VisibleFields(t) {
		if field.Anonymous {
			continue
		}
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		types[name] = field.Type
		names = append(names, name)
	}
	return types, names
}

// end reads the end of an object or a list.
func end(decoder *json.Decoder) error {
	if _, err := decoder.Token(); err != nil {
		return readError(err)
	}
	return nil
}

// readError says that a text is no JSON.
func readError(err error) error {
	if errors.Is(err, io.EOF) {
		return errors.New("reading JSON: the document ends too soon")
	}
	return fmt.Errorf("reading JSON: %w", err)
}

// place names a path in JSON, for people.
func place(path string) string {
	if path == "" {
		return "the document"
	}
	return path
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
