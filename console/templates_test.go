package console

import (
	"io/fs"
	"regexp"
	"testing"
)

// inline is what the policy for content refuses in a page.
var inline = regexp.MustCompile(`(?i)\sstyle=|\son[a-z]+=|<style|<script(?:>|\s+(?:type="[a-z]+"\s*)?>)|javascript:`)

func TestTemplatesHaveNoScriptsAndNoStylesWithin(t *testing.T) {
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil || len(names) < 5 {
		t.Fatalf("found %d templates: %v", len(names), err)
	}
	for _, name := range names {
		text, err := templateFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if found := inline.Find(text); found != nil {
			t.Errorf("%s has %q", name, found)
		}
	}
}
