package tollgate_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// TestREADME starts what the README starts and runs the commands it shows.
// Their answers must be the README's, except what differs with every request.
func TestREADME(t *testing.T) {
	curl, err := exec.LookPath("curl")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("the README's commands need curl, which is not installed")
	}
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := codeBlocks(string(text))

	run, ok := strings.CutPrefix(blocks[0], "go run ./cmd/tollgate ")
	if !ok {
		t.Fatalf("the first command starts nothing: %s", blocks[0])
	}
	gate, log := startFromREADME(t, strings.Fields(run))

	examples := 0
	for i, block := range blocks {
		if strings.HasPrefix(block, `"tollgate":`) {
			logged, err := os.ReadFile(log)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(withoutIdentity(string(logged)), withoutIdentity(block)) {
				t.Errorf("the log\n%s\nlacks what the README says\n%s", logged, block)
			}
		}
		if !strings.HasPrefix(block, "curl ") {
			continue
		}
		examples++
		command := strings.ReplaceAll(block, "localhost:8080", gate)
		output, err := exec.Command(curl, append([]string{"--silent"}, strings.Fields(command)[1:]...)...).Output()
		if err != nil {
			t.Fatalf("%s\n%v", command, err)
		}
		if got, want := withoutIdentity(string(output)), withoutIdentity(blocks[i+1]); got != want {
			t.Errorf("%s\nanswers\n%s\nand not as the README says\n%s", command, got, want)
		}
	}
	if examples != 2 {
		t.Errorf("ran %d examples, want one that passes and one that is refused", examples)
	}
}

// codeBlocks returns the insides of the README's shell and JSON blocks.
func codeBlocks(text string) []string {
	var blocks []string
	for _, match := range regexp.MustCompile("(?s)```(?:sh|json)\n(.*?)\n```").FindAllStringSubmatch(text, -1) {
		blocks = append(blocks, match[1])
	}
	return blocks
}

// withoutIdentity takes out of an answer what is new each time.
func withoutIdentity(text string) string {
	for pattern, replacement := range map[string]string{
		`SM[0-9a-f]{32}`:          "SM…",
		`"policy":"[0-9a-f]{12}"`: "policy",
		`[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000`: "now",
	} {
		text = regexp.MustCompile(pattern).ReplaceAllString(text, replacement)
	}
	return text
}

// startFromREADME runs the binary with the README's arguments,
// on ports that are free on this machine. It returns the address of the gate
// and the file that the binary logs to.
func startFromREADME(t *testing.T, arguments []string) (gate, log string) {
	t.Helper()
	folder := t.TempDir()
	gate = harness.FreeAddress(t)
	sandbox := harness.FreeAddress(t)
	for i, argument := range arguments {
		if filepath.Base(argument) != "Caddyfile" {
			continue
		}
		text, err := os.ReadFile(argument)
		if err != nil {
			t.Fatal(err)
		}
		ports := strings.NewReplacer("8080", harness.Port(gate), "8081", harness.Port(sandbox))
		arguments[i] = filepath.Join(folder, "Caddyfile")
		if err := os.WriteFile(arguments[i], []byte(ports.Replace(string(text))), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	process := harness.Start(t, exec.Command(harness.Build(t, "cmd/tollgate"), arguments...))
	process.AwaitListening(t, gate)
	return gate, process.LogFile()
}
