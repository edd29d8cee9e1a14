package console

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/text/language"
)

// quoted is a text in Go or in a template that may be the ID of one of the catalogue, asked is
// one that must be, and beginning the first part of one that is put together.
var (
	quoted    = regexp.MustCompile(`"([a-z_]+\.[a-z_0-9]+)"`)
	asked     = regexp.MustCompile(`(?:\bt |\btext\()"([^"]+)"`)
	beginning = regexp.MustCompile(`"([a-z_]+\.(?:[a-z_0-9]+_)?)(?:%s)?"|\bword "([a-z_]+)"`)
)

func TestEveryTextThatIsAskedForIsInTheCatalogueAndEveryOneInItIsAskedFor(t *testing.T) {
	catalogue, err := readTexts(language.English)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	var beginnings []string
	for _, name := range sources(t) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range asked.FindAllStringSubmatch(string(text), -1) {
			if !catalogue.known[match[1]] && !strings.HasSuffix(match[1], ".") && !strings.HasSuffix(match[1], "_") {
				t.Errorf("%s asks for %q, which the catalogue does not have", name, match[1])
			}
		}
		for _, match := range quoted.FindAllStringSubmatch(string(text), -1) {
			names[match[1]] = true
		}
		for _, match := range beginning.FindAllStringSubmatch(string(text), -1) {
			if match[2] != "" {
				match[1] = match[2] + "."
			}
			beginnings = append(beginnings, match[1])
		}
	}
	for id := range catalogue.known {
		used := names[id]
		for _, b := range beginnings {
			used = used || strings.HasPrefix(id, b)
		}
		if !used {
			t.Errorf("nothing asks for %q of the catalogue", id)
		}
	}
	for _, s := range navigation {
		if !catalogue.known[s.Text] {
			t.Errorf("the section %s has the text %q, which the catalogue does not have", s.Path, s.Text)
		}
	}
	if len(catalogue.known) < 30 {
		t.Errorf("the catalogue has %d texts", len(catalogue.known))
	}
}

// sources are the files that ask for texts.
func sources(t *testing.T) (names []string) {
	t.Helper()
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		isSource := strings.HasSuffix(name, ".html") || strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go")
		if err == nil && isSource {
			names = append(names, name)
		}
		return err
	})
	if err != nil || len(names) < 10 {
		t.Fatalf("found %d sources: %v", len(names), err)
	}
	return names
}

func TestATextThatDependsOnANumberIsThatOfTheNumber(t *testing.T) {
	s := statedText{plural: map[string]string{"one": "%d account", "other": "%d accounts"}}
	catalogue, err := newTexts(language.English, map[string]statedText{"test.count": s})
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int]string{0: "0 accounts", 1: "1 account", 2: "2 accounts", 12345: "12,345 accounts"} {
		if got := catalogue.text("test.count", n); got != want {
			t.Errorf("%d is %q, not %q", n, got, want)
		}
	}
}
