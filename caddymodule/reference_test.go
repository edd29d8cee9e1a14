package caddymodule_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/caddymodule/app"
	"github.com/caddy-tollgate/tollgate/config"
)

func readPage(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "docs", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// block returns the first code block of a kind that begins with some text.
func block(t *testing.T, page, kind, begin string) string {
	t.Helper()
	for _, match := range regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```$").FindAllStringSubmatch(page, -1) {
		if match[1] == kind && strings.HasPrefix(match[2], begin) {
			return match[2]
		}
	}
	t.Fatalf("no block that begins with %q", begin)
	return ""
}

// The reference shows one policy in two spellings.
func TestTheExamplesOfTheReferenceSayTheSame(t *testing.T) {
	page := readPage(t, "configuration.md")
	var app app.App
	if err := caddy.StrictUnmarshalJSON(adaptedPolicy(t, block(t, page, "", "{\n\ttollgate {")), &app); err != nil {
		t.Fatal(err)
	}
	source, err := config.ParseFile("policy.yaml", []byte(block(t, page, "yaml", "version: 1")))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(app.Document, source.Document) {
		one, _ := json.Marshal(app.Document)
		other, _ := json.Marshal(source.Document)
		t.Errorf("the Caddyfile says\n%s\nthe policy file\n%s", one, other)
	}
}

// What can be written stands in the reference: every word of the Caddyfile, by
// what the parser itself says there is, and every member of the policy file.
func TestTheReferenceHasEveryWord(t *testing.T) {
	page := readPage(t, "configuration.md")
	for _, place := range []string{
		"{\n\ttollgate {\n\t\tfrobnicate\n\t}\n}\n",
		"{\n\ttollgate {\n\t\taccount " + acme + " {\n\t\t\tfrobnicate\n\t\t}\n\t}\n}\n",
		":80 {\n\ttollgate twilio {\n\t\tfrobnicate\n\t}\n}\n",
	} {
		_, err := adapt(place)
		if err == nil {
			t.Fatalf("adapts:\n%s", place)
		}
		_, words, _ := strings.Cut(err.Error(), "must be one of ")
		words, _, _ = strings.Cut(words, ", at ")
		for _, word := range strings.Split(words, ", ") {
			if word == "" || !regexp.MustCompile("(?m)^\\| `"+word+"\\b").MatchString(page) {
				t.Errorf("no row for %q", word)
			}
		}
	}
	example := block(t, page, "yaml", "version: 1")
	for _, name := range membersOf(reflect.TypeFor[config.Document]()) {
		// Of the members that an example of everything cannot have, only the word.
		if !strings.Contains(example, name+":") && !strings.Contains(page, "`"+name+"`") {
			t.Errorf("no member %q", name)
		}
	}
}

// membersOf lists the names of the members of a type and of all within it.
func membersOf(t reflect.Type) (names []string) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return membersOf(t.Elem())
	case reflect.Struct:
		for _, field := range reflect.VisibleFields(t) {
			if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" {
				names = append(append(names, name), membersOf(field.Type)...)
			}
		}
	}
	return names
}

func TestTheReferenceHasEveryMetric(t *testing.T) {
	s := startFileServer(t, policyFile("US"))
	s.status(t, inUS)
	_, text := s.ask(t, "GET", "/metrics", "", "")
	page := readPage(t, "access-log.md")
	found := regexp.MustCompile(`(?m)^# TYPE (caddy_tollgate_\w+) `).FindAllStringSubmatch(text, -1)
	for _, match := range found {
		if !strings.Contains(page, "`"+match[1]+"`") {
			t.Errorf("no metric %s", match[1])
		}
	}
	if len(found) < 6 {
		t.Errorf("only %d metrics are there", len(found))
	}
}
