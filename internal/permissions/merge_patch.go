package permissions

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/store"
)

// PatchAccount changes a part of what is stated of an account, by a JSON merge patch of
// RFC 7386: null removes a member, and a list replaces the one before.
func (s *Service) PatchAccount(ctx context.Context, by Caller, terms Terms, id string, patch []byte) (Result, error) {
	id = s.canonical(id)
	o := object{access.AccountPatch, store.Account, id, id}
	return s.write(ctx, by, terms, o, func(before *store.Object) (json.RawMessage, error) {
		if before == nil {
			return nil, fmt.Errorf("changing account %s: %w", id, ErrNotFound)
		}
		merged, err := mergePatch(before.Document, patch)
		if err != nil {
			return nil, reload.Invalid{Cause: fmt.Errorf("changing account %s: %w", id, err)}
		}
		return s.accountDocument(id, merged)
	})
}

// mergePatch applies a JSON merge patch to an object.
func mergePatch(target, patch []byte) ([]byte, error) {
	change, err := readUnambiguous(patch)
	if err != nil {
		return nil, err
	}
	if _, isObject := change.(map[string]any); !isObject {
		return nil, errors.New(`a merge patch is an object, such as {"label": "Acme"}`)
	}
	value, err := readUnambiguous(target)
	if err != nil {
		return nil, err
	}
	return json.Marshal(merged(value, change))
}

// merged is MergePatch of section 2 of RFC 7386.
func merged(target, patch any) any {
	change, isObject := patch.(map[string]any)
	if !isObject {
		return patch
	}
	object, isObject := target.(map[string]any)
	if !isObject {
		object = make(map[string]any)
	}
	for name, value := range change {
		if value == nil {
			delete(object, name)
			continue
		}
		object[name] = merged(object[name], value)
	}
	return object
}

// readUnambiguous reads JSON in which no object has a member twice: which one counts would
// be up to the reader.
func readUnambiguous(text []byte) (any, error) {
	if !json.Valid(text) { // it bounds the depth, too
		return nil, errors.New("reading JSON: it has a syntax error")
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	return readValue(decoder)
}

func readValue(d *json.Decoder) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('['):
		list := []any{}
		for d.More() {
			element, err := readValue(d)
			if err != nil {
				return nil, err
			}
			list = append(list, element)
		}
		_, err = d.Token()
		return list, err
	case json.Delim('{'):
		object := make(map[string]any)
		for d.More() {
			name, err := d.Token()
			if err != nil {
				return nil, err
			}
			if _, repeated := object[name.(string)]; repeated {
				return nil, fmt.Errorf("member %q is already specified", name)
			}
			if object[name.(string)], err = readValue(d); err != nil {
				return nil, err
			}
		}
		_, err = d.Token()
		return object, err
	}
	return token, nil
}
