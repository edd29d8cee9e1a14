package telemetry

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"go.uber.org/zap/buffer"
)

// compactLine is what a compact line shows of a line of the access log.
type compactLine struct {
	// fields in letters of the object `tollgate`, or nil.
	fields   map[string]string
	status   int64
	duration time.Duration
	// failure is why the upstream did not answer, or empty.
	failure string
}

// add adds a field of the object.
func (l *compactLine) add(field, text string) {
	if l.fields == nil {
		l.fields = make(map[string]string)
	}
	l.fields[field] = text
}

// isDecision reports whether the line is about a request that was judged.
func (l *compactLine) isDecision() bool { return l.text("verdict") != "" }

var lines = buffer.NewPool()

// lineTime is how Caddy writes the time of its own lines on a terminal, in UTC as well
// (newDefaultProductionLogEncoder): the two stand below each other.
const lineTime = "2006/01/02 15:04:05.000"

// write writes the line: when, the verdict, for whom, what, where to, why and by which
// rule, and what the client got.
func (l *compactLine) write(at time.Time) *buffer.Buffer {
	account := l.text("name")
	if account == "" {
		account = l.text("account")
	}
	rule := strings.Replace(l.text("rule"), "account "+l.text("account")+" ", "account ", 1)
	if rule != "" {
		rule = "(" + rule + ")"
	}
	line := lines.Get()
	line.AppendString(at.UTC().Format(lineTime))
	line.AppendString(fmt.Sprintf(" %-7s", strings.ToUpper(l.text("verdict"))))
	for _, word := range []string{quoted(account), l.text("channel"), quoted(l.text("to")), l.text("territory"), l.text("reason"), rule,
		fmt.Sprint(l.status), l.duration.Round(10 * time.Microsecond).String(), l.failure} {
		if word != "" {
			line.AppendByte(' ')
			line.AppendString(word)
		}
	}
	line.AppendByte('\n')
	return line
}

// quoted puts a word in quotes that a client chose and that could be read as several: a
// destination with spaces in it would otherwise look like the fields behind it.
func quoted(word string) string {
	if strings.ContainsAny(word, ` "\`) {
		return strconv.Quote(word)
	}
	return word
}

// longestWord bounds what a client wrote in a line, in bytes.
const longestWord = 200

// text is a field in letters that a terminal does not take for commands: some of them a client chose.
func (l *compactLine) text(field string) string {
	text := l.fields[field]
	return strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) {
			return '?'
		}
		return c
	}, text[:min(len(text), longestWord)])
}
