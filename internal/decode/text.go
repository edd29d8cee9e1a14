package decode

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"syscall"
	"unicode"
	"unicode/utf8"
)

// MaxFileSize is the size of the largest file that is read: 32 MiB, room for a policy of
// more than 100,000 accounts. Reading one as a whole needs some forty times its size in memory
// for a moment, and more for a file of nothing but mistakes.
const MaxFileSize = 32 << 20

// ReadText reads a regular file, and only so much of it as shows that it is larger than
// MaxFileSize. It does not wait for a file of another kind, such as a pipe: that is an
// error.
func ReadText(name string) ([]byte, error) {
	// Opening a pipe would wait for a writer.
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, fmt.Errorf("%s is a directory: name the file in it", name)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file: name one", name)
	}
	return io.ReadAll(io.LimitReader(f, MaxFileSize+1))
}

// readable returns a text without its byte order mark, if an editor shows it as it is.
func readable(text []byte) ([]byte, *mistake) {
	if len(text) > MaxFileSize {
		return nil, &mistake{1, 1, fmt.Sprintf("the file is larger than %d MiB, the limit", MaxFileSize>>20)}
	}
	// Nearly every value needs a comma or a line. Counting those first costs
	// nothing; the nodes of so many values would take gigabytes.
	if bytes.Count(text, []byte(","))+bytes.Count(text, []byte("\n")) > maxValues {
		return nil, &mistake{1, 1, fmt.Sprintf("the file has more than %d commas and lines, the limit", maxValues)}
	}
	text = bytes.TrimPrefix(text, []byte("\xEF\xBB\xBF"))
	if IsUTF16(text) {
		return nil, &mistake{1, 1, "the file is UTF-16: save it as UTF-8"}
	}
	line, column := int32(1), int32(1)
	for rest := text; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		switch {
		case r == utf8.RuneError && size == 1:
			return nil, &mistake{line, column, "the file is not UTF-8: save it as UTF-8"}
		case r == 0:
			return nil, &mistake{line, column, "the file holds a zero byte: save it as UTF-8 text"}
		case isDeceptive(r, rest[size:]):
			return nil, &mistake{line, column, fmt.Sprintf("the file holds the character %U, "+
				"which editors show otherwise than programs read it: remove it, "+
				"or write it as an escape in quotes", r)}
		case r == '\n':
			line, column = line+1, 0
		}
		column++
		rest = rest[size:]
	}
	return text, nil
}

// isDeceptive reports whether a character makes a text look other than it is. YAML ends a
// line, and so a comment, at some that editors do not show as an end; others turn the
// direction of the text after them; terminals follow the rest.
func isDeceptive(r rune, after []byte) bool {
	switch {
	case r == '\r':
		return !bytes.HasPrefix(after, []byte("\n"))
	case r == '\u0085', r == '\u2028', r == '\u2029':
		return true
	case unicode.Is(unicode.Bidi_Control, r):
		return true
	}
	return unicode.IsControl(r) && r != '\n' && r != '\t'
}

// IsUTF16 reports whether a text begins with the byte-order mark of UTF-16, in which
// Windows PowerShell writes what is redirected to a file.
func IsUTF16(text []byte) bool {
	return bytes.HasPrefix(text, []byte("\xFF\xFE")) || bytes.HasPrefix(text, []byte("\xFE\xFF"))
}
