package params

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// scanner scans one JSON text (RFC 8259) in UTF-8. It accepts what encoding/json
// accepts; the fuzz test FuzzJSON compares the two. That reader takes ten times as long
// for short values and allocates each of them, which is too much for an unknown client.
type scanner struct {
	text string
	at   int
}

// next skips white space and returns the next byte, or 0 at the end.
func (s *scanner) next() byte {
	for s.at < len(s.text) {
		switch c := s.text[s.at]; c {
		case ' ', '\t', '\r', '\n':
			s.at++
		default:
			return c
		}
	}
	return 0
}

func (s *scanner) unexpected() error {
	if s.at >= len(s.text) {
		return errors.New("it ends too early")
	}
	c, _ := utf8.DecodeRuneInString(s.text[s.at:])
	return fmt.Errorf("unexpected %q", c)
}

// literal reads true, false or null.
func (s *scanner) literal() (string, error) {
	for _, word := range [...]string{"null", "true", "false"} {
		if strings.HasPrefix(s.text[s.at:], word) {
			s.at += len(word)
			return word, nil
		}
	}
	return "", s.unexpected()
}

// number reads a number, as it is written.
func (s *scanner) number() (string, error) {
	start := s.at
	if s.text[s.at] == '-' {
		s.at++
	}
	if s.at < len(s.text) && s.text[s.at] == '0' {
		s.at++
	} else if s.digits() == 0 {
		return "", s.unexpected()
	}
	if s.at < len(s.text) && s.text[s.at] == '.' {
		s.at++
		if s.digits() == 0 {
			return "", s.unexpected()
		}
	}
	if s.at < len(s.text) && s.text[s.at]|0x20 == 'e' {
		s.at++
		if s.at < len(s.text) && (s.text[s.at] == '+' || s.text[s.at] == '-') {
			s.at++
		}
		if s.digits() == 0 {
			return "", s.unexpected()
		}
	}
	return s.text[start:s.at], nil
}

// digits skips decimal digits and returns how many there were.
func (s *scanner) digits() int {
	start := s.at
	for s.at < len(s.text) && isDigit(s.text[s.at]) {
		s.at++
	}
	return s.at - start
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// scanString reads a text as written, without its quotes.
func (s *scanner) scanString() (written string, isEscaped bool, err error) {
	s.at++
	start := s.at
	for s.at < len(s.text) {
		switch c := s.text[s.at]; {
		case c == '"':
			s.at++
			return s.text[start : s.at-1], isEscaped, nil
		case c == '\\':
			isEscaped = true
			length := escapeLength(s.text[s.at:])
			if length == 0 {
				return "", false, s.unexpected()
			}
			s.at += length
		case c < ' ':
			return "", false, s.unexpected()
		default:
			s.at++
		}
	}
	return "", false, s.unexpected()
}

// escapeLength returns the length of the escape at the beginning of a text, or 0 if
// there is none.
func escapeLength(text string) int {
	if len(text) < 2 {
		return 0
	}
	switch text[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if _, ok := codeUnit(text); ok {
			return 6
		}
	}
	return 0
}

// codeUnit returns the code unit of UTF-16 that "\u" and four hexadecimal digits
// represent.
func codeUnit(text string) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	var unit rune
	for i := 2; i < 6; i++ {
		c := text[i]
		switch {
		case isDigit(c):
			unit = unit<<4 | rune(c-'0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			unit = unit<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return unit, true
}

// plainEscapes are the meanings of the escapes with two characters.
var plainEscapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// unquote resolves the escapes of a scanned text. An unpaired surrogate becomes U+FFFD.
func unquote(written string) string {
	var b strings.Builder
	b.Grow(len(written))
	for {
		i := strings.IndexByte(written, '\\')
		if i < 0 {
			b.WriteString(written)
			return b.String()
		}
		b.WriteString(written[:i])
		written = written[i:]
		unit, isUnit := codeUnit(written)
		if !isUnit {
			b.WriteByte(plainEscapes[written[1]])
			written = written[2:]
			continue
		}
		written = written[6:]
		if utf16.IsSurrogate(unit) {
			low, _ := codeUnit(written)
			if unit = utf16.DecodeRune(unit, low); unit != unicode.ReplacementChar {
				written = written[6:]
			}
		}
		b.WriteRune(unit)
	}
}

// mayHoldJSON reports whether a text as written may begin with JSON, once its escapes
// are resolved and white space is removed.
func mayHoldJSON(written string) bool {
	written = strings.TrimLeft(written, " ")
	return written != "" && (written[0] >= utf8.RuneSelf || strings.IndexByte(`{[\`, written[0]) >= 0)
}
