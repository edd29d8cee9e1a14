package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/numbering"
)

func compiledSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(config.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("policy.schema.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("policy.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// instance reads a policy file as an editor does, which knows nothing of what it
// is for: unquoted, +870 is a number.
func instance(text []byte) (any, error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if bytes.HasPrefix(text, []byte("{")) {
		return jsonschema.UnmarshalJSON(bytes.NewReader(text))
	}
	var node yaml.Node
	if err := yaml.Unmarshal(text, &node); err != nil {
		return nil, err
	}
	// Names that occur twice and anchors in themselves are errors to any reader.
	if err := node.Decode(new(any)); err != nil {
		return nil, err
	}
	if node.Kind == 0 {
		return nil, nil
	}
	return plainValue(&node), nil
}

func plainValue(n *yaml.Node) any {
	switch n.Kind {
	case yaml.DocumentNode:
		return plainValue(n.Content[0])
	case yaml.AliasNode:
		return plainValue(n.Alias)
	case yaml.MappingNode:
		object := make(map[string]any)
		for i := 0; i < len(n.Content); i += 2 {
			object[n.Content[i].Value] = plainValue(n.Content[i+1])
		}
		return object
	case yaml.SequenceNode:
		list := []any{}
		for _, element := range n.Content {
			list = append(list, plainValue(element))
		}
		return list
	}
	switch n.Tag {
	case "!!null":
		return nil
	case "!!bool":
		return n.Value == "true"
	case "!!int":
		if number, err := strconv.ParseInt(n.Value, 0, 64); err == nil {
			return json.Number(strconv.FormatInt(number, 10))
		}
	case "!!float":
		if number, err := strconv.ParseFloat(n.Value, 64); err == nil && number-number == 0 {
			return number
		}
	}
	return n.Value
}

func TestTheSchemaAcceptsWhateverTheProgramAccepts(t *testing.T) {
	schema, seed := compiledSchema(t), seed(t)
	for i := range uint64(randomDocuments / 3) {
		d := configtest.Document(rand.New(rand.NewPCG(seed, i)))
		written, err := config.WriteYAML(&d)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range [][]byte{written, jsonFile(t, &d), unquoted(written)} {
			value, err := instance(text)
			if err != nil {
				t.Fatalf("TOLLGATE_SEED=%d, document %d: %v\n%s", seed, i, err, text)
			}
			if err := schema.Validate(value); err != nil {
				t.Fatalf("TOLLGATE_SEED=%d, document %d: %v\n%s", seed, i, err, text)
			}
		}
	}
}

var quotedNumber = regexp.MustCompile(`(?m)(: |, |\[)"(\+[0-9]+|[0-9-]{10})"([],}]|$)`)

// unquoted is YAML as an operator types it: numbers, dates and small letters without
// quotes.
func unquoted(text []byte) []byte {
	text = quotedNumber.ReplaceAll(text, []byte("$1$2$3"))
	return bytes.ReplaceAll(text, []byte("[US"), []byte("[us"))
}

func TestTheSchemaAcceptsPlaceholdersWhereTheProgramDoes(t *testing.T) {
	value, err := instance([]byte(strings.Replace(everywhere, "{", `{"version": 1,`, 1)))
	if err != nil {
		t.Fatal(err)
	}
	if err := compiledSchema(t).Validate(value); err != nil {
		t.Error(err)
	}
}

// schemaTypes are the types of a document by their names in the schema.
var schemaTypes = map[string]reflect.Type{
	"":                     reflect.TypeFor[config.Document](),
	"default":              reflect.TypeFor[config.Default](),
	"permissions":          reflect.TypeFor[config.Permissions](),
	"verify":               reflect.TypeFor[config.Verify](),
	"voice":                reflect.TypeFor[config.Voice](),
	"prefix":               reflect.TypeFor[config.Prefix](),
	"range":                reflect.TypeFor[config.Range](),
	"unallocated_channels": reflect.TypeFor[config.Unallocated](),
	"unsupported":          reflect.TypeFor[config.Unsupported](),
	"by_request":           reflect.TypeFor[config.ByRequest](),
	"account":              reflect.TypeFor[config.Account](),
	"limit":                reflect.TypeFor[config.Limit](),
	"opening":              reflect.TypeFor[config.Opening](),
	"approval":             reflect.TypeFor[config.Approval](),
}

type schemaObject struct {
	Title, Description   string
	Properties           map[string]schemaObject
	AdditionalProperties any
	Ref                  string                  `json:"$ref"`
	Definitions          map[string]schemaObject `json:"$defs"`
}

func TestTheSchemaHasTheMembersOfTheDocument(t *testing.T) {
	var root schemaObject
	if err := json.Unmarshal(config.Schema(), &root); err != nil {
		t.Fatal(err)
	}
	definition := func(name string) schemaObject { return root.Definitions[name] }
	for name, goType := range schemaTypes {
		object, want := definition(name), []string{}
		if name == "" {
			object, want = root, []string{"version", "end"}
		}
		for _, field := range reflect.VisibleFields(goType) {
			if tag, _, _ := strings.Cut(field.Tag.Get("json"), ","); tag != "" {
				want = append(want, tag)
			}
		}
		slices.Sort(want)
		if got := slices.Sorted(maps.Keys(object.Properties)); !slices.Equal(got, want) {
			t.Errorf("%q has members %v, want %v", name, got, want)
		}
		if object.AdditionalProperties != false {
			t.Errorf("%q lets unknown members through", name)
		}
		for member, property := range object.Properties {
			described := definition(strings.TrimPrefix(property.Ref, "#/$defs/"))
			if property.Title+described.Title == "" || property.Description+described.Description == "" {
				t.Errorf("%q of %q has no title or no description", member, name)
			}
		}
	}
}

func TestTheSchemaKnowsWhatMayBeChanged(t *testing.T) {
	var root struct {
		Definitions map[string]struct {
			AnyOf []struct{ Enum []string }
		} `json:"$defs"`
	}
	if err := json.Unmarshal(config.Schema(), &root); err != nil {
		t.Fatal(err)
	}
	if got := root.Definitions["control"].AnyOf[0].Enum; !slices.Equal(got, config.ControlNames()) {
		t.Errorf("got %v, want %v", got, config.ControlNames())
	}
}

var codeTable = regexp.MustCompile(`("(territory_code|calling_code|group)": \{[^\[]*"enum": \[)[^\]]*\]`)

// The territories and groups in the schema are those of package numbering; -update writes
// them.
func TestTheSchemaKnowsEveryTerritory(t *testing.T) {
	var codes, numbers []string
	for territory := range numbering.AllTerritories() {
		code := territory.String()
		codes = append(codes, strconv.Quote(code))
		if number, ok := strings.CutPrefix(code, "+"); ok {
			numbers = append(numbers, number)
		}
	}
	var groups []string
	for group := range numbering.AllGroups() {
		groups = append(groups, strconv.Quote(group.Name), strconv.Quote(strings.ToLower(group.Name)))
	}
	rows := map[string][]string{"territory_code": codes, "calling_code": numbers, "group": groups}
	want := codeTable.ReplaceAllStringFunc(string(config.Schema()), func(table string) string {
		m := codeTable.FindStringSubmatch(table)
		var text strings.Builder
		for row := range slices.Chunk(rows[m[2]], 16) {
			fmt.Fprintf(&text, "\n        %s,", strings.Join(row, ", "))
		}
		return m[1] + strings.TrimSuffix(text.String(), ",") + "\n      ]"
	})
	if *harness.Update {
		if err := os.WriteFile("schema.json", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != string(config.Schema()) {
		t.Error("the schema's territories are not those of package numbering: run the test with -update")
	}
}

// Every policy file that the repository shows is valid and is what the
// schema says a policy file is.
func TestTheSchemaAcceptsEveryExample(t *testing.T) {
	examples := make(map[string][]byte)
	err := filepath.WalkDir("../examples", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.Name() == "node_modules" {
			return fs.SkipDir
		}
		text, err := os.ReadFile(path)
		if extension := filepath.Ext(path); err == nil && (extension == ".yaml" || extension == ".yml") {
			examples[path] = text
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob("../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range append(pages, "../README.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for i, match := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatch(text, -1) {
			if block := bytes.TrimPrefix(match[1], []byte("# policy.yaml\n")); bytes.HasPrefix(block, []byte("version:")) {
				examples[fmt.Sprintf("%s, block %d", page, i+1)] = block
			}
		}
	}
	if len(examples) < 3 {
		t.Errorf("found only %d examples", len(examples))
	}
	schema := compiledSchema(t)
	for name, text := range examples {
		source, err := config.ParseFile(name, text)
		if err == nil {
			_, err = config.Compile(carriers, source)
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		value, err := instance(text)
		if err == nil {
			err = schema.Validate(value)
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
