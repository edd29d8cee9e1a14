package review

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// lineWidth is the longest line of text, in characters.
const lineWidth = 120

// page is a text that is being written.
type page struct{ strings.Builder }

// line writes one line.
func (p *page) line(format string, arguments ...any) {
	p.WriteString(Visible(strings.TrimRight(fmt.Sprintf(format, arguments...), " ")))
	p.WriteByte('\n')
}

// wrapped writes a text after a margin, broken between words into lines of at most
// lineWidth. All but the first are indented to where the first began.
func (p *page) wrapped(margin, text string) {
	text = Visible(text)
	indent := strings.Repeat(" ", utf8.RuneCountInString(margin))
	if len(indent)+utf8.RuneCountInString(text) <= lineWidth {
		p.WriteString(margin)
		p.WriteString(text)
		p.WriteByte('\n')
		return
	}
	line := margin
	for word := range strings.SplitSeq(text, " ") {
		if line != margin && line != indent {
			if utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > lineWidth {
				p.line("%s", line)
				line = indent
			} else {
				line += " "
			}
		}
		line += word
	}
	p.line("%s", line)
}

// writeTo sends the page on its way, whole.
func (p *page) writeTo(w io.Writer) error {
	if _, err := io.WriteString(w, p.String()); err != nil {
		return fmt.Errorf("writing text: %w", err)
	}
	return nil
}

// Visible writes out every character that would not be seen, or that a terminal
// would act on: what a caller wrote is shown, and does nothing.
func Visible(text string) string {
	hidden := func(r rune) bool { return r == utf8.RuneError || !unicode.IsPrint(r) }
	if isPlain(text) || !strings.ContainsFunc(text, hidden) {
		return text
	}
	var b strings.Builder
	for i, r := range text {
		switch {
		case r == utf8.RuneError && text[i] != "\uFFFD"[0]:
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case hidden(r):
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isPlain reports whether a text is all printable ASCII.
func isPlain(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

// when writes a time to the minute.
func when(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// whose names an account by its id at a carrier, with the name of its own and the label
// that the policy gives it, if any.
func whose(account, name, label string) string {
	if name != "" {
		account = name + " (" + account + ")"
	}
	if label != "" {
		account += " " + strconv.Quote(label)
	}
	return account
}
