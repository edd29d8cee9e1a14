package numbering

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// automatonFormat begins the file of an automaton. What follows, numbers little
// endian:
//
//	text     the version of the metadata
//	text     the day of its release, 2006-01-02
//	text     area codes of +1 that it does not have, separated by spaces
//	uint16   lists of territories; of each:
//	  uint8    territories; of each:
//	    text     its code
//	uint16   owners; of each:
//	  uint16   its list of territories
//	  uint16   its kinds, bits by the values of Kind
//	  uint8    1 if any of the territories will do, plus 2 if it is listed
//	uint16   endings; of each:
//	  uint16   the owner of a number that ends here
//	  uint16   the owner of one that goes on with a digit that leads nowhere
//	uint16   nodes; of each:
//	  uint16   ten links and an ending
//
// A text is a uint8 for its length and its bytes.
const automatonFormat = "tollgate numbering 2\n"

// Flags of an owner in the file.
const (
	flagAny    = 1
	flagListed = 2
)

// readAutomaton reads the file of an automaton. Every index in it is checked, so
// that a lookup need not.
func readAutomaton(file string) (*automaton, error) {
	r := fileReader{rest: file}
	if r.bytes(len(automatonFormat)) != automatonFormat {
		return nil, errors.New("the file is of another format")
	}
	var a automaton
	a.metadata.Version = r.text()
	released, err := time.Parse(time.DateOnly, r.text())
	if err != nil {
		return nil, fmt.Errorf("reading the day of the release: %w", err)
	}
	a.metadata.Released = released
	a.metadata.Ahead = strings.Fields(r.text())

	lists := make([][]Territory, r.uint16())
	for i := range lists {
		lists[i] = make([]Territory, r.uint8())
		for j := range lists[i] {
			code := r.text()
			t, ok := ParseTerritory(code)
			if !ok {
				return nil, fmt.Errorf("the file has the territory %q, which is in no table", code)
			}
			lists[i][j] = t
		}
	}
	owners := make([]Assignment, r.uint16())
	for i := range owners {
		owners[i].Territories = at(&r, lists)
		owners[i].Kinds = KindSet(r.uint16())
		flags := r.uint8()
		owners[i].Any, owners[i].Listed = flags&flagAny != 0, flags&flagListed != 0
	}
	a.endings = make([]ending, r.uint16())
	for i := range a.endings {
		a.endings[i] = ending{at(&r, owners), at(&r, owners)}
	}
	a.nodes = make([]node, r.uint16())
	for i := range a.nodes {
		n := &a.nodes[i]
		for digit := range n.links {
			n.links[digit] = uint16(r.uint16())
			if int(n.links[digit]) >= len(a.nodes) {
				return nil, fmt.Errorf("node %d links to none", i)
			}
		}
		n.ending = uint16(r.uint16())
		if int(n.ending) >= len(a.endings) {
			return nil, fmt.Errorf("node %d has no ending", i)
		}
	}
	if r.failed || r.rest != "" || len(a.nodes) == 0 {
		return nil, errors.New("the file is cut short or too long")
	}
	a.common, a.lengths = a.newOutcomes(), a.newLengths()
	return &a, nil
}

// fileReader reads a file from its beginning on. Once it failed, all it reads is
// zero.
type fileReader struct {
	rest   string
	failed bool
}

func (r *fileReader) bytes(n int) string {
	if r.failed || n > len(r.rest) {
		r.failed = true
		return ""
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *fileReader) uint8() int {
	b := r.bytes(1)
	if r.failed {
		return 0
	}
	return int(b[0])
}

func (r *fileReader) uint16() int {
	b := r.bytes(2)
	if r.failed {
		return 0
	}
	return int(b[0]) | int(b[1])<<8
}

func (r *fileReader) text() string { return r.bytes(r.uint8()) }

// at reads an index and returns what stands there.
func at[T any](r *fileReader, list []T) (value T) {
	i := r.uint16()
	if i >= len(list) {
		r.failed = true
		return value
	}
	return list[i]
}
