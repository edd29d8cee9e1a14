package decode

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode"
	"unicode/utf8"
)

// Syntax checks that a text is JSON, whatever it says. The error names the first mistake
// with its line and column.
func Syntax(name string, text []byte) error {
	if json.Valid(text) {
		return nil
	}
	r := reader{file: name}
	text, wrong := readable(text)
	if wrong == nil {
		_, wrong = readJSON(text, 1000)
	}
	if wrong == nil {
		wrong = &mistake{1, 1, "the file begins with a byte-order mark: save it without"}
	}
	r.mistake(*wrong)
	return r.err()
}

// syntax is the mistake of a text that is not JSON, at the character that cannot be there.
func (t *jsonTree) syntax(err error) *mistake {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		if t.offset < len(t.text) && t.text[t.offset] == '"' {
			return t.mistake("reading JSON: the document ends too soon, within a text: close it with a quotation mark")
		}
		return t.mistake("reading JSON: the document ends too soon")
	}
	at := min(int(t.decoder.InputOffset()), len(t.text)-1)
	if at < t.offset {
		// The tree skips all commas and colons before a token: here is one too many.
		t.offset, t.line, t.column = 0, 1, 1
	}
	t.moveTo(at)
	return t.mistake("reading JSON: " + t.unexpected(at))
}

// unexpected says what is wrong with the character at an offset.
func (t *jsonTree) unexpected(at int) string {
	c, _ := utf8.DecodeRune(t.text[at:])
	// What separates it from the token before, if anything does.
	var separator byte
	if between := bytes.Trim(t.text[t.end:at], " \t\r\n"); len(between) > 0 {
		separator = between[0]
	}
	isEnd := c == '}' || c == ']'
	switch {
	case c == '/' || c == '#':
		return "a comment cannot be in JSON: remove it"
	case t.next == aNamedValue && separator != ':':
		return "a colon is missing between a name and its value"
	case c == ',' || c == ':':
		return fmt.Sprintf("%q cannot be here: remove it", c)
	case isEnd && t.next == aNamedValue:
		return "a name has no value: write one after the colon"
	case isEnd && separator == ',':
		return "nothing follows the comma before this: remove it"
	case isEnd:
		return fmt.Sprintf("%q does not close what is open", c)
	case (t.next == aName || t.next == anElement) && separator == 0 && !t.isFirst():
		if t.text[t.end-1] == '0' && unicode.IsDigit(c) {
			return "a number cannot begin with 0, or is a text: write it in double quotes"
		}
		return "a comma is missing before this"
	case t.next == aName && c != '"':
		return "a name must be in double quotes"
	case c == '"':
		return t.brokenText(at)
	case c == '-' || c == '+' || c == '.' || unicode.IsDigit(c):
		return "a number is written as 12, -3 or 0.5: write a text in double quotes"
	}
	return "a text must be in double quotes, and true, false and null in lower case"
}

// isFirst reports whether the token before begins an object or a list.
func (t *jsonTree) isFirst() bool {
	return t.end > 0 && (t.text[t.end-1] == '{' || t.text[t.end-1] == '[')
}

// brokenText says what is wrong within the text that begins at an offset, and moves there.
func (t *jsonTree) brokenText(at int) string {
	for i := at + 1; i < len(t.text); i++ {
		c := t.text[i]
		switch {
		case c == '\n' || c == '\r':
			return "a text must end in its line: close it with a quotation mark, or write a line break as \\n"
		case c < ' ':
			t.moveTo(i)
			return fmt.Sprintf(`write the character %U in a text as \u%04x`, c, c)
		case c == '\\' && i+1 < len(t.text):
			if bytes.IndexByte([]byte(`"\/bfnrt`), t.text[i+1]) < 0 && !isUnicodeEscape(t.text[i:]) {
				t.moveTo(i)
				return `a backslash must be written as \\, and a character by its code with four digits, as \u00e9`
			}
			i++
		}
	}
	return "a text has no end: close it with a quotation mark"
}

// isUnicodeEscape reports whether a text begins with a character's code, as \u00e9.
func isUnicodeEscape(text []byte) bool {
	return len(text) >= 6 && text[1] == 'u' && len(bytes.Trim(text[2:6], "0123456789abcdefABCDEF")) == 0
}
