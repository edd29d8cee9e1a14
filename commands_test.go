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

func TestMain(m *testing.M) { os.Exit(harness.Main(m)) }

// example is a shell block and the text block behind it.
var example = regexp.MustCompile("(?s)```sh\n(.*?)\n```\n\n```text\n(.*?)```")

// TestCommandsPage runs what docs/commands.md shows. What is printed must be what
// the page says.
func TestCommandsPage(t *testing.T) {
	if _, err := exec.LookPath("jq"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("one of the page's commands needs jq, which is not installed")
	}
	folder := t.TempDir()
	program := harness.Build(t, "cmd/tollgate")
	// The commands name files of the repository and write into the directory.
	if err := os.CopyFS(filepath.Join(folder, "examples/policy-file"), os.DirFS("examples/policy-file")); err != nil {
		t.Fatal(err)
	}
	const page = "docs/commands.md"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	examples := 0
	written := example.ReplaceAllStringFunc(string(text), func(block string) string {
		match := example.FindStringSubmatch(block)
		examples++
		shell := exec.Command("sh", "-c", match[1])
		shell.Dir = folder
		shell.Env = append(os.Environ(), "PATH="+filepath.Dir(program)+":"+os.Getenv("PATH"))
		// A status of 1 is an answer.
		output, err := shell.CombinedOutput()
		if err != nil && shell.ProcessState.ExitCode() != 1 {
			t.Errorf("%s\n%v\n%s", match[1], err, output)
		}
		if got := string(output); got != match[2] && !*harness.Update {
			t.Errorf("%s\nprints\n%s\nand not as the page says\n%s", match[1], got, match[2])
		}
		return strings.Replace(block, "```text\n"+match[2], "```text\n"+string(output), 1)
	})
	if examples < 5 {
		t.Errorf("ran %d examples", examples)
	}
	if *harness.Update {
		if err := os.WriteFile(page, []byte(written), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// Every flag of ours has its place on the page.
func TestCommandsPageHasEveryFlag(t *testing.T) {
	page, err := os.ReadFile("docs/commands.md")
	if err != nil {
		t.Fatal(err)
	}
	program := harness.Build(t, "cmd/tollgate")
	for _, command := range []string{"explain", "check", "diff", "accounts", "territories", "prefixes", "import prefixes", "import twilio", "drift", "mirror", "key create", "key list", "key revoke", "key operations",
		"policy push", "policy pull", "policy diff", "unused", "account list", "account show", "account put", "account add", "account remove", "account delete",
		"block", "block list", "block delete", "allow", "open", "open list", "open end", "approve", "suspend", "resume", "panic", "incident list",
		"token create", "token list", "token revoke", "audit list", "audit tail", "feed list", "feed show", "feed test", "feed diff", "audit report", "schema", "version"} {
		help, err := exec.Command(program, append(strings.Fields(command), "--help")...).CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, help)
		}
		flags := regexp.MustCompile(`(?m)^ +(?:-\w, )?(--[a-z-]+)`).FindAllStringSubmatch(string(help), -1)
		if len(flags) == 0 {
			t.Errorf("%s has no flags:\n%s", command, help)
		}
		for _, match := range flags {
			if match[1] != "--help" && !strings.Contains(string(page), match[1]) {
				t.Errorf("%s of %s is not on the page", match[1], command)
			}
		}
	}
}
