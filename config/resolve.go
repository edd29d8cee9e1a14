package config

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Resolve returns the document with every text that holds a placeholder
// replaced by what replace makes of it. A document without any comes back as it
// is; its lists are then those of the original.
func Resolve(d *Document, replace func(string) (string, error)) (Document, error) {
	if !holdsPlaceholder(reflect.ValueOf(d).Elem()) {
		return *d, nil
	}
	var resolved Document
	if err := resolve("", reflect.ValueOf(d).Elem(), reflect.ValueOf(&resolved).Elem(), replace); err != nil {
		return Document{}, err
	}
	Canonicalize(&resolved)
	return resolved, nil
}

// holdsPlaceholder tells whether any text in a value could be a placeholder.
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

// resolve copies a value, replacing its texts. What is nil stays nil.
func resolve(path string, from, into reflect.Value, replace func(string) (string, error)) error {
	switch from.Kind() {
	case reflect.String:
		text, err := resolveText(path, from.String(), replace)
		if err != nil {
			return err
		}
		into.SetString(text)
	case reflect.Pointer:
		if from.IsNil() {
			return nil
		}
		into.Set(reflect.New(from.Type().Elem()))
		return resolve(path, from.Elem(), into.Elem(), replace)
	case reflect.Struct:
		for i := range from.NumField() {
			field := from.Type().Field(i)
			at := path // where the members of an embedded struct stand, too
			if !field.Anonymous {
				name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
				at = join(path, name)
			}
			if err := resolve(at, from.Field(i), into.Field(i), replace); err != nil {
				return err
			}
		}
	case reflect.Slice:
		if from.IsNil() {
			return nil
		}
		into.Set(reflect.MakeSlice(from.Type(), from.Len(), from.Len()))
		for i := range from.Len() {
			if err := resolve(fmt.Sprintf("%s[%d]", path, i), from.Index(i), into.Index(i), replace); err != nil {
				return err
			}
		}
	case reflect.Map:
		return resolveMap(path, from, into, replace)
	default:
		into.Set(from)
	}
	return nil
}

// resolveMap resolves the names in a map, too.
func resolveMap(path string, from, into reflect.Value, replace func(string) (string, error)) error {
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
		if err := resolve(join(path, name), entries[name], entry, replace); err != nil {
			return err
		}
		resolved, err := resolveText(path, name, replace)
		if err != nil {
			return err
		}
		key := reflect.ValueOf(resolved)
		if into.MapIndex(key).IsValid() {
			return fmt.Errorf("%s: stands twice", join(path, resolved))
		}
		into.SetMapIndex(key, entry)
	}
	return nil
}

func resolveText(path, text string, replace func(string) (string, error)) (string, error) {
	if !strings.Contains(text, "{") {
		return text, nil
	}
	resolved, err := replace(text)
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	return resolved, nil
}
