package tollgate_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// A test that sleeps is slow when all is well and fails on a machine that is busy.
func TestNoTestSleeps(t *testing.T) {
	files := 0
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git"):
			return filepath.SkipDir
		case entry.IsDir() || !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		files++
		parsed := token.NewFileSet()
		file, err := parser.ParseFile(parsed, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(node ast.Node) bool {
			selected, ok := node.(*ast.SelectorExpr)
			if !ok || selected.Sel.Name != "Sleep" {
				return true
			}
			if x, ok := selected.X.(*ast.Ident); ok && x.Name == "time" {
				t.Errorf("%s: time.Sleep waits too long on a machine that is idle, and not long enough on one that is busy. "+
					"Wait for what is to happen (harness.Await), block a slow server on a channel that the test closes, "+
					"or move the clock of a synctest bubble (harness.Advance)", parsed.Position(node.Pos()))
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 100 {
		t.Errorf("only %d files of tests are found", files)
	}
}
