package tollgate_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	"time"
	"unicode/utf8"
)

const (
	// linesBeforeTheExample is how far down a page may begin its worked example.
	linesBeforeTheExample = 25
	// widestLine is the number of characters that a line of prose may have.
	widestLine = 100
	// sentencesOfAParagraph is how many it may have. Those of a list's item count alone.
	sentencesOfAParagraph = 3
)

// pages are the files that TestPages… hold to the form of pages.
func pages(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob("docs/*.md")
	if err != nil || len(found) < 10 {
		t.Fatalf("found %d pages: %v", len(found), err)
	}
	return append(found, "CONTRIBUTING.md")
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestPagesBeginWithAWorkedExample(t *testing.T) {
	for _, page := range pages(t) {
		before, _, found := strings.Cut(readFile(t, page), "\n```")
		if line := strings.Count(before, "\n") + 2; !found || line > linesBeforeTheExample {
			t.Errorf("%s has no block of code in its first %d lines", page, linesBeforeTheExample)
		}
	}
}

func TestPagesHaveShortLines(t *testing.T) {
	for _, page := range pages(t) {
		for _, p := range paragraphs(readFile(t, page)) {
			for i, line := range p.lines {
				if n := utf8.RuneCountInString(linkTarget.ReplaceAllString(line, "]")); n > widestLine {
					t.Errorf("%s:%d has %d characters: wrap it near 80", page, p.line+i, n)
				}
			}
		}
	}
}

func TestPagesHaveShortParagraphs(t *testing.T) {
	for _, page := range pages(t) {
		for _, p := range paragraphs(readFile(t, page)) {
			if n := sentences(strings.Join(p.lines, " ")); n > sentencesOfAParagraph {
				t.Errorf("%s:%d: the paragraph has %d sentences: split it, or make it a list or a table", page, p.line, n)
			}
		}
	}
}

func TestSentencesAreCountedAsPeopleDo(t *testing.T) {
	for text, want := range map[string]int{
		"One. Two! Three?":                             3,
		"No end":                                       1,
		"**A label.** Its text.":                       1,
		"A number (1.5 s, in `a.b. C`) is none.":       1,
		"One (and a part). `code` begins the second.":  2,
		"See [a page. And its name](x.md#y). Then go.": 3,
		"`AC…`, `SK…` and … more. ":                    1,
	} {
		if got := sentences(text); got != want {
			t.Errorf("%q has %d sentences, not %d", text, want, got)
		}
	}
}

func TestLinksLeadSomewhere(t *testing.T) {
	files, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	links := 0
	for _, page := range append(pages(t), files...) {
		for _, match := range relativeLink.FindAllStringSubmatch(withoutCode(readFile(t, page)), -1) {
			links++
			file, anchor, _ := strings.Cut(match[1], "#")
			target := page
			if file != "" {
				target = filepath.Join(filepath.Dir(page), file)
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s: no file behind the link %s", page, match[1])
				continue
			}
			if anchor != "" && !anchors(readFile(t, target))[anchor] {
				t.Errorf("%s: no heading behind the link %s", page, match[1])
			}
		}
	}
	if links < 100 {
		t.Errorf("found only %d links", links)
	}
}

var (
	linkTarget   = regexp.MustCompile(`\]\([^)]*\)`)
	relativeLink = regexp.MustCompile(`\]\(([^)\s:]+)\)`)
	codeSpan     = regexp.MustCompile("``[^`]+(?:`[^`]+)*``|`[^`]+`")
	label        = regexp.MustCompile(`^\*\*[^*]+\*\*`)
	sentenceEnd  = regexp.MustCompile(`[.!?][)"'*]*(?:\s+["'(*]*[A-Z0-9]|\s*$)`)
	listItem     = regexp.MustCompile(`^\s*(?:[-*]|\d+\.)\s+`)
	heading      = regexp.MustCompile(`(?m)^#+ +(.*)$`)
	notInAnchor  = regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
)

// paragraph is a paragraph or an item of a list, with the number of its first line.
type paragraph struct {
	line  int
	lines []string
}

// paragraphs are those of a page, without code, tables and headings.
func paragraphs(text string) (all []paragraph) {
	var current paragraph
	flush := func() {
		if len(current.lines) > 0 {
			all = append(all, current)
		}
		current = paragraph{}
	}
	inCode := false
	for i, line := range strings.Split(text, "\n") {
		trimmed := strings.TrimSpace(line)
		isFence := strings.HasPrefix(trimmed, "```")
		if isFence {
			inCode = !inCode
		}
		if isFence || inCode || trimmed == "" || strings.HasPrefix(trimmed, "|") || strings.HasPrefix(trimmed, "#") {
			flush()
			continue
		}
		if listItem.MatchString(line) {
			flush()
		}
		if len(current.lines) == 0 {
			current.line = i + 1
		}
		current.lines = append(current.lines, listItem.ReplaceAllString(line, ""))
	}
	flush()
	return all
}

// sentences counts those of a paragraph: ends followed by something that begins one.
func sentences(text string) int {
	text = codeSpan.ReplaceAllString(text, "Code")
	text = strings.ReplaceAll(linkTarget.ReplaceAllString(text, ""), "e.g. ", "for example ")
	text = strings.ReplaceAll(label.ReplaceAllString(strings.TrimSpace(text), ""), "[", "")
	return max(1, len(sentenceEnd.FindAllString(text, -1)))
}

// withoutCode drops the blocks of code and what stands between backquotes.
func withoutCode(text string) string {
	text = regexp.MustCompile("(?ms)^ *```.*?^ *```").ReplaceAllString(text, "")
	return codeSpan.ReplaceAllString(text, "")
}

// anchors are the names by which a page's headings are linked to.
func anchors(text string) map[string]bool {
	found := map[string]bool{}
	for _, match := range heading.FindAllStringSubmatch(text, -1) {
		name := strings.ToLower(linkTarget.ReplaceAllString(match[1], ""))
		found[strings.ReplaceAll(notInAnchor.ReplaceAllString(name, ""), " ", "-")] = true
	}
	return found
}

// gates are the Caddyfiles of the gates that the examples of some pages ask at port 8080, or
// manage at 8082 and 2019;
// "" is the first Caddyfile that the page itself shows.
var gates = map[string]string{
	"access-log.md":  "examples/quickstart/Caddyfile",
	"api.md":         "examples/permissions/Caddyfile",
	"audit.md":       "examples/permissions/Caddyfile",
	"calls.md":       "examples/permissions/Caddyfile",
	"errors.md":      "examples/quickstart/Caddyfile",
	"feeds.md":       "",
	"guarded.md":     "examples/quickstart/Caddyfile",
	"console.md":     "examples/permissions/Caddyfile",
	"incidents.md":   "examples/permissions/Caddyfile",
	"limits.md":      "examples/permissions/Caddyfile",
	"permissions.md": "examples/permissions/Caddyfile",
	"twiml.md":       "",
	"unverified.md":  "examples/permissions/Caddyfile",

	"twilio-permissions.md": "examples/permissions/Caddyfile",
}

// yamlFile is a policy file that a page shows, with its name in a comment.
var yamlFile = regexp.MustCompile("(?s)```yaml\n# (\\w+\\.yaml)\n(.*?)```")

// ownTests are the pages whose examples are run elsewhere: TestCommandsPage, and the tests
// in examples/clients.
var ownTests = []string{"commands.md", "clients.md", "first-week.md"}

// TestPagesShowWhatTheirExamplesPrint runs each shell block that a text block follows. With
// -update, the pages get what is printed.
func TestPagesShowWhatTheirExamplesPrint(t *testing.T) {
	for _, tool := range []string{"curl", "jq"} {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("CI") != "" {
				t.Fatal(err)
			}
			t.Skipf("the pages' commands need %s, which is not installed", tool)
		}
	}
	binary := harness.Build(t, "cmd/tollgate")
	for _, page := range pages(t) {
		if slices.Contains(ownTests, filepath.Base(page)) {
			continue
		}
		t.Run(filepath.Base(page), func(t *testing.T) { runExamples(t, page, filepath.Dir(binary)) })
	}
}

// runExamples runs the examples of a page in a folder of their own, beside the gate that
// the page has.
func runExamples(t *testing.T, page, path string) {
	text := readFile(t, page)
	if !example.MatchString(text) {
		return
	}
	folder := t.TempDir()
	if err := os.CopyFS(filepath.Join(folder, "examples/policy-file"), os.DirFS("examples/policy-file")); err != nil {
		t.Fatal(err)
	}
	for _, file := range yamlFile.FindAllStringSubmatch(text, -1) {
		if err := os.WriteFile(filepath.Join(folder, file[1]), []byte(file[2]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	addresses := strings.NewReplacer()
	if caddyfile, ok := gates[filepath.Base(page)]; ok {
		if caddyfile == "" {
			caddyfile = filepath.Join(folder, "Caddyfile")
			shown := regexp.MustCompile("(?s)```caddyfile\n(.*?)```").FindStringSubmatch(text)
			if shown == nil {
				t.Fatal("the page shows no Caddyfile")
			}
			if err := os.WriteFile(caddyfile, []byte(shown[1]), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		var log string
		addresses, log = startFromREADME(t, []string{"run", "--config", caddyfile})
		if err := os.Symlink(log, filepath.Join(folder, "tollgate.log")); err != nil {
			t.Fatal(err)
		}
	}
	written := example.ReplaceAllStringFunc(text, func(block string) string {
		match := example.FindStringSubmatch(block)
		run := func() string {
			shell := exec.Command("sh", "-c", addresses.Replace(match[1]))
			shell.Dir = folder
			shell.Env = append(os.Environ(), "PATH="+path+":"+os.Getenv("PATH"))
			output, err := shell.CombinedOutput()
			if err != nil && shell.ProcessState.ExitCode() != 1 { // 1 is an answer
				t.Errorf("%s\n%v\n%s", match[1], err, output)
			}
			return string(output)
		}
		output := run()
		if *harness.Update {
			return strings.Replace(block, "```text\n"+match[2], "```text\n"+output, 1)
		}
		// A line of the log may come after the answer that it is about.
		for deadline := time.Now().Add(5 * time.Second); withoutIdentity(output) != withoutIdentity(match[2]); output = run() {
			if time.Now().After(deadline) {
				t.Errorf("%s\nprints\n%s\nand not as the page says\n%s", match[1], output, match[2])
				break
			}
		}
		return block
	})
	if *harness.Update && written != text {
		if err := os.WriteFile(page, []byte(written), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
