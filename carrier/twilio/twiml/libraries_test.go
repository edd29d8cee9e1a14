package twiml

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// The libraries run only to update the corpus, which is checked in.
func TestLibrariesWriteTheCorpus(t *testing.T) {
	if !*harness.Update {
		t.Skip("only with -update")
	}
	for file, program := range map[string][]string{
		"go.txt":   {"go", "run", "-C", "testdata/libraries/go", "."},
		"node.txt": {"node", "testdata/libraries/node.js"},
	} {
		command := exec.Command(program[0], program[1:]...)
		command.Stderr = os.Stderr
		output, err := command.Output()
		if err != nil {
			t.Fatalf("%s: %v", strings.Join(program, " "), err)
		}
		var documents [][2]string
		if err := json.Unmarshal(output, &documents); err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, d := range documents {
			fmt.Fprintf(&b, "=== %s\n%s\n---\n%s\n\n", d[0], escape(d[1]), describe(d[1]))
		}
		if err := os.WriteFile("testdata/libraries/"+file, []byte(strings.TrimRight(b.String(), "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
