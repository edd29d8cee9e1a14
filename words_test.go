package tollgate_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// otherText are the text files whose words are not held to the table: what others wrote,
// the table, and the changelog, which says what old words have become. In a worktree of
// Git, .git is a file.
var otherText = map[string]bool{".git": true, "CHANGELOG.md": true, "LICENSE": true, "go.sum": true, "words_test.go": true}

// barredWords are what we do not write, each with what to write in its place, whatever the
// case of letters. A word counts by itself, or, if inside is set, within a longer word or
// an identifier too: there, only its first letter may be a capital, since NoBody is two.
var barredWords = []struct {
	word, instead string
	inside        bool
}{
	{"tells whether", "reports whether", false},
	{"tell whether", "report whether", false},
	{"stands twice", "is already specified, is repeated", false},
	{"stand twice", "are already specified, are repeated", false},
	{"takes down", "records", false},
	{"taken down", "recorded", false},
	{"take down", "record", false},
	{"anew", "again", false},
	{"nobody", "no one, no client, no operator", true},
	{"somebody", "someone, a client, an operator", true},
	{"anybody", "anyone, any client", true},
	{"everybody", "everyone, every client", true},
	{"whoever", "a client that, an operator who", true},
	{"whomever", "whom", true},
	{"is no", "is not a", false},
	{"are no", "are not", false},
	{"lately", "recently", false},
	{"of late", "recently", false},
	{"but for", "except", false},
	{"save for", "except", false},
	{"lest", "so that not", false},
	{"for want of", "without", false},
	{"as ever", "as usual", false},
	{"stranger", "unknown client; in the configuration credential_check", true},
	{"withheld", "denied to keys, not sent", true},
	{"withhold", "deny, keep back", true},
	{"obey", "follow; URLs that are followed are instruction URLs", true},
	{"untold", "inconclusive", true},
	{"unasked", "rate_limited", true},
	{"uncovered", "unknown_account", true},
	{"unreached", "unreachable", true},
	{"worsen", "escalate", true},
	{"softly", "downgradeIfMonitored", true},
	{"dearest", "riskiest, most expensive", true},
	{"doubt", "malformed (form), unidentified (identity), not sure", true},
	{"in the lurch", "what happens, in plain words", false},
	{"astray", "to another place", true},
	{"thereby", "so, by that", false},
	{"therein", "in it", false},
}

// plainPhrases are modern English, or not ours, though they hold a barred word.
var plainPhrases = []string{
	"there is no", "there are no", "the answer is no", "is no longer", "are no longer", "is no one", "are no one",
	"which is no prefix of any entry", // of what tollgate territories prints
}

// barredTable is the table of the words in CONTRIBUTING.md.
var barredTable = regexp.MustCompile(`(?s)(\| do not write \| write \|\n\|---\|---\|\n)(.*?)(\n\n)`)

// With -update, CONTRIBUTING.md gets the table of the words.
func TestContributorsReadWhichWordsAreBarred(t *testing.T) {
	var table strings.Builder
	for _, barred := range barredWords {
		table.WriteString("| " + barred.word + " | " + barred.instead + " |\n")
	}
	page := readFile(t, "CONTRIBUTING.md")
	match := barredTable.FindStringSubmatch(page)
	if match == nil {
		t.Fatal("CONTRIBUTING.md has no table of barred words")
	}
	want := strings.TrimSuffix(table.String(), "\n")
	if *harness.Update {
		page = strings.Replace(page, match[0], match[1]+want+match[3], 1)
		if err := os.WriteFile("CONTRIBUTING.md", []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if match[2] != want {
		t.Errorf("the table in CONTRIBUTING.md is not that of the barred words: go test -run Barred -update . writes it")
	}
}

// Every text file is held to the words, its name included.
func TestWordsAreThoseOfTheField(t *testing.T) {
	read := 0
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == ".git" || entry.Name() == "node_modules"):
			return filepath.SkipDir
		case !entry.Type().IsRegular() || otherText[file]:
			return nil
		}
		text := readFile(t, file)
		if !utf8.ValidString(text) {
			return nil // a program, or what one wrote
		}
		if file == "CONTRIBUTING.md" {
			// The table that lists them keeps its lines, and so the lines their numbers.
			text = barredTable.ReplaceAllStringFunc(text, func(table string) string {
				return strings.Repeat("\n", strings.Count(table, "\n"))
			})
		}
		for _, finding := range barredIn(text) {
			t.Errorf("%s:%d says %q: write %s", file, finding.line, finding.word, finding.instead)
		}
		for _, finding := range barredIn(file) {
			t.Errorf("%s has %q in its name: write %s", file, finding.word, finding.instead)
		}
		read++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if read < 1000 {
		t.Errorf("only %d files were read", read)
	}
}

func TestBarredWordsAreFound(t *testing.T) {
	for text, want := range map[string]string{
		"It tells whether it is so.":                "tells whether",
		"// IsSID tells\n\t// whether":              "tells whether",
		"A page is no form.":                        "is no",
		"There is no form, and it is no longer so.": "",
		"// There is\n// no form.":                  "",
		"# The list is\n# no form.":                 "is no",
		"func softlyDenied()":                       "softly",
		"a nobody's number":                         "nobody",
		"Body: http.NoBody,":                        "",
		"func TestNobodyAnswers()":                  "nobody",
		"the lesson, an anewt":                      "",
		"Nobody":                                    "nobody",
	} {
		found := ""
		for _, finding := range barredIn(text) {
			found += finding.word
		}
		if found != want {
			t.Errorf("%q: found %q, want %q", text, found, want)
		}
	}
}

// space is what separates two words, of which the second may begin a line of a comment.
const space = `\s+(?:(?://|#) )?`

var barredPatterns, plainPattern = func() (patterns []*regexp.Regexp, plain *regexp.Regexp) {
	for _, barred := range barredWords {
		pattern := strings.ReplaceAll(barred.word, " ", space)
		if barred.inside {
			pattern = `(?i:` + pattern[:1] + `)` + pattern[1:]
		} else {
			pattern = `(?i)\b` + pattern + `\b`
		}
		patterns = append(patterns, regexp.MustCompile(pattern))
	}
	quoted := make([]string, len(plainPhrases))
	for i, phrase := range plainPhrases {
		quoted[i] = strings.ReplaceAll(regexp.QuoteMeta(phrase), " ", space)
	}
	return patterns, regexp.MustCompile(`(?i)` + strings.Join(quoted, "|"))
}()

// barredWord is where a text has a word that it must not have.
type barredWord struct {
	line          int
	word, instead string
}

// barredIn are the barred words of a text.
func barredIn(text string) (found []barredWord) {
	// A text of these words alone is searched in far less time than by the patterns.
	words := slices.DeleteFunc(strings.Fields(strings.ToLower(text)), func(word string) bool { return word == "//" || word == "#" })
	inOneLine := strings.Join(words, " ")
	var perhaps []int
	for i, barred := range barredWords {
		if strings.Contains(inOneLine, barred.word) {
			perhaps = append(perhaps, i)
		}
	}
	if perhaps == nil {
		return nil
	}
	text = plainPattern.ReplaceAllStringFunc(text, func(plain string) string {
		return strings.Repeat("\n", strings.Count(plain, "\n"))
	})
	for _, i := range perhaps {
		barred := barredWords[i]
		for _, at := range barredPatterns[i].FindAllStringIndex(text, -1) {
			line := strings.Count(text[:at[0]], "\n") + 1
			found = append(found, barredWord{line, barred.word, barred.instead})
		}
	}
	return found
}
