package config

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/internal/decode"
)

// Resolve returns the document with every text that holds a placeholder
// replaced by what replace makes of it, and which ones those are. A document
// without any is returned as it is; its lists are then those of the original.
func Resolve(d *Document, replace func(string) (string, error)) (Document, Written, error) {
	if !holdsPlaceholder(reflect.ValueOf(d).Elem()) {
		return *d, nil, nil
	}
	r := resolver{replace: replace, written: make(Written)}
	var resolved Document
	if err := r.value("", reflect.ValueOf(d).Elem(), reflect.ValueOf(&resolved).Elem()); err != nil {
		return Document{}, nil, err
	}
	return resolved, r.written, nil
}

// resolver copies values, replacing their texts.
type resolver struct {
	replace func(string) (string, error)
	written Written
}

// holdsPlaceholder reports whether any text in a value could be a placeholder.
func holdsPlaceholder(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String:
		return strings.Contains(v.String(), "{")
	case reflect.Pointer:
		return !v.IsNil() && holdsPlaceholder(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if holdsPlaceholder(v.Field(i)) {
				return true
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if holdsPlaceholder(v.Index(i)) {
				return true
			}
		}
	case reflect.Map:
		for entries := v.MapRange(); entries.Next(); {
			if holdsPlaceholder(entries.Key()) || holdsPlaceholder(entries.Value()) {
				return true
			}
		}
	}
	return false
}

// value copies a value. What is nil remains nil.
func (r *resolver) value(path string, from, into reflect.Value) error {
	switch from.Kind() {
	case reflect.String:
		text, err := r.text(path, from.String())
		if err != nil {
			return err
		}
		if text != from.String() {
			r.written[path] = from.String()
		}
		into.SetString(text)
	case reflect.Pointer:
		if from.IsNil() {
			return nil
		}
		into.Set(reflect.New(from.Type().Elem()))
		return r.value(path, from.Elem(), into.Elem())
	case reflect.Struct:
		for i := range from.NumField() {
			field := from.Type().Field(i)
			at := path // where the members of an embedded struct are, too
			if !field.Anonymous {
				name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
				at = decode.Join(path, name)
			}
			if err := r.value(at, from.Field(i), into.Field(i)); err != nil {
				return err
			}
		}
	case reflect.Slice:
		if from.IsNil() {
			return nil
		}
		into.Set(reflect.MakeSlice(from.Type(), from.Len(), from.Len()))
		for i := range from.Len() {
			if err := r.value(fmt.Sprintf("%s[%d]", path, i), from.Index(i), into.Index(i)); err != nil {
				return err
			}
		}
	case reflect.Map:
		return r.entries(path, from, into)
	default:
		into.Set(from)
	}
	return nil
}

// entries resolves the names in a map, too. The value of a name has the path
// of the name as it was written.
func (r *resolver) entries(path string, from, into reflect.Value) error {
	if from.IsNil() {
		return nil
	}
	entries := make(map[string]reflect.Value, from.Len())
	for i := from.MapRange(); i.Next(); {
		entries[i.Key().String()] = i.Value()
	}
	into.Set(reflect.MakeMapWithSize(from.Type(), from.Len()))
	// In order, so that of several mistakes the same one is always named.
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		entry := reflect.New(from.Type().Elem()).Elem()
		if err := r.value(decode.Join(path, name), entries[name], entry); err != nil {
			return err
		}
		resolved, err := r.text(path, name)
		if err != nil {
			return err
		}
		key := reflect.ValueOf(resolved)
		if into.MapIndex(key).IsValid() {
			return fmt.Errorf("%s: already specified", decode.Join(path, name))
		}
		if resolved != name {
			r.written[decode.Join(path, resolved)] = name
		}
		into.SetMapIndex(key, entry)
	}
	return nil
}

func (r *resolver) text(path, text string) (string, error) {
	if !strings.Contains(text, "{") {
		return text, nil
	}
	resolved, err := r.replace(text)
	if err != nil {
		return "", decode.Problem{Path: path, Message: err.Error(), Cause: err}
	}
	return resolved, nil
}
