package config

import (
	"reflect"
	"strings"
	"sync"
)

// structure is what the reader needs to know of a struct: its members by the
// names in their json tags, those of embedded structs among them.
type structure struct {
	names  []string
	fields [][]int
	index  map[string]int
}

// structures are those that were needed before, by reflect.Type.
var structures sync.Map

// structureOf finds the members of a struct. Fields without a tag are no part of
// the document.
func structureOf(t reflect.Type) *structure {
	if s, known := structures.Load(t); known {
		return s.(*structure)
	}
	s := &structure{index: make(map[string]int)}
	for _, field := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		s.index[name] = len(s.names)
		s.names = append(s.names, name)
		s.fields = append(s.fields, field.Index)
	}
	structures.Store(t, s)
	return s
}
