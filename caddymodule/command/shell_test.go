package command_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What the shell asks for is asked as the scripts of `tollgate completion` do.
func TestTheShellKnowsTheWordsOfTheGate(t *testing.T) {
	folder := folder(t)
	for name, c := range map[string]struct {
		words []string
		has   string // a line, with its description
		lacks string
	}{
		"accounts of the policy that is named":    {[]string{"explain", "--policy", "policy.yaml", "--account", ""}, acme + "\tAcme", ""},
		"accounts of the Caddyfile, if none is":   {[]string{"check", "--account", ""}, acme, child},
		"no accounts of a policy with a mistake":  {[]string{"explain", "--policy", "mistake.yaml", "--account", ""}, ":4", acme},
		"no accounts of a policy yet to be typed": {[]string{"explain", "--policy", "-", "--account", ""}, ":4", acme},
		"channels":                         {[]string{"check", "--channel", ""}, "voice", ""},
		"channels of a key":                {[]string{"key", "create", "--channel", ""}, "messaging", ""},
		"classes":                          {[]string{"check", "--class", ""}, "low_risk", ""},
		"territories":                      {[]string{"territories", ""}, "UZ\tUzbekistan", ""},
		"territories that must be enabled": {[]string{"check", "--enabled", ""}, "UZ\tUzbekistan", ""},
		"the same under tollgate":          {[]string{"tollgate", "prefixes", ""}, "LV\tLatvia", ""},
	} {
		t.Run(name, func(t *testing.T) {
			command := exec.Command(program(t), append([]string{"__complete"}, c.words...)...)
			command.Dir = folder
			output, err := command.Output()
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains("\n"+string(output), "\n"+c.has+"\n") || c.lacks != "" && strings.Contains(string(output), c.lacks) {
				t.Errorf("is offered\n%s\nwant %q and not %q", output, c.has, c.lacks)
			}
		})
	}
}

func TestManPagesHaveEveryCommandOnceAndItsPlaceholders(t *testing.T) {
	folder := t.TempDir()
	if output, err := exec.Command(program(t), "manpage", "--directory", folder).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	for page, synopsis := range map[string]string{
		"tollgate-key-revoke.8":  "tollgate key revoke --keys FILE SID…",
		"tollgate-diff.8":        "FILE FILE",
		"tollgate-territories.8": "+CALLING_CODE|GROUP…",
		"tollgate-version.8":     "tollgate version [--json]",
		"tollgate-explain.8":     `.TH "TOLLGATE-EXPLAIN" "8"`,
	} {
		text, err := os.ReadFile(filepath.Join(folder, page))
		if err != nil {
			t.Error(err)
		} else if !strings.Contains(string(text), synopsis) {
			t.Errorf("%s lacks %q:\n%s", page, synopsis, text)
		}
	}
	if again, _ := filepath.Glob(filepath.Join(folder, "tollgate-tollgate*")); len(again) > 0 {
		t.Errorf("pages that say the same again: %s", again)
	}
}

func TestManPagesNeedADirectory(t *testing.T) {
	output, err := exec.Command(program(t), "manpage").CombinedOutput()
	if err == nil || !strings.Contains(string(output), "manpage --directory man") {
		t.Errorf("%v, and says\n%s", err, output)
	}
}

// docs/commands.md lists the commands, by hand; the program lists those that it has.
func TestHelpAndManPageOfTheProgramAreOfTheGate(t *testing.T) {
	help, err := exec.Command(program(t), "--help").Output()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if output, err := exec.Command(program(t), "manpage", "--directory", folder).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	page, err := os.ReadFile(filepath.Join(folder, "tollgate.8"))
	if err != nil {
		t.Fatal(err)
	}
	own, _, _ := strings.Cut(string(help), "Commands of Caddy:")
	commands, err := os.ReadFile("../../docs/commands.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile("(?m)^\\| \\[`([a-z]+)`\\]\\(#").FindAllStringSubmatch(string(commands), -1)
	if len(rows) < 10 {
		t.Fatalf("docs/commands.md lists %d commands", len(rows))
	}
	for _, row := range rows {
		if !strings.Contains(own, "\n  "+row[1]+" ") {
			t.Errorf("help lacks %s among the commands of the gate:\n%s", row[1], help)
		}
		if !strings.Contains(string(page), "\ntollgate "+row[1]+" ") {
			t.Errorf("the man page lacks %s:\n%s", row[1], page)
		}
	}
	for _, text := range []string{string(help), string(page)} {
		if barred := regexp.MustCompile(`caddy run|caddy\.json|caddyserver\.com`).FindString(text); barred != "" {
			t.Errorf("says %q:\n%s", barred, text)
		}
	}
	if !strings.Contains(string(help), "docs/commands.md") || strings.Count(string(help), "Full documentation") != 1 {
		t.Errorf("help does not name the pages once:\n%s", help)
	}
}

// Caddy's own commands keep their help, with the name of the program in their examples.
func TestHelpOfCaddysCommandsIsCaddys(t *testing.T) {
	for name, want := range map[string]string{
		"storage": "$ tollgate storage export --config",
		"run":     "tollgate run [",
		"start":   "'tollgate run'",
	} {
		output, err := exec.Command(program(t), name, "--help").Output()
		if err != nil {
			t.Fatal(err)
		}
		if text := string(output); !strings.Contains(text, want) || strings.Count(text, "Full documentation") != 1 || !strings.Contains(text, "caddyserver.com/docs") {
			t.Errorf("%s: help is\n%s\nwant %q and Caddy's pages", name, text, want)
		}
	}
}

func TestHelpNamesThePagesOfTheGateForItsOwnCommands(t *testing.T) {
	for _, name := range []string{"explain", "key create", "version", "manpage"} {
		output, err := exec.Command(program(t), append(strings.Fields(name), "--help")...).Output()
		if err != nil {
			t.Fatal(err)
		}
		if text := string(output); !strings.Contains(text, "docs/commands.md") || strings.Contains(text, "caddyserver.com") ||
			!strings.Contains(text, "Usage:\n  tollgate "+name+" ") {
			t.Errorf("%s: help ends with\n%s", name, text[max(0, len(text)-300):])
		}
	}
}

func TestTheVersionIsTheGatesHoweverItIsAskedFor(t *testing.T) {
	for _, args := range []string{"version", "--version", "-v", "tollgate version"} {
		output, err := exec.Command(program(t), strings.Fields(args)...).Output()
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range []string{"tollgate ", "commit ", "caddy v2.", "numbering libphonenumber "} {
			if !strings.Contains("\n"+string(output), "\n"+line) {
				t.Errorf("%s lacks a line %q:\n%s", args, line, output)
			}
		}
	}
}
