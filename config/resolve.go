package config

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Resolve returns the document with every text that holds a placeholder
// replaced by what replace makes of it.
func Resolve(d *Document, replace func(string) (string, error)) (Document, error) {
	text, err := json.Marshal(d)
	if err != nil {
		return Document{}, fmt.Errorf("writing JSON: %w", err)
	}
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		return Document{}, fmt.Errorf("reading JSON: %w", err)
	}
	if value, err = resolve(value, "", replace); err != nil {
		return Document{}, err
	}
	if text, err = json.Marshal(value); err != nil {
		return Document{}, fmt.Errorf("writing JSON: %w", err)
	}
	return ParseJSON(text)
}

func resolve(value any, path string, replace func(string) (string, error)) (any, error) {
	var err error
	switch v := value.(type) {
	case string:
		if !strings.Contains(v, "{") {
			return v, nil
		}
		if v, err = replace(v); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		return v, nil
	case []any:
		for i := range v {
			if v[i], err = resolve(v[i], fmt.Sprintf("%s[%d]", path, i), replace); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		resolved := make(map[string]any, len(v))
		for name, member := range v {
			member, err := resolve(member, join(path, name), replace)
			if err != nil {
				return nil, err
			}
			key, err := resolve(name, path, replace)
			if err != nil {
				return nil, err
			}
			if _, twice := resolved[key.(string)]; twice {
				return nil, fmt.Errorf("%s: stands twice", join(path, key.(string)))
			}
			resolved[key.(string)] = member
		}
		return resolved, nil
	}
	return value, nil
}
