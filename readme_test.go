package tollgate_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// TestREADME starts what the README starts, runs the commands it shows and makes the change
// it asks for. Their answers must be the README's, except what differs with every request.
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

	run, ok := strings.CutPrefix(blocks[0], program)
	if !ok {
		t.Fatalf("the first command starts nothing: %s", blocks[0])
	}
	arguments := strings.Fields(run)
	addresses, log := startFromREADME(t, arguments)
	caddyfile := arguments[len(arguments)-1]

	examples := 0
	for i, block := range blocks {
		switch {
		case i == 0:
		case strings.HasPrefix(block, `"tollgate":`):
			// A line of the log may come after the answer that it is about.
			harness.Await(t, "the log has what the README says: "+block, func() bool {
				return strings.Contains(withoutIdentity(readFile(t, log)), withoutIdentity(block))
			})
		case strings.HasPrefix(block, "-"):
			edit(t, caddyfile, block)
		case strings.HasPrefix(block, program+"reload "):
			output := runFromREADME(t, block, caddyfile)
			if strings.Contains(output, "rror") {
				t.Errorf("%s\nprints\n%s", block, output)
			}
		case strings.HasPrefix(block, program):
			output := runFromREADME(t, block, caddyfile)
			if got, want := withoutIdentity(output), withoutIdentity(blocks[i+1]); got != want {
				t.Errorf("%s\nprints\n%s\nand not as the README says\n%s", block, got, want)
			}
		case strings.HasPrefix(block, "curl "):
			examples++
			command := addresses.Replace(block)
			output, err := exec.Command(curl, append([]string{"--silent"}, strings.Fields(command)[1:]...)...).Output()
			if err != nil {
				t.Fatalf("%s\n%v", command, err)
			}
			if got, want := withoutIdentity(string(output)), withoutIdentity(blocks[i+1]); got != want {
				t.Errorf("%s\nanswers\n%s\nand not as the README says\n%s", command, got, want)
			}
		}
	}
	if examples != 3 {
		t.Errorf("ran %d examples, want one that passes, one that is refused, and that one once it is enabled", examples)
	}
}

// program is how the README calls the program.
const program = "go run ./cmd/tollgate "

// runFromREADME runs a command of the program on the Caddyfile in place of the README's,
// and returns what it prints.
func runFromREADME(t *testing.T, block, caddyfile string) string {
	t.Helper()
	arguments := strings.Fields(strings.TrimPrefix(block, program))
	for i, argument := range arguments {
		if filepath.Base(argument) == "Caddyfile" {
			arguments[i] = caddyfile
		}
	}
	output, err := exec.Command(harness.Build(t, "cmd/tollgate"), arguments...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s\n%v\n%s", block, err, output)
	}
	return strings.TrimRight(string(output), "\n")
}

// edit replaces a line of a file, as the two lines of a difference say.
func edit(t *testing.T, file, difference string) {
	t.Helper()
	before, after, _ := strings.Cut(strings.TrimPrefix(difference, "-"), "\n+")
	text := readFile(t, file)
	if strings.Count(text, before+"\n") != 1 {
		t.Fatalf("%s has not one line %q to replace", file, before)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(text, before+"\n", after+"\n", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// codeBlocks returns the insides of the README's blocks of commands and what they print.
func codeBlocks(text string) []string {
	var blocks []string
	for _, match := range regexp.MustCompile("(?s)```(?:sh|json|text|diff)\n(.*?)\n```").FindAllStringSubmatch(text, -1) {
		blocks = append(blocks, match[1])
	}
	return blocks
}

// withoutIdentity takes out of an answer what is new each time.
func withoutIdentity(text string) string {
	for pattern, replacement := range map[string]string{
		`SM[0-9a-f]{32}`:          "SM…",
		`"policy":"[0-9a-f]{12}"`: "policy",
		`, \d{4}-\d\d-\d\d \d\d:\d\d UTC, policy [0-9a-f]{12}`:          "policy",
		`[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000`: "now",
	} {
		text = regexp.MustCompile(pattern).ReplaceAllString(text, replacement)
	}
	return text
}

// startFromREADME runs the binary with the README's arguments,
// on ports that are free on this machine. It returns what puts the addresses of these in
// place of those that are written, and the file that the binary logs to.
func startFromREADME(t *testing.T, arguments []string) (addresses *strings.Replacer, log string) {
	t.Helper()
	folder := t.TempDir()
	gate, management, admin := harness.FreeAddress(t), harness.FreeAddress(t), harness.FreeAddress(t)
	sandbox := harness.FreeAddress(t)
	hasStore := false
	for i, argument := range arguments {
		if filepath.Base(argument) != "Caddyfile" {
			continue
		}
		text, err := os.ReadFile(argument)
		if err != nil {
			t.Fatal(err)
		}
		ports := strings.NewReplacer("8080", harness.Port(gate), "8081", harness.Port(sandbox),
			"8082", harness.Port(management), "localhost:2019", admin)
		hasStore = strings.Contains(string(text), "\n\t\tstore ")
		arguments[i] = filepath.Join(folder, "Caddyfile")
		if err := os.WriteFile(arguments[i], []byte(ports.Replace(string(text))), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	process := harness.Start(t, exec.Command(harness.Build(t, "cmd/tollgate"), arguments...))
	process.AwaitListening(t, gate)
	if hasStore {
		awaitStore(t, admin)
	}
	addresses = strings.NewReplacer("localhost:8080", gate, "localhost:8082", management, "localhost:2019", admin)
	return addresses, process.LogFile()
}

// awaitStore waits until a gate has read its store. It may listen before, and sends nothing
// until then.
func awaitStore(t *testing.T, admin string) {
	t.Helper()
	harness.Await(t, "the gate has read its store", func() bool {
		response, err := http.Get("http://" + admin + "/tollgate/v1/accounts/none")
		if err != nil {
			return false
		}
		defer response.Body.Close()
		// Before the gate is there at all, Caddy answers 404 too.
		return response.StatusCode == http.StatusNotFound && response.Header.Get("Content-Type") == "application/problem+json"
	})
}
