package clients_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// programs are the files that docs/clients.md shows, by their endings.
var programs = []string{".go", ".js", ".py", ".rb", ".php", ".java", ".cs", ".sh"}

// The page shows the programs that are tested, and nothing that only looks like
// them.
func TestThePageShowsTheProgramsAsTheyAre(t *testing.T) {
	page, err := os.ReadFile(root + "/docs/clients.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := make(map[string]bool)
	for _, block := range regexp.MustCompile("(?s)```(?:go|js|python|ruby|php|java|csharp|sh)\n(.*?)```").FindAllStringSubmatch(string(page), -1) {
		shown[block[1]] = false
	}
	err = filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.Name() == "node_modules" || entry.Name() == "testdata":
			return fs.SkipDir
		case entry.IsDir() || !slices.Contains(programs, filepath.Ext(path)) || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if _, ok := shown[string(text)]; !ok {
			t.Errorf("the page does not show %s as it is", path)
		}
		shown[string(text)] = true
		if !strings.Contains(string(page), "(../examples/clients/"+filepath.ToSlash(path)+")") {
			t.Errorf("the page has no link to %s", path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for text, file := range shown {
		if !file {
			t.Errorf("the page shows what is in no file:\n%s", text)
		}
	}
}

// What the page quotes of Caddyfiles stands in an example.
func TestThePageQuotesTheCaddyfiles(t *testing.T) {
	page, err := os.ReadFile(root + "/docs/clients.md")
	if err != nil {
		t.Fatal(err)
	}
	var whole strings.Builder
	for _, example := range []string{"private-dns", "products"} {
		caddyfile, err := os.ReadFile(root + "/examples/" + example + "/Caddyfile")
		if err != nil {
			t.Fatal(err)
		}
		whole.WriteString(strings.Join(lines(string(caddyfile)), "\n"))
	}
	quotes := regexp.MustCompile("(?s)```caddyfile\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	if len(quotes) == 0 {
		t.Error("the page quotes nothing")
	}
	for _, quote := range quotes {
		if !strings.Contains(whole.String(), strings.Join(lines(quote[1]), "\n")) {
			t.Errorf("no example has such lines:\n%s", quote[1])
		}
	}
}
