package clients_test

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// The traffic behind what docs/first-week.md shows. No plan has assigned the range of the
// last number to anyone.
var firstWeek = []string{inUS, inUS, inUZ, inUZ, inUZ, "+447400123456", "+12010000000"}

// TestTheFirstWeekIsAsThePageShowsIt runs the page's commands on the log and the
// metrics of a gate that observes. What they print must be the page's.
func TestTheFirstWeekIsAsThePageShowsIt(t *testing.T) {
	for _, tool := range []string{"curl", "jq"} {
		if _, err := exec.LookPath(tool); err != nil {
			without(t, tool)
		}
	}
	text, err := os.ReadFile(root + "/examples/quickstart/Caddyfile")
	if err != nil {
		t.Fatal(err)
	}
	address, sandbox, admin := harness.FreeAddress(t), harness.FreeAddress(t), harness.FreeAddress(t)
	caddyfile := strings.NewReplacer(
		":8080", port(address), ":8081", port(sandbox),
		"localhost:2019", admin,
		"tollgate {\n\t\taccount", "tollgate {\n\t\tobserve\n\t\taccount",
	).Replace(string(text))
	if !strings.Contains(caddyfile, "observe") {
		t.Fatal("the quickstart has changed: this test does not know where to write observe")
	}
	s := startGate(t, caddyfile, address)
	command := goProgram("message")(t)
	for _, to := range firstWeek {
		if output, ok := run(t, command, to, "TOLLGATE=http://"+address); !ok {
			t.Errorf("a message to %s under observe: %s", to, output)
		}
	}
	s.waitForLog(t, `"tollgate":{`, len(firstWeek))

	page, err := os.ReadFile(root + "/docs/first-week.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := regexp.MustCompile("(?s)```sh\n([^`]*?)```\n\n```text\n([^`]*?)```").FindAllStringSubmatch(string(page), -1)
	if len(examples) < 3 {
		t.Fatalf("found %d commands with what they print", len(examples))
	}
	for _, example := range examples {
		shell := exec.Command("sh", "-c", strings.ReplaceAll(example[1], "localhost:2019", admin))
		shell.Dir = s.Folder
		output, err := shell.CombinedOutput()
		if err != nil {
			t.Errorf("%s%v\n%s", example[1], err, output)
			continue
		}
		if got, want := lines(string(output)), lines(example[2]); !slices.Equal(got, want) {
			t.Errorf("%sprints\n%s\nand not as the page says\n%s", example[1], strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// lines are a text's lines without the space around them.
func lines(text string) []string {
	var all []string
	for line := range strings.Lines(strings.TrimSpace(text)) {
		all = append(all, strings.TrimSpace(line))
	}
	return all
}
