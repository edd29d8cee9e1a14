package decode

import (
	"bytes"
	"reflect"
)

// parts are the elements of one long list of a file, as texts that each hold some of them.
// The tree of values of a text takes many times its memory, so that each part is read and
// forgotten before the next one.
type parts struct {
	// rest is the text of the file with a 0 in place of the elements.
	rest []byte
	// Where that 0 is in a YAML text.
	line, column int32
	texts        [][]byte
	// elements is how many there are, as far as the cuts show it.
	elements int
	yaml     bool
	// list is the value in the tree of the rest that has the 0.
	list *value
}

// ParseInParts reads the text of a file as ParseFile does, except that the elements of one
// member, a list, are read in parts of about that size in bytes. It reads only what says the
// same in parts, and ok is false for all else. After an error the caller must read the file
// by ParseFile, which names the mistakes and where they are.
func ParseInParts(name string, text []byte, beginning, list string, size int) (f *File, ok bool) {
	content, wrong := readable(text)
	if wrong != nil {
		return nil, false
	}
	cut := cutYAML
	if isJSON(content) {
		cut = cutJSON
	}
	p := cut(content, list, size)
	if p == nil {
		return nil, false
	}
	tree := p.tree(p.rest, maxDepth)
	if tree == nil || !p.isIn(tree, list) {
		return nil, false
	}
	return &File{reader: reader{file: name, yaml: p.yaml, parts: p}, tree: tree, text: text, beginning: beginning}, true
}

// tree reads a text that is right by itself; it is nil for any other.
func (p *parts) tree(text []byte, deepest int) *value {
	if !p.yaml {
		tree, wrong := readJSON(text, deepest)
		if wrong != nil {
			return nil
		}
		return tree
	}
	tree, mistakes := readYAML(text, deepest)
	if len(mistakes) > 0 {
		return nil
	}
	return tree
}

// isIn finds the list in the tree of the rest. It reports whether the elements were cut out
// of there, and not of a text that only looks like the list.
func (p *parts) isIn(tree *value, name string) bool {
	for i := range tree.members {
		m := &tree.members[i]
		if m.name != name {
			continue
		}
		if p.list != nil || m.value.kind != list || len(m.value.elements) != 1 {
			return false
		}
		zero := m.value.elements[0]
		if zero.text != "0" || p.yaml && (zero.line != p.line || zero.column != p.column) {
			return false
		}
		p.list = m.value
	}
	return p.list != nil
}

// part reads some of the elements; nil if they are not whole elements.
func (p *parts) part(text []byte) []*value {
	if !p.yaml {
		text = bytes.Join([][]byte{[]byte("["), text, []byte("]")}, nil)
	}
	tree := p.tree(text, maxDepth-1)
	if tree == nil || tree.kind != list {
		return nil
	}
	return tree.elements
}

// inParts reads the list whose elements are in parts.
func (r *reader) inParts(path string, into reflect.Value) {
	into.Set(reflect.MakeSlice(into.Type(), 0, r.parts.elements))
	for _, text := range r.parts.texts {
		elements := r.parts.part(text)
		if len(elements) == 0 {
			r.mistake(mistake{1, 1, "the elements cannot be read in parts"})
			return
		}
		first := into.Len()
		into.Grow(len(elements))
		into.SetLen(first + len(elements))
		for i, element := range elements {
			r.element(path, first+i, element, into)
		}
	}
}
