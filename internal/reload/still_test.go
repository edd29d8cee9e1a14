package reload

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// replace puts a new file in the place of another, as editors and tools do.
func replace(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file+".new", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(file+".new", file); err != nil {
		t.Fatal(err)
	}
}

func TestAFileThatIsReplacedWhileItIsReadIsReadAgain(t *testing.T) {
	for _, c := range []struct {
		name    string
		change  func(t *testing.T, file string, reads int)
		content string
		reads   int
	}{
		{"a file that stays is read once", func(*testing.T, string, int) {}, "first", 1},
		{"a file that is replaced is read again", func(t *testing.T, file string, reads int) {
			if reads == 1 {
				replace(t, file, "second")
			}
		}, "second", 2},
		{"a file that is written to is not in force", func(t *testing.T, file string, _ int) {
			if err := os.WriteFile(file, []byte("half of it"), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "", 1},
		{"a file that is replaced over and over is not in force", func(t *testing.T, file string, reads int) {
			replace(t, file, strings.Repeat("x", reads))
		}, "", replacements},
		{"a file that is gone is not in force", func(t *testing.T, file string, _ int) {
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
		}, "", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "policy.yaml")
			replace(t, file, "first")
			reads := 0
			_, content, err := readStill("policy file", file, func(file string) (string, error) {
				text, err := os.ReadFile(file)
				reads++
				c.change(t, file, reads)
				return string(text), err
			})
			if (err == nil) != (c.content != "") || err == nil && content != c.content {
				t.Errorf("read %q: %v", content, err)
			}
			if reads != c.reads {
				t.Errorf("read %d times, want %d", reads, c.reads)
			}
		})
	}
}
