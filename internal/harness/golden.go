package harness

import (
	"flag"
	"os"
	"testing"
)

// Update is the flag -update of a test: golden files are written and not compared.
var Update = flag.Bool("update", false, "write the golden files, to be reviewed")

// Golden compares a text with a golden file, byte for byte. Under -update it writes the
// file.
func Golden(t testing.TB, file, got string) {
	t.Helper()
	if *Update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (-update writes it)", err)
	}
	if got != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s", file, got, want)
	}
}
