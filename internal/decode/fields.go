package decode

import (
	"reflect"
	"strings"
	"sync"
)

// Fields are the members of a struct, by the names in their json tags, with those of
// embedded structs.
type Fields struct {
	// Names in the order of the struct.
	Names []string
	// Indexes are where the fields are, as reflect.Value.FieldByIndex takes them.
	Indexes [][]int

	byName map[string]int
}

// fields are those that were needed before, by reflect.Type.
var fields sync.Map

// FieldsOf finds the members of a struct. Fields without a tag are not members.
func FieldsOf(t reflect.Type) *Fields {
	if known, ok := fields.Load(t); ok {
		return known.(*Fields)
	}
	f := &Fields{byName: make(map[string]int)}
	for _, field := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		f.byName[name] = len(f.Names)
		f.Names = append(f.Names, name)
		f.Indexes = append(f.Indexes, field.Index)
	}
	fields.Store(t, f)
	return f
}
