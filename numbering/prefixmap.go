package numbering

import (
	"math/bits"
	"slices"
	"strings"
)

// prefixMap finds the longest of many prefixes that a number begins with. It is
// a trie over digits, packed: the children of a node lie side by side, and one
// bit each says which digits they are. It never changes once it is made, is safe
// for concurrent use, and allocates nothing to look a number up. The zero value
// is empty.
type prefixMap[V any] struct {
	nodes  []prefixNode // the first is the root
	values []V
}

// prefixNode stands for the digits that led to it.
type prefixNode struct {
	firstChild uint32 // where in nodes the children begin
	value      uint32 // 1 + where in values, 0 if no prefix ends here
	children   uint16 // bit d is set if some prefix goes on with digit d
}

// prefixEntry is a prefix, digits without "+", and what it stands for.
type prefixEntry[V any] struct {
	prefix string
	value  V
}

// newPrefixMap makes a map of the entries, of which the later counts where two
// have the same prefix. No number begins with a prefix that holds anything but
// digits, so such entries, and the empty prefix, are never found.
func newPrefixMap[V any](entries []prefixEntry[V]) prefixMap[V] {
	entries = slices.DeleteFunc(slices.Clone(entries), func(e prefixEntry[V]) bool {
		return e.prefix == "" || strings.Trim(e.prefix, "0123456789") != ""
	})
	slices.SortStableFunc(entries, func(a, b prefixEntry[V]) int { return strings.Compare(a.prefix, b.prefix) })
	if len(entries) == 0 {
		return prefixMap[V]{}
	}

	// Each node has a run of the entries in order, those that begin with its
	// digits. Nodes are made level by level, so that siblings are neighbours.
	type run struct{ begin, end, depth int }
	m := prefixMap[V]{nodes: make([]prefixNode, 1, len(entries)+1)}
	runs := []run{{0, len(entries), 0}}
	for i := 0; i < len(runs); i++ {
		begin, end, depth := runs[i].begin, runs[i].end, runs[i].depth
		for ; begin < end && len(entries[begin].prefix) == depth; begin++ {
			if m.nodes[i].value == 0 {
				m.values = append(m.values, entries[begin].value)
				m.nodes[i].value = uint32(len(m.values))
			}
			m.values[m.nodes[i].value-1] = entries[begin].value
		}
		m.nodes[i].firstChild = uint32(len(m.nodes))
		for begin < end {
			digit := entries[begin].prefix[depth]
			next := begin + 1
			for next < end && entries[next].prefix[depth] == digit {
				next++
			}
			m.nodes[i].children |= 1 << (digit - '0')
			m.nodes = append(m.nodes, prefixNode{})
			runs = append(runs, run{begin, next, depth + 1})
			begin = next
		}
	}
	m.nodes, m.values = slices.Clip(m.nodes), slices.Clip(m.values)
	return m
}

// longest returns what the longest prefix of the digits stands for, and how
// many digits that is, 0 where there is none.
func (m *prefixMap[V]) longest(digits string) (value *V, length int) {
	if len(m.nodes) == 0 {
		return nil, 0
	}
	node := &m.nodes[0]
	found := uint32(0)
	for i := range len(digits) {
		bit := uint16(1) << (digits[i] - '0')
		if node.children&bit == 0 {
			break
		}
		node = &m.nodes[node.firstChild+uint32(bits.OnesCount16(node.children&(bit-1)))]
		if node.value != 0 {
			found, length = node.value, i+1
		}
	}
	if length == 0 {
		return nil, 0
	}
	return &m.values[found-1], length
}
