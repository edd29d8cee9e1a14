package decode

import (
	"errors"
	"fmt"
	"reflect"
	"unicode/utf8"
)

// JSON reads JSON into a pointer to a struct, by the json tags of its fields. Unknown and
// repeated members, null, and anything after the document are errors, each with its path;
// all of them are named. Synonyms of the names of members, in lower case, are for
// suggestions. After an error, what the struct holds is of no use.
func JSON(text []byte, v any, synonyms map[string]string) error {
	into, err := structBehind(v)
	if err != nil {
		return err
	}
	if !utf8.Valid(text) {
		return errors.New("reading JSON: the text is not UTF-8")
	}
	tree, wrong := readJSON(text, maxDepth)
	if wrong != nil {
		return Problem{Message: wrong.message}
	}
	r := reader{synonyms: synonyms}
	r.read("", tree, into)
	return r.err()
}

// JSONFile reads the text of a file as strictly as JSON does. Each mistake is named with
// its line and column, and the positions are for mistakes that the caller finds.
func JSONFile(name string, text []byte, v any, synonyms map[string]string) (Positions, error) {
	into, err := structBehind(v)
	if err != nil {
		return nil, err
	}
	r := reader{file: name, positions: make(Positions), synonyms: synonyms}
	text, wrong := readable(text)
	if wrong == nil {
		var tree *value
		if tree, wrong = readJSON(text, maxDepth); wrong == nil {
			r.read("", tree, into)
		}
	}
	if wrong != nil {
		r.mistake(*wrong)
	}
	return r.positions, r.err()
}

// JSONMember reads one member of an object in the text of a file as strictly as JSONFile
// does, and leaves the rest alone. Names lead to it, each of a member of the one before. The
// paths of the positions, and of mistakes, begin there. It reports whether there is one.
func JSONMember(name string, text []byte, names []string, v any, synonyms map[string]string) (Positions, bool, error) {
	into, err := structBehind(v)
	if err != nil {
		return nil, false, err
	}
	r := reader{file: name, positions: make(Positions), synonyms: synonyms}
	text, wrong := readable(text)
	var tree *value
	if wrong == nil {
		tree, wrong = readJSON(text, maxDepth)
	}
	if wrong != nil {
		r.mistake(*wrong)
		return nil, false, r.err()
	}
	path := ""
	for _, name := range names {
		if tree.kind != object {
			r.problem(path, tree.line, tree.column, "must be an object")
			return nil, false, r.err()
		}
		path = Join(path, name)
		var found *value
		for i := range tree.members {
			if tree.members[i].name == name {
				found = tree.members[i].value
			}
		}
		if found == nil {
			return nil, false, nil
		}
		tree = found
	}
	r.read("", tree, into)
	return r.positions, true, r.err()
}

// structBehind is the struct that a pointer points at.
func structBehind(v any) (reflect.Value, error) {
	into := reflect.ValueOf(v)
	if into.Kind() != reflect.Pointer || into.IsNil() || into.Elem().Kind() != reflect.Struct {
		return reflect.Value{}, fmt.Errorf("reading a document: need a pointer to a struct, not %T", v)
	}
	return into.Elem(), nil
}
