package config_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// invisible are the broken files that an editor with the schema takes for right:
// what other values say, and what only this program reads strictly.
var invisible = []string{
	"line_separator_in_a_comment.yaml", "next_line_in_a_comment.yaml", "carriage_return_in_a_comment.yaml", "a_direction_that_is_turned.yaml",
	"account_twice.yaml", "key_twice.yaml", "credential_of_two_accounts.yaml", "sender_in_two_spellings.yaml", "sender_too_short.yaml",
	"end_in_the_middle.json", "end_in_the_middle.yaml", "parent_not_defined.yaml", "parent_of_itself.yaml", "parent_two_levels_up.yaml",
	"date_that_is_none.yaml", "time_that_stands_for_none.yaml", "member_twice.json", "second_document.yaml", "utf16.yaml",
	"tag_binary.yaml", "tag_of_our_own.yaml",
	"account_at_an_unknown_carrier.yaml", "account_at_beside_a_sid.yaml", "account_at_no_carrier.yaml", "account_named_twice.yaml",
	"account_with_a_sid_that_is_anothers.yaml", "parent_mistyped.yaml",
	// To the schema, a whole number is a prefix without quotes in YAML.
	"prefix_without_plus.yaml", "number_for_a_text.json",
}

// Each file in testdata/broken has what an operator is told about it next to it, as
// .txt; -update writes it.
func TestBrokenFilesAreRefusedWithWhatIsWrongAndWhere(t *testing.T) {
	schema := compiledSchema(t)
	t.Chdir(filepath.Join("testdata", "broken"))
	var seen []string
	for _, name := range files(t, ".yaml", ".json") {
		t.Run(strings.ReplaceAll(name, "_", " "), func(t *testing.T) {
			source, err := config.ReadFile(name)
			if err == nil {
				_, err = config.Compile(carriers, source)
			}
			if err == nil {
				t.Fatal("nothing is wrong with it")
			}
			harness.Golden(t, name+".txt", err.Error()+"\n")

			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			value, err := instance(text)
			accepted := err == nil && schema.Validate(value) == nil
			if accepted {
				seen = append(seen, name)
			}
			if accepted != slices.Contains(invisible, name) {
				t.Errorf("accepted by the schema: %v", accepted)
			}
		})
	}
	if len(seen) != len(invisible) {
		t.Errorf("the schema does not see %q", seen)
	}
}

// Each .yaml file in testdata/good says what the .json file next to it says.
func TestGoodFilesSayWhatTheyLookLike(t *testing.T) {
	schema := compiledSchema(t)
	t.Chdir(filepath.Join("testdata", "good"))
	for _, name := range files(t, ".yaml") {
		t.Run(strings.ReplaceAll(name, "_", " "), func(t *testing.T) {
			source, err := config.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			want, err := os.ReadFile(strings.TrimSuffix(name, ".yaml") + ".json")
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(source.Document, parse(t, string(want))) {
				t.Errorf("got %+v, want %s", source.Document, want)
			}
			if _, err := config.Compile(carriers, source); err != nil {
				t.Error(err)
			}
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			value, err := instance(text)
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(value); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestFilesThatAreNoPolicyFilesAreRefused(t *testing.T) {
	folder := t.TempDir()
	large := filepath.Join(folder, "large.yaml")
	if err := os.WriteFile(large, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(large, decode.MaxFileSize+1); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, file, want string }{
		{"one that is not there", filepath.Join(folder, "none.yaml"), "reading the policy file: open " + filepath.Join(folder, "none.yaml") + ": no such file or directory"},
		{"a folder", folder, "reading the policy file: " + folder + " is a directory: name the file in it"},
		{"a device", os.DevNull, "reading the policy file: " + os.DevNull + " is not a regular file: name one"},
		{"a large one", large, large + ":1:1: the file is larger than 32 MiB, the limit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := config.ReadFile(c.file); err == nil || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

// What is small to write may be large to read. None of it may take long, or
// more stack or memory than there is.
func TestFilesThatGrowOnReadingAreRefusedQuickly(t *testing.T) {
	const many = 100_000
	account := "{id: AC11111111111111111111111111111111, messaging: [" + strings.Repeat("US, ", 1000) + "]}"
	for _, c := range []struct{ name, text, want string }{
		{"a list of accounts that repeats one by aliases", "version: 1\naccounts: [&a " + account + strings.Repeat(", *a", 10_000) + "]", "more than 2000000 values"},
		{"aliases of aliases", laughs(), "accounts[0].keys: must be a list, such as [one, two]"},
		{"an anchor in itself", "version: 1\naccounts: &a [*a, *a]", "the value at the anchor &a holds its own alias *a"},
		{"a long list in YAML", "version: 1\ndefault: {messaging: [" + strings.Repeat("US,", 3_000_001), "more than 2000000 commas and lines"},
		{"a long list in JSON", `{"version": 1, "default": {"messaging": [` + strings.Repeat("\n", 3_000_001), "more than 2000000 commas and lines"},
		{"open brackets in YAML", "version: 1\naccounts: " + strings.Repeat("[", many), "exceeded max depth"},
		{"open braces in YAML", "version: 1\naccounts: " + strings.Repeat("{a: ", many), "exceeded max depth"},
		{"dashes in YAML", "version: 1\naccounts:\n" + strings.Repeat("- ", many), "exceeded max depth"},
		{"question marks in YAML", strings.Repeat("? ", many), "exceeded max depth"},
		{"blocks in YAML", blocks(5000), "values nest more than 32 levels deep"},
		{"open brackets in JSON", `{"accounts":` + strings.Repeat("[", many), "values nest more than 32 levels deep"},
		{"open braces in JSON", strings.Repeat(`{"a":`, many), "values nest more than 32 levels deep"},
		{"a long name", "version: 1\n? " + strings.Repeat("a", many) + "\n: b", "must be one of version"},
	} {
		t.Run(c.name, func(t *testing.T) {
			begin := time.Now()
			_, err := config.ParseFile("policy.yaml", []byte(c.text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %.500v\nwant %s", err, c.want)
			}
			if took := time.Since(begin); took > 20*time.Second {
				t.Errorf("took %v", took)
			}
			t.Log(time.Since(begin))
		})
	}
}

// laughs is a list of lists of lists, each ten times the one before.
func laughs() string {
	text := "version: 1\naccounts:\n- keys: {a: &l0 [x]"
	for level := range 20 {
		text += fmt.Sprintf(", b%d: &l%d [%s]", level, level+1, strings.Repeat(fmt.Sprintf("*l%d, ", level), 10))
	}
	return text + "}"
}

// blocks are so many objects, each indented under the one before.
func blocks(depth int) string {
	var text strings.Builder
	for level := range depth {
		text.WriteString(strings.Repeat(" ", level) + "a:\n")
	}
	return text.String()
}

func TestEveryValueHasItsPosition(t *testing.T) {
	const inYAML = "version: 1\ndefault:\n  messaging: [US, CA]\naccounts:\n  - id: AC1\n    label: Blériot; # Ü\n    senders:\n      日本: {messaging: [JP]}\n    voice: {low_risk: [é, US]}\n"
	const inJSON = "{\"version\": 1,\n \"accounts\": [{\"label\": \"日本\", \"keys\":\n[ \"SK1\"\t, \"SK2\"]}]}"
	for _, c := range []struct {
		text, path   string
		line, column int
	}{
		{inYAML, "version", 1, 10},
		{inYAML, "default", 3, 3},
		{inYAML, "default.messaging", 3, 14},
		{inYAML, "default.messaging[1]", 3, 19},
		{inYAML, "accounts[0]", 5, 5},
		{inYAML, "accounts[0].label", 6, 12},
		{inYAML, "accounts[0].senders.日本", 8, 7},
		{inYAML, "accounts[0].senders.日本.messaging[0]", 8, 24},
		{inYAML, "accounts[0].voice.low_risk[1]", 9, 27},
		{inJSON, "version", 1, 13},
		{inJSON, "accounts", 2, 14},
		{inJSON, "accounts[0]", 2, 15},
		{inJSON, "accounts[0].label", 2, 25},
		{inJSON, "accounts[0].keys", 3, 1},
		{inJSON, "accounts[0].keys[0]", 3, 3},
		{inJSON, "accounts[0].keys[1]", 3, 11},
	} {
		source, err := config.ParseFile("policy.yaml", []byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := source.Positions.At(c.path), (decode.Position{File: "policy.yaml", Line: c.line, Column: c.column}); got != want {
			t.Errorf("%s is at %v, want %v", c.path, got, want)
		}
	}
}

// files of the current folder, by how their names end.
func files(t *testing.T, endings ...string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if slices.Contains(endings, filepath.Ext(entry.Name())) {
			names = append(names, entry.Name())
		}
	}
	if len(names) == 0 {
		t.Fatal("no files")
	}
	return names
}
