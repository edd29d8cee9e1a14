package decode

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"

	"github.com/caddy-tollgate/tollgate/internal/suggest"
)

// maxValues is how many values a document may hold, each counted as often as aliases
// repeat it: twice what a policy of 100,000 accounts needs.
const maxValues = 2_000_000

// reader turns a tree of values into a Go value. It names every mistake, not only the first.
type reader struct {
	// file that the values are from; without one, places are named by path.
	file string
	// yaml says that words in examples need no quotes.
	yaml bool
	// positions of the values, if the caller needs them.
	positions Positions
	// synonyms of the names of members, for suggestions.
	synonyms map[string]string
	// parts of a long list that is not in the tree, nil without one.
	parts    *parts
	problems Problems

	values int
	// aliases that the value being read is within.
	aliases int
}

// problem adds a mistake in the value at a path.
func (r *reader) problem(path string, line, column int32, format string, arguments ...any) {
	p := Problem{Path: path, Message: fmt.Sprintf(format, arguments...)}
	if p.Path == "" {
		p.Path = WholeDocument
	}
	if r.file != "" {
		p.Position = r.position(line, column)
		p.Message = p.Path + ": " + p.Message
	}
	r.problems.Add(p)
}

// mistake adds what is wrong with the text itself, which has no path.
func (r *reader) mistake(m mistake) {
	p := Problem{Message: m.message}
	if r.file != "" {
		p.Position = r.position(m.line, m.column)
	}
	r.problems.Add(p)
}

func (r *reader) position(line, column int32) Position {
	return Position{File: r.file, Line: int(line), Column: int(column)}
}

// err is all problems, in the order of the text.
func (r *reader) err() error { return r.problems.Err() }

// read fills a Go value from a value of the document.
func (r *reader) read(path string, v *value, into reflect.Value) {
	if r.values++; r.values > maxValues {
		if r.values == maxValues+1 {
			r.problem(path, v.line, v.column, "more than %d values, the limit, repeated ones counted", maxValues)
		}
		return
	}
	if r.positions != nil && r.aliases == 0 && path != "" {
		r.positions[path] = r.position(v.line, v.column)
	}
	if v.kind == null {
		r.problem(path, v.line, v.column, "null states nothing: leave it out, or write [] for none")
		return
	}
	if v.aliased {
		r.aliases++
		defer func() { r.aliases-- }()
	}
	if into.Kind() == reflect.Pointer {
		into.Set(reflect.New(into.Type().Elem()))
		into = into.Elem()
	}
	truth := (v.kind == boolean || v.kind == plain) && (v.text == "true" || v.text == "false")
	var truther truther
	if isTruther(into.Type()) {
		truther = into.Addr().Interface().(interface{ SetTruth(bool) })
	}
	switch kind := into.Kind(); {
	case into.Type() == reflect.TypeFor[json.RawMessage]():
		into.SetBytes(v.json(nil)) // its owner reads it
	case kind == reflect.Bool && truth:
		into.SetBool(v.text == "true")
	case truther != nil && truth:
		truther.SetTruth(v.text == "true")
	case kind == reflect.String && (v.kind == quoted || v.kind == plain):
		into.SetString(v.text)
	case kind == reflect.Struct && (v.kind == quoted || v.kind == plain) && v.text != "" && into.Addr().Type().Implements(reflect.TypeFor[textReader]()):
		into.Addr().Interface().(textReader).ReadText(v.text)
	case kind == reflect.Int && (v.kind == number || v.kind == plain) && isWhole(v.text):
		n, _ := strconv.ParseInt(v.text, 10, 64)
		into.SetInt(n)
	case kind == reflect.Slice && v.kind == list:
		r.elements(path, v, into)
	case kind == reflect.Map && v.kind == object:
		r.entries(path, v, into)
	case kind == reflect.Struct && v.kind == object:
		r.members(path, v, into)
		if truther != nil {
			truther.SetTruth(true)
		}
	default:
		r.problem(path, v.line, v.column, "%s", r.expected(v, into.Type()))
	}
}

// isWhole reports whether a text is a whole number in the one way to write it.
func isWhole(text string) bool {
	n, err := strconv.ParseInt(text, 10, 64)
	return err == nil && strconv.FormatInt(n, 10) == text
}

// elements reads a list.
func (r *reader) elements(path string, v *value, into reflect.Value) {
	if r.parts != nil && r.parts.list == v {
		r.inParts(path, into)
		return
	}
	n := len(v.elements)
	if n == 0 && !isNoneable(into.Type()) {
		return
	}
	into.Set(reflect.MakeSlice(into.Type(), n, n))
	for i, element := range v.elements {
		r.element(path, i, element, into)
	}
}

// element reads one element of a list, for which there is room.
func (r *reader) element(path string, i int, element *value, into reflect.Value) {
	if r.values > maxValues {
		return
	}
	at := path + "[" + strconv.Itoa(i) + "]"
	if message := r.expectedElement(element, into.Type()); message != "" {
		r.problem(at, element.line, element.column, "%s", message)
		return
	}
	r.read(at, element, into.Index(i))
}

// entries reads a map, in which any name may occur.
func (r *reader) entries(path string, v *value, into reflect.Value) {
	first := make(map[string]*member, len(v.members))
	for i := range v.members {
		m := &v.members[i]
		if r.values > maxValues {
			return
		}
		if r.twice(path, first[m.name], m) {
			continue
		}
		first[m.name] = m
		if into.IsNil() {
			into.Set(reflect.MakeMap(into.Type()))
		}
		entry := reflect.New(into.Type().Elem()).Elem()
		at := Join(path, m.name)
		r.read(at, m.value, entry)
		if r.positions != nil && r.aliases == 0 {
			// A mistake in the entry as such is one in its name.
			r.positions[at] = r.position(m.line, m.column)
		}
		into.SetMapIndex(reflect.ValueOf(m.name), entry)
	}
}

// members reads a struct, whose names are those of its type.
func (r *reader) members(path string, v *value, into reflect.Value) {
	f := FieldsOf(into.Type())
	first := make([]*member, len(f.Names))
	for i := range v.members {
		m := &v.members[i]
		if r.values > maxValues {
			return
		}
		// Only the exact name: encoding/json accepts other letter cases too, so that
		// one member could be specified twice.
		n, known := f.byName[m.name]
		if !known {
			r.problem(path, m.line, m.column, "unknown member %q%s", m.name, suggest.DidYouMean(m.name, f.Names, r.synonyms))
			continue
		}
		if r.twice(path, first[n], m) {
			continue
		}
		first[n] = m
		at, field := Join(path, m.name), into.FieldByIndex(f.Indexes[n])
		r.read(at, m.value, field)
		if field.Kind() == reflect.String && m.value.text == "" && (m.value.kind == quoted || m.value.kind == plain) {
			r.problem(at, m.value.line, m.value.column, "an empty text states nothing: leave it out")
		}
	}
	if len(v.members) > 0 {
		return
	}
	if s, ok := into.Interface().(stater); ok {
		r.problem(path, v.line, v.column, "states nothing: write %s", r.example(s.MustState()))
	}
}

// twice adds a mistake if another member of the name came first.
func (r *reader) twice(path string, first, m *member) bool {
	switch {
	case first == nil:
		return false
	case r.file == "":
		r.problem(Join(path, m.name), m.line, m.column, "already specified")
	default:
		r.problem(Join(path, m.name), m.line, m.column, "already specified in line %d", first.line)
	}
	return true
}
