package twiml

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/policy"
)

// specimen is a document of the corpus with what it must yield.
type specimen struct {
	name, document, want string
}

// corpus reads the files of testdata that a pattern matches; testdata/README.md
// says what stands in them.
func corpus(t testing.TB, pattern string) map[string][]specimen {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("testdata", pattern))
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: %d files, %v", pattern, len(names), err)
	}
	files := make(map[string][]specimen)
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range strings.Split("\n"+string(content), "\n=== ")[1:] {
			title, rest, _ := strings.Cut(part, "\n")
			written, want, found := strings.Cut(rest, "\n---\n")
			if !found {
				t.Fatalf("%s: %s: no line of three dashes", name, title)
			}
			files[name] = append(files[name], specimen{title, unescape(written), strings.TrimSpace(want)})
		}
	}
	return files
}

// unescape resolves \x00 to \xff, \n, \r and \\.
func unescape(text string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, `\`)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		text = `\` + after
		c, isMultibyte, rest, err := strconv.UnquoteChar(text, 0)
		if err != nil {
			b.WriteByte('\\')
			text = after
			continue
		}
		if isMultibyte {
			b.WriteRune(c)
		} else {
			b.WriteByte(byte(c))
		}
		text = rest
	}
}

// escape writes what unescape resolves, so that every character can be seen.
func escape(text string) string {
	var b strings.Builder
	for text != "" {
		c, size := utf8.DecodeRuneInString(text)
		switch {
		case c == utf8.RuneError && size == 1 || c < ' ' && c != '\n' && c != '\t':
			fmt.Fprintf(&b, `\x%02x`, text[0])
		case c == '\\':
			b.WriteString(`\\`)
		case c != '\n' && c != '\t' && c <= 0xffff && !unicode.IsPrint(c):
			fmt.Fprintf(&b, `\u%04x`, c)
		default:
			b.WriteRune(c)
		}
		text = text[size:]
	}
	return b.String()
}

// describe says what a document asks for, a line each.
func describe(document string) string {
	d, err := Read([]byte(document))
	if err != nil {
		return err.Error()
	}
	var lines []string
	for _, s := range d.Sends {
		line := map[policy.Channel]string{policy.Voice: "call", policy.Messaging: "message"}[s.Channel] + " " + strconv.Quote(s.To)
		if s.ToCaller {
			line = "message the caller"
		}
		if s.Tentative {
			line += ", if it is a number"
		}
		for _, sender := range s.Senders {
			line += ", from " + strconv.Quote(sender)
		}
		lines = append(lines, line+", by "+s.Verb)
	}
	for _, u := range d.URLs {
		way := "ask "
		if !u.TwiML {
			way = "use "
		}
		lines = append(lines, way+u.Address+", "+strings.TrimSpace(u.Verb+" "+u.Attribute))
	}
	if len(lines) == 0 {
		return "nothing"
	}
	return strings.Join(lines, "\n")
}

func TestEveryDocumentOfTheCorpusAsksForWhatIsWrittenBesideIt(t *testing.T) {
	for file, specimens := range corpus(t, "*/*.txt") {
		if *harness.Update {
			var b strings.Builder
			for _, s := range specimens {
				fmt.Fprintf(&b, "=== %s\n%s\n---\n%s\n\n", s.name, escape(s.document), describe(s.document))
			}
			if err := os.WriteFile(file, []byte(strings.TrimRight(b.String(), "\n")+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		for _, s := range specimens {
			t.Run(filepath.Base(file)+"/"+s.name, func(t *testing.T) {
				if got := describe(s.document); got != s.want {
					t.Errorf("%s\nasks for\n%s\nwant\n%s", s.document, got, s.want)
				}
			})
		}
	}
}
