package decode

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// yamlHints say what to do about a syntax error, by the library's words for it.
var yamlHints = []struct{ words, hint string }{
	{"did not find expected alphabetic or numeric character", `write "*", every territory, in quotes: without them it is an alias`},
	{"found character that cannot start any token", "indent with spaces, not tabs, and write texts that begin with @, ` or % in quotes"},
	{"mapping values are not allowed in this context", `write texts with ": " in them in quotes, and indent what belongs together alike`},
	{"could not find expected ':'", `write names with ":" and a space after them, and texts of several lines in quotes`},
	{"did not find expected key", "indent what belongs together alike, and write nothing after a text in quotes"},
	{"did not find expected '-' indicator", `begin each element with "- ", and indent all of them alike`},
	{"did not find expected ',' or", "close every bracket, write commas between elements, and texts with commas or brackets in quotes"},
	{"did not find expected node content", "a value is missing here; write texts that begin with brackets, commas or & in quotes"},
	{"found unexpected end of stream", "a quotation mark is not closed"},
	{"found unexpected document indicator", `a quotation mark is not closed before "---" or "..."`},
	{"found unknown escape character", "write texts with backslashes in single quotes"},
	{"did not find expected hexdecimal number", "write texts with backslashes in single quotes"},
	{"unknown anchor", `an alias needs its anchor before it; write a text that begins with "*" in quotes`},
	{"exceeded max depth", tooDeep(maxDepth)},
}

// Where the library names a line, it is right about what it cannot scan. Of
// what it scans but cannot place, it names the line before the one where the
// whole block begins.
var (
	yamlLine  = regexp.MustCompile(`^line ([0-9]+): `)
	misplaced = regexp.MustCompile(`^(did not find expected (key|'-'|',' or|node content|<document start>)|found undefined tag handle)`)
)

// yamlSyntax says in which line a text stops being YAML, and what to write instead.
func yamlSyntax(text []byte, err error) mistake {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	named := 0
	if m := yamlLine.FindStringSubmatch(message); m != nil {
		message = message[len(m[0]):]
		named, _ = strconv.Atoi(m[1])
	}
	line := named
	if named == 0 || misplaced.MatchString(message) {
		line = lastLineRead(text)
	}
	if begun := named + 1; strings.HasPrefix(message, "did not find expected ','") && named > 0 && begun < line {
		message += fmt.Sprintf(" in what begins in line %d", begun)
	}
	for _, h := range yamlHints {
		if strings.Contains(message, h.words) {
			message += " (" + h.hint + ")"
			break
		}
	}
	if line != named {
		message = "reading YAML up to here: " + message
	} else {
		message = "reading YAML: " + message
	}
	return mistake{line: int32(line), message: message}
}

// lastLineRead is the last line that the library read before it failed.
func lastLineRead(text []byte) int {
	lines := lineReader{rest: text}
	_, _ = yamlDocuments(&lines)
	return max(lines.read, 1)
}

// lineReader returns one line at a time and counts them.
type lineReader struct {
	rest []byte
	read int
}

// Read implements io.Reader.
func (l *lineReader) Read(into []byte) (int, error) {
	if len(l.rest) == 0 {
		return 0, io.EOF
	}
	line := l.rest
	if end := bytes.IndexByte(line, '\n'); end >= 0 {
		line = line[:end+1]
	}
	n := copy(into, line)
	if l.rest = l.rest[n:]; n == len(line) {
		l.read++
	}
	return n, nil
}
