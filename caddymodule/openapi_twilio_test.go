package caddymodule_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// twilioDescription is what Twilio's OpenAPI description says of its permission resources.
type twilioDescription struct {
	Paths map[string]map[string]struct {
		Parameters []string
		Responses  map[string]struct {
			Content map[string]struct{ Schema map[string]any }
		}
	}
	Components struct{ Schemas map[string]map[string]any }
}

var readTwilioDescription = sync.OnceValues(func() (d twilioDescription, err error) {
	text, err := os.ReadFile("../api/twilio/testdata/openapi.json")
	if err == nil {
		err = json.Unmarshal(text, &d)
	}
	return d, err
})

// checkDescribed checks an answer of the gate against Twilio's description: its status, the types
// of its members, and that it has all of these and no others.
func checkDescribed(t *testing.T, method, path string, status int, body map[string]any) {
	t.Helper()
	d, err := readTwilioDescription()
	if err != nil {
		t.Fatal(err)
	}
	path, _, _ = strings.Cut(path, "?")
	for pattern, operations := range d.Paths {
		if !regexp.MustCompile("^" + regexp.MustCompile(`\\\{\w+\\\}`).ReplaceAllString(regexp.QuoteMeta(pattern), "[^/]+") + "$").MatchString(path) {
			continue
		}
		response, ok := operations[strings.ToLower(method)].Responses[fmt.Sprint(status)]
		if !ok {
			t.Errorf("%s %s is answered %d, which Twilio does not describe", method, path, status)
			return
		}
		schema := d.asJSONSchema(response.Content["application/json"].Schema)
		compiler := jsonschema.NewCompiler()
		if err := compiler.AddResource("answer.json", schema); err != nil {
			t.Fatal(err)
		}
		compiled, err := compiler.Compile("answer.json")
		if err != nil {
			t.Fatal(err)
		}
		if err := compiled.Validate(any(body)); err != nil {
			t.Errorf("%s %s: %v\n%v", method, path, err, body)
		}
		return
	}
	t.Errorf("Twilio does not describe %s", path)
}

// asJSONSchema is a schema of OpenAPI 3.0 in JSON Schema, with its references resolved. Each
// object has all of its members and no others.
func (d *twilioDescription) asJSONSchema(schema map[string]any) map[string]any {
	if ref, ok := schema["$ref"].(string); ok {
		return d.asJSONSchema(d.Components.Schemas[ref[strings.LastIndex(ref, "/")+1:]])
	}
	converted := maps.Clone(schema)
	if schema["nullable"] == true && schema["type"] != nil {
		converted["type"] = []any{schema["type"], "null"}
		if values, ok := schema["enum"].([]any); ok {
			converted["enum"] = append(slices.Clone(values), nil)
		}
	}
	if pattern, ok := schema["pattern"].(string); ok && pattern == "^US[0-9a-fA-F]{32}$" {
		// Of the actor of an event. Its description, and that of the filter, name accounts
		// and API credentials too.
		converted["pattern"] = "^(US|AC|SK|OQ)[0-9a-fA-F]{32}$"
	}
	delete(converted, "nullable")
	delete(converted, "format") // iso-country-code is not one of JSON Schema's
	if properties, ok := schema["properties"].(map[string]any); ok {
		of, required := make(map[string]any), []any{}
		for _, name := range slices.Sorted(maps.Keys(properties)) {
			of[name], required = d.asJSONSchema(properties[name].(map[string]any)), append(required, name)
		}
		converted["properties"], converted["required"], converted["additionalProperties"] = of, required, false
	}
	if items, ok := schema["items"].(map[string]any); ok {
		converted["items"] = d.asJSONSchema(items)
	}
	return converted
}
