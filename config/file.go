package config

import (
	"fmt"
	"os"
)

// ReadFile reads a policy file: YAML, or JSON if its first character is "{".
func ReadFile(name string) (Source, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return Source{}, fmt.Errorf("reading the policy file: %w", err)
	}
	return ParseFile(name, text)
}

// ParseFile reads the text of a policy file, as ReadFile does.
func ParseFile(name string, text []byte) (Source, error) {
	d, err := ParseJSON(text)
	return Source{Document: d}, err
}
