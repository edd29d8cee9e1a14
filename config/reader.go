package config

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
)

// A document may hold this many values, each counted as often as aliases
// repeat it: twice what 100,000 accounts need.
const maxValues = 2_000_000

// reader turns a tree of values into what a Go type says it is for. It names
// every mistake, not only the first.
type reader struct {
	// file that the values stand in; without one, places are named by path.
	file string
	// yaml says that examples need no quotes.
	yaml bool
	// positions of the values, if anybody wants to know them.
	positions Positions
	problems  problems

	values int
	// aliases that the value being read stands in.
	aliases int
}

// problem notes a mistake in the value at a path.
func (r *reader) problem(path string, line, column int32, format string, arguments ...any) {
	p := Problem{Path: path, Message: fmt.Sprintf(format, arguments...)}
	if p.Path == "" {
		p.Path = "the document"
	}
	if r.file != "" {
		p.Position = r.position(line, column)
		p.Message = p.Path + ": " + p.Message
	}
	r.problems.add(p)
}

// mistake notes what is wrong with the text itself, which has no path.
func (r *reader) mistake(m mistake) {
	p := Problem{Message: m.message}
	if r.file != "" {
		p.Position = r.position(m.line, m.column)
	}
	r.problems.add(p)
}

func (r *reader) position(line, column int32) Position {
	return Position{File: r.file, Line: int(line), Column: int(column)}
}

// err is all problems, in the order of the text.
func (r *reader) err() error {
	slices.SortStableFunc(r.problems.first, func(a, b Problem) int { return a.Position.compare(b.Position) })
	return r.problems.err()
}

// read fills a Go value from a value of the document.
func (r *reader) read(path string, v *value, into reflect.Value) {
	if r.values++; r.values > maxValues {
		if r.values == maxValues+1 {
			r.problem(path, v.line, v.column, "more than %d values, repeated ones counted: a policy needs fewer", maxValues)
		}
		return
	}
	if r.positions != nil && r.aliases == 0 && path != "" {
		r.positions[path] = r.position(v.line, v.column)
	}
	if v.kind == nothing {
		r.problem(path, v.line, v.column, "null says nothing: leave it out to inherit, or write [] for none")
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
	switch kind := into.Kind(); {
	case into.Type() == reflect.TypeFor[json.RawMessage]():
		into.SetBytes(v.json(nil)) // whoever it is for reads it
	case kind == reflect.Bool && (v.kind == boolean || v.kind == plain) && (v.text == "true" || v.text == "false"):
		into.SetBool(v.text == "true")
	case kind == reflect.String && (v.kind == quoted || v.kind == plain):
		into.SetString(v.text)
	case kind == reflect.Int && (v.kind == number || v.kind == plain) && isWhole(v.text):
		n, _ := strconv.ParseInt(v.text, 10, 64)
		into.SetInt(n)
	case kind == reflect.Slice && v.kind == list:
		r.elements(path, v, into)
	case kind == reflect.Map && v.kind == object:
		r.entries(path, v, into)
	case kind == reflect.Struct && v.kind == object:
		r.members(path, v, into)
	default:
		r.problem(path, v.line, v.column, "%s", r.expected(v, into.Type()))
	}
}

// isWhole tells whether a text is a whole number in the one way to write it.
func isWhole(text string) bool {
	n, err := strconv.ParseInt(text, 10, 64)
	return err == nil && strconv.FormatInt(n, 10) == text
}

// elements reads a list. A named type says "none" when it is empty; for other
// lists, empty and absent are the same.
func (r *reader) elements(path string, v *value, into reflect.Value) {
	n := len(v.elements)
	if n == 0 && into.Type().Name() == "" {
		return
	}
	into.Set(reflect.MakeSlice(into.Type(), n, n))
	for i, element := range v.elements {
		if r.values > maxValues {
			return
		}
		r.read(path+"["+strconv.Itoa(i)+"]", element, into.Index(i))
	}
}

// entries reads a map, whose names are anybody's.
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
		at := join(path, m.name)
		r.read(at, m.value, entry)
		if r.positions != nil && r.aliases == 0 {
			// What may be wrong with an entry as such is its name.
			r.positions[at] = r.position(m.line, m.column)
		}
		into.SetMapIndex(reflect.ValueOf(m.name), entry)
	}
}

// members reads a struct, whose names are those of its type.
func (r *reader) members(path string, v *value, into reflect.Value) {
	s := structureOf(into.Type())
	first := make([]*member, len(s.names))
	for i := range v.members {
		m := &v.members[i]
		if r.values > maxValues {
			return
		}
		// Only the very name: encoding/json takes other letter cases too, so
		// that one member could stand twice.
		n, known := s.index[m.name]
		if !known {
			r.problem(path, m.line, m.column, "unknown member %q%s", m.name, DidYouMean(m.name, s.names))
			continue
		}
		if r.twice(path, first[n], m) {
			continue
		}
		first[n] = m
		at, field := join(path, m.name), into.FieldByIndex(s.fields[n])
		r.read(at, m.value, field)
		if field.Kind() == reflect.String && m.value.text == "" && (m.value.kind == quoted || m.value.kind == plain) {
			r.problem(at, m.value.line, m.value.column, "an empty text says nothing: leave it out")
		}
	}
	if example := mustState[into.Type()]; example != "" && len(v.members) == 0 {
		r.problem(path, v.line, v.column, "states nothing: write %s", r.example(example))
	}
}

// twice notes that a member stands twice, if another one came first.
func (r *reader) twice(path string, first, m *member) bool {
	switch {
	case first == nil:
		return false
	case r.file == "":
		r.problem(join(path, m.name), m.line, m.column, "stands twice")
	default:
		r.problem(join(path, m.name), m.line, m.column, "stands twice, first in line %d", first.line)
	}
	return true
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
