package tollgate_test

import (
	"encoding/json"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2/caddyconfig"
	_ "github.com/caddyserver/caddy/v2/caddyconfig/httpcaddyfile"

	_ "github.com/caddy-tollgate/tollgate"
)

// Each public word stands in the glossary, or on a page to which it leads.
func TestTheGlossaryHasEveryWord(t *testing.T) {
	for _, group := range []struct {
		what  string
		words []string
		pages []string
		least int
	}{
		{"options of the Caddyfile", caddyfileOptions(t), []string{"glossary.md"}, 50},
		{"members of the policy file", schemaMembers(t), []string{"glossary.md"}, 30},
		{"fields of the access log", wordsOfCode(t, `\.Add(?:String|Int|Bool)\("(\w+)"`,
			"caddymodule/telemetry/access_log.go", "caddymodule/denials"), []string{"glossary.md"}, 14},
		{"reasons", wordsOfCode(t, `Reason\s*= "(\w+)"`, "policy", "carrier", "internal"),
			[]string{"reasons.md"}, 50},
		{"metrics", wordsOfCode(t, `(?m)(?:^\t+Name:\s+|Subsystem, )"(\w+_\w+)"`, "caddymodule/telemetry", "caddymodule/app"),
			[]string{"access-log.md"}, 13},
	} {
		if len(group.words) < group.least {
			t.Errorf("found only %d %s: %q", len(group.words), group.what, group.words)
		}
		known := map[string]bool{}
		glossary := readFile(t, "docs/glossary.md")
		for _, page := range group.pages {
			if page != "glossary.md" && !strings.Contains(glossary, "("+page) {
				t.Errorf("the glossary does not lead to %s, which has the %s", page, group.what)
			}
			for _, line := range strings.Split(readFile(t, filepath.Join("docs", page)), "\n") {
				if page == "glossary.md" { // the word, and not what another one means
					if cells := strings.Split(line, "|"); len(cells) > 2 {
						line = cells[1]
					} else {
						continue
					}
				}
				for _, match := range codeSpan.FindAllString(line, -1) {
					known[strings.TrimPrefix(strings.Trim(match, "`"), "caddy_tollgate_")] = true
				}
			}
		}
		for _, word := range group.words {
			if !known[word] {
				t.Errorf("%q, of the %s, stands in none of %s", word, group.what, group.pages)
			}
		}
	}
}

// caddyfileOptions are the options that each block can have, by what its parser says
// there is.
func caddyfileOptions(t *testing.T) (options []string) {
	t.Helper()
	const acme = "AC11111111111111111111111111111111"
	for _, blocks := range []string{
		"{ tollgate {", "{ tollgate { account " + acme + " {", "{ tollgate { default {",
		"{ tollgate { account " + acme + " { sender +14155550100 {",
		"{ tollgate { feed f l {", "{ tollgate { broker {", "{ tollgate { request_bodies {", "{ tollgate { counters redis localhost:6379 {", "{ tollgate { administrators {", "{ tollgate { openings {",
		"{ tollgate { webhook https://alerts.example {", "{ tollgate { email {",
		":80 { tollgate twilio {", ":80 { tollgate twilio { credential_check {", ":80 { tollgate_twiml {",
		":80 { log { format tollgate {",
	} {
		text := strings.ReplaceAll(blocks, "{ ", "{\n") + "\nfrobnicate x\n" + strings.Repeat("}\n", strings.Count(blocks, "{"))
		_, _, err := caddyconfig.GetAdapter("caddyfile").Adapt([]byte(text), nil)
		if err == nil {
			t.Fatalf("adapts:\n%s", text)
		}
		_, words, found := strings.Cut(err.Error(), "must be one of ")
		if words, _, _ = strings.Cut(words, ", at "); !found || words == "" {
			t.Fatalf("%v does not say which options there are:\n%s", err, text)
		}
		options = append(options, strings.Split(words, ", ")...)
	}
	return options
}

// schemaMembers are the members of the policy file.
func schemaMembers(t *testing.T) (members []string) {
	t.Helper()
	var schema any
	if err := json.Unmarshal([]byte(readFile(t, "config/schema.json")), &schema); err != nil {
		t.Fatal(err)
	}
	var walk func(value any)
	walk = func(value any) {
		switch value := value.(type) {
		case []any:
			for _, item := range value {
				walk(item)
			}
		case map[string]any:
			if properties, ok := value["properties"].(map[string]any); ok {
				for name := range properties {
					members = append(members, name)
				}
			}
			for _, item := range value {
				walk(item)
			}
		}
	}
	walk(schema)
	return members
}

// wordsOfCode are the words that a pattern finds in the Go files below some folders, those
// of tests left out.
func wordsOfCode(t *testing.T, pattern string, places ...string) (words []string) {
	t.Helper()
	for _, place := range places {
		err := filepath.WalkDir(place, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				return err
			}
			for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(readFile(t, name), -1) {
				words = append(words, match[1])
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return words
}
