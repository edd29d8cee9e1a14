package config

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"syscall"
	"unicode"
	"unicode/utf8"
)

// MaxFileSize is the size of the largest policy file that is read: 32 MiB, room
// for more than 100,000 accounts. Reading takes some forty times the size of a
// file in memory for a moment, and a file of nothing but mistakes more.
const MaxFileSize = 32 << 20

// FileVersion is the version of the policy file that this program reads.
const FileVersion = 1

// file is what a policy file holds.
type file struct {
	// The version of this file's grammar: 1. Required.
	Version int `json:"version"`
	Document
	// The end of this file: `true`, as its last member. A file that is cut off
	// between two lines is whole YAML, and another policy; without its end it shows.
	End bool `json:"end,omitzero"`
}

// ReadFile reads a policy file: YAML, or JSON if its first character is "{".
func ReadFile(name string) (Source, error) {
	text, err := ReadText(name)
	if err != nil {
		return Source{}, fmt.Errorf("reading the policy file: %w", err)
	}
	return ParseFile(name, text)
}

// ReadText reads a regular file, and no more of it than shows that it is larger
// than MaxFileSize. It does not wait for what is none, such as a pipe, and says so.
func ReadText(name string) ([]byte, error) {
	// Not waiting: to open a pipe would, for somebody to write.
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
		return nil, fmt.Errorf("%s is no regular file: name one", name)
	}
	text, err := io.ReadAll(io.LimitReader(f, MaxFileSize+1))
	if err != nil {
		return nil, err
	}
	return text, nil
}

// isDeceptive tells whether a character makes a text look other than it is. YAML
// ends a line, and so a comment, at some that editors do not show as an end; others
// turn the direction of what follows; the rest are obeyed by terminals.
func isDeceptive(r rune, behind []byte) bool {
	switch {
	case r == '\r':
		return !bytes.HasPrefix(behind, []byte("\n"))
	case r == '\u0085', r == '\u2028', r == '\u2029':
		return true
	case unicode.Is(unicode.Bidi_Control, r):
		return true
	}
	return unicode.IsControl(r) && r != '\n' && r != '\t'
}

// ParseFile reads the text of a policy file, as ReadFile does. The name is for
// the positions of what is in it.
func ParseFile(name string, text []byte) (Source, error) {
	r := reader{file: name, positions: make(Positions)}
	text, wrong := readable(text)
	if wrong != nil {
		r.mistake(*wrong)
		return Source{}, r.err()
	}
	tree := r.tree(text)
	if tree == nil || r.otherVersion(tree) {
		return Source{}, r.err()
	}
	var f file
	r.read("", tree, reflect.ValueOf(&f).Elem())
	r.checkEnd(tree)
	if err := r.err(); err != nil {
		return Source{}, err
	}
	Canonicalize(&f.Document)
	return Source{Document: f.Document, Positions: r.positions, HasEnd: f.End}, nil
}

// checkEnd notes an end that is none.
func (r *reader) checkEnd(tree *value) {
	for i := range tree.members {
		m := &tree.members[i]
		switch {
		case m.name != "end":
		case m.value.text == "false":
			r.problem("end", m.value.line, m.value.column, "must be true: leave it out where no end is stated")
		case i < len(tree.members)-1:
			r.problem("end", m.line, m.column, "must be the last member: what stands behind it could be cut off unseen")
		}
	}
}

// tree makes a tree of values from YAML or JSON.
func (r *reader) tree(text []byte) *value {
	if bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("{")) {
		tree, wrong := readJSON(text)
		if wrong != nil {
			if !strings.HasSuffix(r.file, ".json") {
				wrong.message += ` (a file that begins with "{" is JSON)`
			}
			r.mistake(*wrong)
		}
		return tree
	}
	r.yaml = true
	tree, mistakes := readYAML(text)
	for _, m := range mistakes {
		r.mistake(m)
	}
	return tree
}

// otherVersion notes that a file is in a version that this program does not
// read, or in none. Of another version nothing else can be said.
func (r *reader) otherVersion(tree *value) bool {
	if tree.kind != object {
		return false
	}
	for i := range tree.members {
		m := &tree.members[i]
		if m.name != "version" {
			continue
		}
		v := m.value
		if (v.kind == number || v.kind == plain) && v.text == fmt.Sprint(FileVersion) {
			return false
		}
		r.problem("version", v.line, v.column, `must be %d: this program reads no other version of the policy file`, FileVersion)
		return true
	}
	r.problem("", tree.line, tree.column, "the version is missing: write %s at the top", r.example(fmt.Sprintf(`"version": %d`, FileVersion)))
	return false
}

// readable returns a text without its byte order mark, if people can read it.
func readable(text []byte) ([]byte, *mistake) {
	if len(text) > MaxFileSize {
		return nil, &mistake{1, 1, fmt.Sprintf("the file is larger than %d MiB: a policy needs less", MaxFileSize>>20)}
	}
	// Nearly every value needs a comma or a line. Counting those first costs
	// nothing; the nodes of so many values would take gigabytes.
	if bytes.Count(text, []byte(","))+bytes.Count(text, []byte("\n")) > maxValues {
		return nil, &mistake{1, 1, fmt.Sprintf("the file has more than %d commas and lines: a policy needs fewer", maxValues)}
	}
	text = bytes.TrimPrefix(text, []byte("\xEF\xBB\xBF"))
	if bytes.HasPrefix(text, []byte("\xFF\xFE")) || bytes.HasPrefix(text, []byte("\xFE\xFF")) {
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
			return nil, &mistake{line, column, fmt.Sprintf("the file holds the character %U, which editors show otherwise than programs read it: take it out, or write it as an escape in quotes", r)}
		case r == '\n':
			line, column = line+1, 0
		}
		column++
		rest = rest[size:]
	}
	return text, nil
}
