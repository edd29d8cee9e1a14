package decode

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v3"
)

// yamlTree makes a tree of values from the nodes of a YAML text.
type yamlTree struct {
	// anchored are the values at anchors; nil while one is being made.
	anchored map[*yaml.Node]*value
	// How many levels deep values may nest.
	deepest int
	// mistakes that leave the rest of the tree readable.
	mistakes []mistake
}

// readYAML reads the one document in a YAML text, whose values nest so many levels at most.
// Without a tree, the mistakes say why; if there are none, the text is empty.
func readYAML(text []byte, deepest int) (*value, []mistake) {
	nodes, err := yamlDocuments(bytes.NewReader(text))
	switch {
	case err != nil:
		return nil, []mistake{yamlSyntax(text, err)}
	case len(nodes) == 0:
		return nil, nil
	case len(nodes) > 1:
		return nil, []mistake{{int32(nodes[1].Line), int32(nodes[1].Column), "a second document: write one only"}}
	}
	t := yamlTree{anchored: make(map[*yaml.Node]*value), deepest: deepest}
	v, wrong := t.value(nodes[0].Content[0], 0)
	if wrong != nil {
		return nil, append(t.mistakes, *wrong)
	}
	return v, t.mistakes
}

// yamlDocuments reads the first two documents at most.
func yamlDocuments(text io.Reader) (documents []*yaml.Node, err error) {
	// The library panics over some comments that it cannot place. A file that
	// cannot be read must not end the process that watches it.
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("%v", reason)
		}
	}()
	decoder := yaml.NewDecoder(text)
	for len(documents) < 2 {
		node := new(yaml.Node)
		if err := decoder.Decode(node); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		documents = append(documents, node)
	}
	return documents, nil
}

func (t *yamlTree) value(n *yaml.Node, depth int) (*value, *mistake) {
	if depth > t.deepest {
		return nil, &mistake{int32(n.Line), int32(n.Column), tooDeep(t.deepest)}
	}
	if n.Kind == yaml.AliasNode {
		return t.alias(n)
	}
	if n.Anchor != "" {
		t.anchored[n] = nil
	}
	v := &value{kind: t.kind(n), line: int32(n.Line), column: int32(n.Column), text: n.Value}
	for i := 0; i < len(n.Content); i++ {
		var name *yaml.Node
		if n.Kind == yaml.MappingNode {
			name = n.Content[i]
			i++
		}
		content, wrong := t.value(n.Content[i], depth+1)
		if wrong != nil {
			return nil, wrong
		}
		if name == nil {
			v.elements = append(v.elements, content)
		} else if text, ok := t.name(name); ok {
			v.members = append(v.members, member{text, int32(name.Line), int32(name.Column), content})
		}
	}
	n.Content = nil // nodes are large, and this one's are done with
	if n.Anchor != "" {
		t.anchored[n] = v
	}
	return v, nil
}

// alias is the value at an anchor, repeated here. Its parts stay shared, so that aliases
// of aliases cost nothing until they are read.
func (t *yamlTree) alias(n *yaml.Node) (*value, *mistake) {
	target := t.anchored[n.Alias]
	if target == nil {
		return nil, &mistake{int32(n.Line), int32(n.Column), fmt.Sprintf(
			"the value at the anchor &%s holds its own alias *%s", n.Value, n.Value)}
	}
	v := *target
	v.aliased, v.line, v.column = true, int32(n.Line), int32(n.Column)
	return &v, nil
}

// name reads the name of a member: a text, in quotes or without.
func (t *yamlTree) name(n *yaml.Node) (text string, ok bool) {
	target := n
	if n.Kind == yaml.AliasNode {
		target = n.Alias
	}
	switch kind := t.kind(target); {
	case target.Tag == "!!merge":
		t.mistake(n, `merge keys ("<<") are not read: write the members out, or share the lists in them by anchors`)
	case kind == list || kind == object:
		t.mistake(n, `a name must be a text: write it in quotes, as in "{env.SENDER}"`)
	case kind == null:
		t.mistake(n, "a member needs a name, not null")
	default:
		return target.Value, true
	}
	return "", false
}

// coreTags are the explicit tags that are read, each with the kind of value
// that it makes. A scalar's text counts as it is written, whatever its tag.
var coreTags = map[string]kind{
	"!!map": object, "!!seq": list, "!!str": quoted, "!!null": null,
	"!!bool": plain, "!!int": plain, "!!float": plain,
}

// kind says what kind of value a node other than an alias is.
func (t *yamlTree) kind(n *yaml.Node) kind {
	k := plain
	switch {
	case n.Kind == yaml.MappingNode:
		k = object
	case n.Kind == yaml.SequenceNode:
		k = list
	case n.Style&^yaml.TaggedStyle != 0:
		k = quoted
	case n.Tag == "!!null":
		k = null
	}
	if n.Style&yaml.TaggedStyle == 0 {
		return k
	}
	tagged, core := coreTags[n.Tag]
	if !core || (k == object || tagged == object || k == list || tagged == list) && k != tagged {
		t.mistake(n, "the tag %s means nothing here: write the value without it", n.Tag)
		return k
	}
	return tagged
}

func (t *yamlTree) mistake(n *yaml.Node, format string, arguments ...any) {
	t.mistakes = append(t.mistakes, mistake{int32(n.Line), int32(n.Column), fmt.Sprintf(format, arguments...)})
}
