package decode

import (
	"reflect"
	"regexp"
	"strings"
)

// A type may say what its values are for, for errors about values of another kind.
type (
	// exampler gives an example of a value, in JSON.
	exampler interface{ Example() string }
	// hinter is a text, or a list of texts, that says as the end of an error what a value
	// that is not one may stand for.
	hinter interface{ Hint(value string) string }
	// truther is a struct that may be written as true or false alone. An object is true.
	truther interface{ SetTruth(truth bool) }
	// textReader is a struct that has a short form: one text.
	textReader interface{ ReadText(text string) }
	// stater is a struct that means nothing without a member, and says what to write.
	stater interface{ MustState() string }
)

// kindWords say what a value of a kind is called.
var kindWords = map[reflect.Kind]string{
	reflect.Struct: "an object",
	reflect.Map:    "an object",
	reflect.Slice:  "a list",
	reflect.String: "a text",
	reflect.Bool:   "true or false",
	reflect.Int:    "a whole number",
}

// expected says what a value has to be to be of a type, which it is not.
func (r *reader) expected(v *value, t reflect.Type) string {
	message := "must be " + kindWords[t.Kind()]
	if t.Kind() == reflect.Bool || isTruther(t) {
		message = "must be " + kindWords[reflect.Bool]
		if word, known := truths[strings.ToLower(v.text)]; known && (v.kind == plain || v.kind == quoted) {
			message += ": write " + word
			if v.kind == quoted {
				message += ", without quotes"
			}
			return message
		}
	}
	if isTruther(t) {
		message += ", or " + kindWords[reflect.Struct]
	}
	if example := exampleOf(t); example != "" {
		message += ", such as " + r.example(example)
	}
	if isNoneable(t) {
		message += "; [] is none"
	}
	switch {
	case t.Kind() == reflect.String && v.isPlaceholder():
		message += `: write a placeholder in quotes, as in "{` + v.members[0].name + `}"`
	case t.Kind() == reflect.String:
		message += " in quotes" + hintOf(v, t)
	}
	return message
}

func isTruther(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && reflect.PointerTo(t).Implements(reflect.TypeFor[truther]())
}

// exampleOf is an example of a value of a type in JSON, or "".
func exampleOf(t reflect.Type) string {
	if e, ok := reflect.Zero(t).Interface().(exampler); ok {
		return e.Example()
	}
	if t.Kind() != reflect.Slice {
		return ""
	}
	if t.Elem().Kind() == reflect.String {
		return `["one", "two"]`
	}
	if element := exampleOf(t.Elem()); element != "" {
		return "[" + element + "]"
	}
	return ""
}

// expectedElement says what an element of a list of a type has to be, which it is not; ""
// where the list knows nothing that expected does not.
func (r *reader) expectedElement(element *value, list reflect.Type) string {
	if hint := hintOf(element, list); hint != "" {
		return r.expected(element, list.Elem()) + hint
	}
	return ""
}

// hintOf is what a type says that a value may stand for which is true or false instead of
// a text, or "".
func hintOf(v *value, t reflect.Type) string {
	if h, ok := reflect.Zero(t).Interface().(hinter); ok && v.kind == boolean {
		return h.Hint(v.text)
	}
	return ""
}

// isNoneable reports whether an empty value of a type says "none", as lists of a named
// type do. For other lists, empty and absent are the same.
func isNoneable(t reflect.Type) bool { return t.Kind() == reflect.Slice && t.Name() != "" }

// truths are other words for true and false, some of them YAML's own once.
var truths = map[string]string{
	"true": "true", "yes": "true", "y": "true", "on": "true", "1": "true",
	"false": "false", "no": "false", "n": "false", "off": "false", "0": "false",
}

// isPlaceholder reports whether an object is what YAML takes a placeholder
// without quotes for: {env.X} has one member "env.X", which is null.
func (v *value) isPlaceholder() bool {
	return v.kind == object && len(v.members) == 1 && v.members[0].value.kind == null
}

// example writes an example in JSON as the document would: in YAML, words need no quotes.
func (r *reader) example(words string) string {
	if !r.yaml {
		return words
	}
	return quotedWord.ReplaceAllString(words, "$1")
}

var quotedWord = regexp.MustCompile(`"([A-Za-z][A-Za-z0-9_ ]*)"`)
