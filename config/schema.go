package config

import (
	_ "embed"
	"slices"
)

//go:embed schema.json
var schema []byte

// Schema is the JSON Schema of the policy file, for editors. It accepts every
// file that this program accepts; what it cannot see, such as an account that
// stands twice, is left to Check.
func Schema() []byte { return slices.Clone(schema) }
