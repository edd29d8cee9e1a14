package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// automaton gathers nodes, each different from all others: what would be the
// same as one that there is already, is that one. Nodes are made after those
// that they link to, so that this minimises the whole.
type automaton struct {
	nodes []node // the first is the root once it is finished
	index map[node]int
	codes map[string]int // the node that each calling code leads to

	// version and released are those of the metadata.
	version, released string

	// ahead are the area codes of +1 that only the table has.
	ahead []string

	owners     []numbering.Assignment
	ownerIndex map[string]int
}

// node is a state of the automaton.
type node struct {
	// links are the nodes that each digit leads to, 0 for none.
	links [10]int
	// here is the owner of a number that ends in this node, beyond that of one
	// which goes on with a digit that leads nowhere.
	here, beyond int
}

// none is the link that leads nowhere; the node of this index is not linked to.
const none = 0

func newAutomaton() *automaton {
	a := &automaton{index: make(map[node]int), codes: make(map[string]int), ownerIndex: make(map[string]int)}
	a.nodes = make([]node, 1)
	a.owner(numbering.Assignment{}) // the first one is of no territory
	return a
}

// owner returns the index of an owner.
func (a *automaton) owner(o numbering.Assignment) int {
	key := fmt.Sprint(o)
	i, ok := a.ownerIndex[key]
	if !ok {
		i = len(a.owners)
		a.owners = append(a.owners, o)
		a.ownerIndex[key] = i
	}
	return i
}

// node returns the index of a node.
func (a *automaton) node(n node) int {
	i, ok := a.index[n]
	if !ok {
		i = len(a.nodes)
		a.nodes = append(a.nodes, n)
		a.index[n] = i
	}
	return i
}

// link returns the link from one node to another: none where the other says
// nothing that the first does not say of what leads nowhere.
func (a *automaton) link(from node, to int) int {
	if a.nodes[to] == (node{here: from.beyond, beyond: from.beyond}) {
		return none
	}
	return to
}

// add puts a node behind a calling code.
func (a *automaton) add(code string, to int) { a.codes[code] = to }

// finish links the calling codes to one root and numbers the nodes in the order
// in which they are met from there, so that those lie together that are used
// together.
func (a *automaton) finish() {
	root := a.prefix("")
	order := []int{root}
	place := map[int]int{root: 0}
	for i := 0; i < len(order); i++ {
		for _, to := range a.nodes[order[i]].links {
			if _, met := place[to]; !met && to != none {
				place[to] = len(order)
				order = append(order, to)
			}
		}
	}
	nodes := make([]node, len(order))
	for i, old := range order {
		nodes[i] = a.nodes[old]
		for digit, to := range nodes[i].links {
			if to != none {
				nodes[i].links[digit] = place[to]
			}
		}
	}
	a.nodes = nodes
}

// prefix makes the node of the beginning of a calling code. What begins no
// calling code is not assigned.
func (a *automaton) prefix(digits string) int {
	if to, ok := a.codes[digits]; ok {
		return to
	}
	var n node
	const longestCode = 3
	if len(digits) < longestCode {
		for digit := range byte(10) {
			n.links[digit] = a.link(n, a.prefix(digits+string('0'+digit)))
		}
	}
	return a.node(n)
}

// file writes the automaton in the format that package numbering reads; see
// automatonFormat there.
func (a *automaton) file() ([]byte, error) {
	if len(a.nodes) > math.MaxUint16 {
		return nil, fmt.Errorf("there are %d nodes, more than 16 bits can number", len(a.nodes))
	}
	f := file{bytes.NewBufferString("tollgate numbering 2\n")}
	f.text(a.version)
	f.text(a.released)
	f.text(strings.Join(a.ahead, " "))

	lists, listOf := a.territories()
	f.uint16(len(lists))
	for _, list := range lists {
		f.uint8(len(list))
		for _, t := range list {
			f.text(t.String())
		}
	}
	f.uint16(len(a.owners))
	for i, o := range a.owners {
		f.uint16(listOf[i])
		f.uint16(int(o.Kinds))
		flags := 0
		if o.Any {
			flags |= 1
		}
		if o.Listed {
			flags |= 2
		}
		f.uint8(flags)
	}
	type ending struct{ here, beyond int }
	var endings []ending
	index := make(map[ending]int)
	for _, n := range a.nodes {
		e := ending{n.here, n.beyond}
		if _, ok := index[e]; !ok {
			index[e] = len(endings)
			endings = append(endings, e)
		}
	}
	f.uint16(len(endings))
	for _, e := range endings {
		f.uint16(e.here)
		f.uint16(e.beyond)
	}
	f.uint16(len(a.nodes))
	for _, n := range a.nodes {
		for _, to := range n.links {
			f.uint16(to)
		}
		f.uint16(index[ending{n.here, n.beyond}])
	}
	if len(endings) > math.MaxUint16 {
		return nil, errors.New("there are more endings than 16 bits can number")
	}
	return f.Bytes(), nil
}

// territories returns the lists of territories that the owners have, and which
// of them each owner has.
func (a *automaton) territories() (lists [][]numbering.Territory, listOf []int) {
	index := make(map[string]int)
	for _, o := range a.owners {
		key := fmt.Sprint(o.Territories)
		i, ok := index[key]
		if !ok {
			i = len(lists)
			lists = append(lists, o.Territories)
			index[key] = i
		}
		listOf = append(listOf, i)
	}
	return lists, listOf
}

// file is a file that is being written, little endian.
type file struct{ *bytes.Buffer }

func (f file) uint8(n int)  { f.WriteByte(byte(n)) }
func (f file) uint16(n int) { f.Write(binary.LittleEndian.AppendUint16(nil, uint16(n))) }
func (f file) text(s string) {
	f.uint8(len(s))
	f.WriteString(s)
}
