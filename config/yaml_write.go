package config

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/caddy-tollgate/tollgate/internal/decode"
)

// WriteYAML writes a policy file: the version, then every member in the order
// of its type. What fits a line is written in one.
func WriteYAML(d *Document) ([]byte, error) {
	return writeFile(file{Version: FileVersion, Document: *d})
}

// WriteYAMLWithEnd writes a policy file as WriteYAML does, which states its end.
func WriteYAMLWithEnd(d *Document) ([]byte, error) {
	return writeFile(file{Version: FileVersion, Document: *d, End: true})
}

func writeFile(f file) ([]byte, error) {
	w := writer{}
	w.members(reflect.ValueOf(f), 0)
	if w.err != nil {
		return nil, fmt.Errorf("writing YAML: %w", w.err)
	}
	// A document that was made by a program may hold what no file can say.
	if _, err := ParseFile("the policy", w.Bytes()); err != nil {
		return nil, fmt.Errorf("writing YAML that reads back: %w", err)
	}
	return w.Bytes(), nil
}

// Lines are at most this long, if there is any place to break them.
const lineWidth = 100

// writer writes values as YAML.
type writer struct {
	bytes.Buffer
	err error
}

// members writes a struct, one member a line. The first line begins where the
// writer is, the others at the indentation.
func (w *writer) members(v reflect.Value, indent int) {
	begun := false
	for name, field := range stated(v) {
		if begun {
			w.newline(indent)
		}
		begun = true
		name = w.text(name) + ":"
		w.WriteString(name)
		w.value(field, indent, utf8.RuneCountInString(name))
	}
	if !begun {
		w.WriteString("{}")
	}
	if indent == 0 {
		w.WriteByte('\n')
	}
}

// value writes a value after a name; the line has so many characters by then.
func (w *writer) value(v reflect.Value, indent, used int) {
	v = plainValue(v)
	if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct {
		for i := range v.Len() {
			w.newline(indent + 2)
			w.WriteString("- ")
			w.record(v.Index(i), indent+4)
		}
		return
	}
	flow := w.flow(v)
	fits := indent+used+len(" ")+utf8.RuneCountInString(flow) <= lineWidth
	switch kind := v.Kind(); {
	case !fits && kind == reflect.Slice:
		w.wrapped(v, indent, used)
	case !fits && (kind == reflect.Struct || kind == reflect.Map):
		w.newline(indent + 2)
		w.members(v, indent+2)
	default:
		w.WriteString(" " + flow)
	}
}

// record writes an element of a list: accounts always one member a line, since
// an operator adds to them, others in one line where they fit.
func (w *writer) record(v reflect.Value, indent int) {
	flow := w.flow(v)
	if _, isAccount := v.Interface().(Account); isAccount || indent+utf8.RuneCountInString(flow) > lineWidth {
		w.members(v, indent)
		return
	}
	w.WriteString(flow)
}

// wrapped writes a list of texts over several lines.
func (w *writer) wrapped(v reflect.Value, indent, used int) {
	w.WriteString(" [")
	column := indent + used + len(" [")
	for i := range v.Len() {
		element := w.flow(v.Index(i))
		width := utf8.RuneCountInString(element) + len(",")
		switch {
		case i > 0 && column+len(" ")+width > lineWidth:
			w.WriteByte(',')
			w.newline(indent + 2)
			column = indent + 2
		case i > 0:
			w.WriteString(", ")
			column++
		}
		w.WriteString(element)
		column += width
	}
	w.WriteByte(']')
}

func (w *writer) newline(indent int) {
	w.WriteString("\n" + strings.Repeat(" ", indent))
}

// flow is a value in one line.
func (w *writer) flow(v reflect.Value) string {
	switch v = plainValue(v); v.Kind() {
	case reflect.String:
		return w.text(v.String())
	case reflect.Slice:
		elements := make([]string, v.Len())
		for i := range elements {
			elements[i] = w.flow(v.Index(i))
		}
		return "[" + strings.Join(elements, ", ") + "]"
	case reflect.Struct, reflect.Map:
		var members []string
		for name, field := range stated(v) {
			members = append(members, w.text(name)+": "+w.flow(field))
		}
		return "{" + strings.Join(members, ", ") + "}"
	default: // a truth or a number
		return fmt.Sprint(v.Interface())
	}
}

// plainValue is what a pointer points to, and of a switch without terms its truth.
func plainValue(v reflect.Value) reflect.Value {
	v = reflect.Indirect(v)
	if s, ok := v.Interface().(Switch); ok && s.isBare() {
		return reflect.ValueOf(s.On)
	}
	return v
}

// stated yields the members that a struct or a map states, with their names.
func stated(v reflect.Value) func(yield func(string, reflect.Value) bool) {
	return func(yield func(string, reflect.Value) bool) {
		if v.Kind() == reflect.Map {
			names := v.MapKeys()
			slices.SortFunc(names, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
			for _, name := range names {
				if !yield(name.String(), v.MapIndex(name)) {
					return
				}
			}
			return
		}
		f := decode.FieldsOf(v.Type())
		for i, name := range f.Names {
			field := v.FieldByIndex(f.Indexes[i])
			emptyIsAbsent := field.Kind() == reflect.Map || field.Kind() == reflect.Slice && field.Type().Name() == ""
			if field.IsZero() || emptyIsAbsent && field.Len() == 0 {
				continue
			}
			if !yield(name, field) {
				return
			}
		}
	}
}
