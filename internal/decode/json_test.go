package decode_test

import (
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/decode"
)

// list is a document with every kind of member.
type list struct {
	Names []string       `json:"names"`
	Shown bool           `json:"shown"`
	Most  int            `json:"most"`
	Items []item         `json:"items"`
	Only  tags           `json:"only"`
	Owner *owner         `json:"owner"`
	ByTag map[string]tag `json:"by_tag"`

	untagged *int
}

type (
	item struct {
		Name string `json:"name"`
	}
	owner struct {
		Name string `json:"name"`
	}
	tags []string
	tag  struct {
		Color string `json:"color"`
	}
)

func (item) Example() string    { return `{"name": "a stone"}` }
func (tags) Example() string    { return `["red"]` }
func (owner) MustState() string { return `a name, such as {"name": "Ada"}` }

func TestAFileInJSONIsReadWithPositions(t *testing.T) {
	var l list
	positions, err := decode.JSONFile("list.json", []byte("{\n  \"names\": [\"a\",\n    \"b\"]}"), &l, nil)
	if err != nil || len(l.Names) != 2 {
		t.Fatalf("%+v, %v", l, err)
	}
	if got := positions.Problem("names[1]", "is wrong").Error(); got != "list.json:3:5: is wrong" {
		t.Errorf("a mistake in it is %s", got)
	}
	for text, want := range map[string]string{
		"{\n\"name\": []}":           `list.json:2:1: the document: unknown member "name", did you mean "names"?`,
		`{"names": [], "names": []}`: `list.json:1:15: names: already specified in line 1`,
		"{\n":                        `list.json:2:1: reading JSON: the document ends too soon`,
		"{\"names\": [\"\u202e\"]}":  `list.json:1:13: the file holds the character U+202E`,
		"{\"names\": [\"\xff\"]}":    `list.json:1:13: the file is not UTF-8`,
		`{"names": "a"}`:             `list.json:1:11: names: must be a list`,
	} {
		if _, err := decode.JSONFile("list.json", []byte(text), new(list), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
	if _, err := decode.JSONFile("list.json", []byte(`{}`), l, nil); err == nil {
		t.Error("decodes into what is not a pointer")
	}
}

func TestAValueOfAnotherTypeIsRefusedWithAnExample(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a list whose type has an example", `{"only": {}}`, `only: must be a list, such as ["red"]; [] is none`},
		{"a list of texts", `{"names": 1}`, `names: must be a list, such as ["one", "two"]`},
		{"a list of what has an example", `{"items": {}}`, `items: must be a list, such as [{"name": "a stone"}]`},
		{"an object with an example", `{"items": [1]}`, `items[0]: must be an object, such as {"name": "a stone"}`},
		{"an object without one", `{"by_tag": {"red": 1}}`, `by_tag.red: must be an object`},
		{"a map", `{"by_tag": []}`, `by_tag: must be an object`},
		{"an object that states nothing", `{"owner": {}}`, `owner: states nothing: write a name, such as {"name": "Ada"}`},
		{"a text", `{"items": [{"name": 1}]}`, `items[0].name: must be a text in quotes`},
		{"true or false", `{"shown": 1}`, `shown: must be true or false`},
		{"a whole number", `{"most": 1.5}`, `most: must be a whole number`},
		{"a member without a tag", `{"untagged": 1}`, `the document: unknown member "untagged"`},
		{"a synonym of a member", `{"holder": {}}`, `the document: unknown member "holder", did you mean "owner"?`},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := decode.JSON([]byte(c.text), new(list), map[string]string{"holder": "owner"})
			if err == nil || err.Error() != c.want && !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
	if (list{}).untagged != nil {
		t.Error("an untagged field is filled")
	}
}

func TestAFileIsReadInYAMLAndJSON(t *testing.T) {
	for _, text := range []string{"owner: {name: Ada}\nshown: true\n", `{"owner": {"name": "Ada"}, "shown": true}`} {
		f, err := decode.ParseFile("list", []byte(text), `"owner"`)
		if err != nil {
			t.Fatal(err)
		}
		members, isObject := f.Members()
		if !isObject || len(members) != 2 || members[1].Name != "shown" || members[1].Text != "true" || members[1].Quoted {
			t.Errorf("the members of %s are %+v", text, members)
		}
		var l list
		if err := f.Read(&l, nil); err != nil {
			t.Fatal(err)
		}
		if err := f.Err(); err != nil || l.Owner == nil || l.Owner.Name != "Ada" || !l.Shown {
			t.Errorf("%s reads as %+v, %v", text, l, err)
		}
	}
}

func TestMistakesOfTheCallerAreNamedAmongTheOthersInTheOrderOfTheFile(t *testing.T) {
	f, err := decode.ParseFile("list.yaml", []byte("names: 1\nshown: maybe\nmost: x\n"), `"names"`)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Read(new(list), nil); err != nil {
		t.Fatal(err)
	}
	members, _ := f.Members()
	f.Problem("shown", members[1].At, "is not for %s", "this file")
	want := "list.yaml:1:8: names: must be a list, such as [one, two]\n" +
		"list.yaml:2:1: shown: is not for this file\n" +
		"list.yaml:2:8: shown: must be true or false\n" +
		"list.yaml:3:7: most: must be a whole number"
	if err := f.Err(); err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

func TestAnEmptyFileIsRefusedWithItsBeginning(t *testing.T) {
	for _, text := range []string{"", "# nothing\n", "\n\n"} {
		if _, err := decode.ParseFile("list.yaml", []byte(text), `"names": []`); err == nil || err.Error() != "list.yaml:1:1: the document is empty: begin it with names: []" {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestATextThatIsNotJSONIsRefusedInPlainWords(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a comma after the last member", `{"a": 1,}`, "1:9: nothing follows the comma before this"},
		{"a comma after the last element", "[1,\n 2,\n]", "3:1: nothing follows the comma before this"},
		{"a comment at the top", "// why\n{}", "1:1: a comment cannot be in JSON"},
		{"a comment after a value", "{\"a\": 1 # why\n}", "1:9: a comment cannot be in JSON"},
		{"a comment after a comma", "{\"a\": 1, /* why */ \"b\": 2}", "1:10: a comment cannot be in JSON"},
		{"a name without quotes", `{a: 1}`, "1:2: a name must be in double quotes"},
		{"a name in single quotes", `{"a": 1, 'b': 1}`, "1:10: a name must be in double quotes"},
		{"a name that is a number", `{1: 2}`, "1:2: a name must be in double quotes"},
		{"a text in single quotes", `{"a": 'x'}`, "1:7: a text must be in double quotes"},
		{"a text in the quotes of a word processor", `{"a": “x”}`, "1:7: a text must be in double quotes"},
		{"a text without quotes", `["US", GB]`, "1:8: a text must be in double quotes"},
		{"true with a capital", `{"a": True}`, "1:7: a text must be in double quotes, and true, false and null in lower case"},
		{"half of true", `{"a": tru}`, "1:7: a text must be in double quotes"},
		{"no colon", `{"a" 1}`, "1:6: a colon is missing"},
		{"no colon and no value", `{"a"}`, "1:5: a colon is missing"},
		{"a comma for a colon", `{"a", 1}`, "1:5: a colon is missing"},
		{"an equals sign for a colon", `{"a" = 1}`, "1:6: a colon is missing"},
		{"no value", `{"a": }`, "1:7: a name has no value"},
		{"no comma between members", "{\"a\": 1\n \"b\": 2}", "2:2: a comma is missing before this"},
		{"no comma between elements", `["a" "b"]`, "1:6: a comma is missing before this"},
		{"no comma after an object", `[{} {}]`, "1:5: a comma is missing before this"},
		{"two commas between members", `{"a": 1,, "b": 2}`, `1:9: ',' cannot be here`},
		{"two commas between elements", "[1,\n,2]", `2:1: ',' cannot be here`},
		{"a comma first", `{,"a": 1}`, `1:2: ',' cannot be here`},
		{"two colons", `{"a":: 1}`, `1:6: ':' cannot be here`},
		{"a colon in a list", `[1: 2]`, `1:3: ':' cannot be here`},
		{"a list closed as an object", `{"a": [1}`, `1:9: '}' does not close what is open`},
		{"an object closed as a list", `{]`, `1:2: ']' does not close what is open`},
		{"a bracket at the top", `}`, `1:1: '}' does not close what is open`},
		{"a number that begins with 0", `[01]`, "1:3: a number cannot begin with 0"},
		{"a number with a plus", `[+44]`, "1:2: a number is written as 12, -3 or 0.5"},
		{"a number that begins with a point", `[.5]`, "1:2: a number is written as"},
		{"a number that ends with a point", `[1.]`, "1:2: a number is written as"},
		{"a backslash", `{"a": "C:\path"}`, `1:10: a backslash must be written as \\`},
		{"half a character's code", `{"a": "\u12"}`, `1:8: a backslash must be written as \\`},
		{"a text over two lines", "{\"a\": \"x\ny\"}", `1:7: a text must end in its line`},
		{"a tab in a text", "{\"a\": \"x\ty\"}", `1:9: write the character U+0009 in a text as \u0009`},
		{"a text that is not closed", `{"a": "x}`, "1:7: the document ends too soon, within a text"},
		{"an object that is not closed", `{"a": [1`, "1:9: the document ends too soon"},
		{"nothing", ``, "1:1: the document ends too soon"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := decode.Syntax("a.json", []byte(c.text))
			if want := strings.Replace(c.want, ": ", ": reading JSON: ", 1); err == nil || !strings.HasPrefix(err.Error(), "a.json:"+want) {
				t.Errorf("%s\ngot  %v\nwant a.json:%s", c.text, err, want)
			}
		})
	}
	for _, c := range []struct{ text, want string }{
		{strings.Repeat("[", 900) + strings.Repeat("]", 900), ""},
		{strings.Repeat("[", 2000) + "x", "levels deep"},
		{"{} {}", "there is more after the document"},
		{"\uFEFF{}", "byte-order mark"},
		{"\xFF\xFE{\x00}\x00", "UTF-16"},
	} {
		if err := decode.Syntax("a.json", []byte(c.text)); (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.10q: got %v, want %q", c.text, err, c.want)
		}
	}
}
