package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/config"
)

const (
	schemas     = "#/components/schemas/"
	definitions = "#/$defs/"

	// policyFile is a whole policy file.
	policyFile = "policy_file"
)

// definition refers to a definition of the schema of policy files.
func definition(name string) *huma.Schema { return &huma.Schema{Ref: schemas + name} }

// addDefinitions adds all definitions of the schema of policy files to an API. They are what
// clients read; the reader of policy files is what checks a body.
func addDefinitions(registry huma.Registry) {
	var file struct {
		Type        string                     `json:"type"`
		Required    []string                   `json:"required"`
		Properties  map[string]json.RawMessage `json:"properties"`
		Definitions map[string]json.RawMessage `json:"$defs"`
	}
	text := strings.ReplaceAll(string(config.Schema()), definitions, schemas)
	if err := json.Unmarshal([]byte(text), &file); err != nil {
		panic(fmt.Sprintf("reading the schema of policy files: %v", err)) // it is part of the program
	}
	registry.Map()[policyFile] = &huma.Schema{Extensions: map[string]any{
		"type": file.Type, "required": file.Required, "properties": file.Properties, "additionalProperties": false,
	}}
	file.Definitions[settings] = settingsSchema(file.Properties)
	for name, text := range file.Definitions {
		s := new(huma.Schema)
		if err := json.Unmarshal(text, &s.Extensions); err != nil {
			panic(fmt.Sprintf("reading the definition %s: %v", name, err))
		}
		s.PrecomputeMessages()
		registry.Map()[name] = s
	}
}

// settings is the definition of what is stated for all accounts.
const settings = "settings"

// settingsSchema is the schema of a policy file without what it has besides settings.
func settingsSchema(file map[string]json.RawMessage) json.RawMessage {
	properties := maps.Clone(file)
	for _, name := range []string{"version", "end", "accounts", "prefixes"} {
		delete(properties, name)
	}
	text, err := json.Marshal(map[string]any{"type": "object", "additionalProperties": false, "properties": properties})
	if err != nil {
		panic(fmt.Sprintf("writing the schema of settings: %v", err)) // it is part of the program
	}
	return text
}
