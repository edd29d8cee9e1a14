package decode

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"sync"
)

// File is the text of a file in YAML or JSON, of which the values are not read yet. A
// caller can look at its members first, and add mistakes of its own to those that Err
// names.
type File struct {
	reader reader
	tree   *value
	// What it was made of.
	text      []byte
	beginning string
	// into is the type of what it was read into.
	into reflect.Type
}

// Member is one member of the object that a file holds.
type Member struct {
	Name string
	// Text of a value in a word: as it is written, or what it says in quotes.
	Text string
	// Quoted says that the text is in quotes.
	Quoted bool
	// Positions of the name and of the value.
	At, ValueAt Position
}

// ParseFile reads the text of a file: YAML, or JSON if its first character is "{". The
// name is for the positions of what is in it. Beginning is what such a file begins with,
// for the error about an empty one.
func ParseFile(name string, text []byte, beginning string) (*File, error) {
	f := &File{reader: reader{file: name}, text: text, beginning: beginning}
	text, wrong := readable(text)
	switch {
	case wrong != nil:
		f.reader.mistake(*wrong)
	case isJSON(text):
		f.readJSON(text)
	default:
		f.readYAML(text, beginning)
	}
	if f.tree == nil {
		return nil, f.Err()
	}
	return f, nil
}

// isJSON reports whether a text is JSON, and not YAML.
func isJSON(text []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("{"))
}

func (f *File) readJSON(text []byte) {
	tree, wrong := readJSON(text, maxDepth)
	if wrong != nil {
		if !strings.HasSuffix(f.reader.file, ".json") {
			wrong.message += ` (a file that begins with "{" is JSON)`
		}
		f.reader.mistake(*wrong)
	}
	f.tree = tree
}

func (f *File) readYAML(text []byte, beginning string) {
	f.reader.yaml = true
	tree, mistakes := readYAML(text, maxDepth)
	if tree == nil && len(mistakes) == 0 {
		mistakes = []mistake{{1, 1, fmt.Sprintf("the document is empty: begin it with %s", f.Example(beginning))}}
	}
	for _, m := range mistakes {
		f.reader.mistake(m)
	}
	f.tree = tree
}

// Members are the members of the object that the file holds, in order; ok is false if it
// holds another value. A name may occur more than once.
func (f *File) Members() (members []Member, ok bool) {
	for i := range f.tree.members {
		m := &f.tree.members[i]
		members = append(members, Member{
			Name:    m.name,
			Text:    m.value.text,
			Quoted:  m.value.kind == quoted,
			At:      f.reader.position(m.line, m.column),
			ValueAt: f.reader.position(m.value.line, m.value.column),
		})
	}
	return members, f.tree.kind == object
}

// Read fills a pointer to a struct from the values of the file, as JSON does. Err says
// whether that went well.
func (f *File) Read(v any, synonyms map[string]string) error {
	into, err := structBehind(v)
	if err != nil {
		return err
	}
	f.reader.synonyms = synonyms
	f.reader.read("", f.tree, into)
	f.into = into.Type()
	return nil
}

// Start is where the value of the file begins.
func (f *File) Start() Position { return f.reader.position(f.tree.line, f.tree.column) }

// Places are those of the values that were read. The text is read again when the first of
// them is asked for.
func (f *File) Places() Places {
	name, text, beginning, into := f.reader.file, f.text, f.beginning, f.into
	return foundPositions(sync.OnceValue(func() Positions {
		again, err := ParseFile(name, text, beginning)
		if err != nil {
			return nil
		}
		again.reader.positions = make(Positions)
		again.reader.read("", again.tree, reflect.New(into).Elem())
		return again.reader.positions
	}))
}

// Problem adds a mistake in the value at a path.
func (f *File) Problem(path string, at Position, format string, arguments ...any) {
	f.reader.problem(path, int32(at.Line), int32(at.Column), format, arguments...)
}

// Example writes an example in JSON as the file would: in YAML, words need no quotes.
func (f *File) Example(words string) string { return f.reader.example(words) }

// Err is all mistakes, in the order of the text, or nil.
func (f *File) Err() error { return f.reader.err() }
