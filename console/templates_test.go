package console

import (
	"io/fs"
	"regexp"
	"testing"
)

// inline is what the policy for content refuses in a page. What data-on… has is taken for a script,
// too, and written as one.
var inline = regexp.MustCompile(`(?i)\sstyle=|\s(?:data-)?on[a-z]+=|<style|<script(?:>|\s+(?:type="[a-z]+"\s*)?>)|javascript:`)

func TestTemplatesHaveNoScriptsAndNoStylesWithin(t *testing.T) {
	names, err := fs.Glob(templateFiles, "templates/*.html")
	parts, err2 := fs.Glob(templateFiles, "templates/parts/*.html")
	if err != nil || err2 != nil || len(names) < 5 || len(parts) < 3 {
		t.Fatalf("found %d templates and %d parts: %v, %v", len(names), len(parts), err, err2)
	}
	names = append(names, parts...)
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
