package numbering

import (
	_ "embed"
	"strings"
	"sync"
	"time"
)

// automatonFile is written by package generate, which also says from what.
//
//go:embed automaton.bin
var automatonFile string

// Default returns the plan of the process: the world's numbers by the metadata
// of libphonenumber and the tables of this package, compiled to an automaton.
func Default() Plan { return defaultAutomaton() }

var defaultAutomaton = sync.OnceValue(func() *automaton {
	a, err := readAutomaton(automatonFile)
	if err != nil {
		// It is part of the program, so this does not depend on input.
		panic("numbering: reading the embedded automaton: " + err.Error())
	}
	return a
})

// E164Digits is how many digits an E.164 number has at most, calling code
// included.
const E164Digits = 15

// automaton is a deterministic automaton over the digits of E.164 numbers,
// minimised, that has been run together from the patterns of all territories.
//
// It is exact: every digit is looked at, and a number is listed only if one
// pattern accepts all of it. An automaton that stopped as soon as the outcome
// seems clear would call a premium number ordinary that stands behind a digit
// too many.
//
// The digits are taken as they stand. Parsing would rewrite them, dropping a
// trunk 0 after the calling code for one, and a carrier that does not rewrite
// would then reach a number other than the one that was judged.
type automaton struct {
	// nodes begin with the root.
	nodes   []node
	endings []ending

	metadata Metadata

	// common is what the numbers that each node leads to have in common.
	common func() []outcome

	// lengths are how many digits the numbers of each calling code can have.
	lengths func() *codeLengths
}

// node is where some digits lead to.
type node struct {
	// links are the nodes that each further digit leads to. 0 leads nowhere:
	// nothing links to the root.
	links [10]uint16
	// ending is an index of automaton.endings.
	ending uint16
}

// ending is whose a number is that ends at a node, and one that goes on with a
// digit that leads nowhere. Owners share their lists of territories; no one may
// change one.
type ending struct {
	here, beyond Assignment
}

// Metadata is what the plan was made of.
type Metadata struct {
	// Version of libphonenumber, "9.0.43" for instance.
	Version string
	// Released is the day it was published.
	Released time.Time
	// Ahead are the area codes of +1 in which the plan lists numbers by its own
	// table, since libphonenumber has none yet.
	Ahead []string
}

// DefaultMetadata returns what the plan of the process was made of.
func DefaultMetadata() Metadata { return defaultAutomaton().metadata }

// Lookup implements Plan.
func (a *automaton) Lookup(digits string) Assignment {
	n := &a.nodes[0]
	for i := 0; i < len(digits); i++ {
		digit := digits[i] - '0'
		if digit > 9 {
			return Assignment{}
		}
		next := n.links[digit]
		if next == 0 {
			if strings.Trim(digits[i:], "0123456789") != "" {
				return Assignment{}
			}
			return a.answer(&a.endings[n.ending].beyond, digits)
		}
		n = &a.nodes[next]
	}
	if here := &a.endings[n.ending].here; here.Listed {
		return *here
	}
	return a.answer(&a.endings[n.ending].here, digits)
}

// answer is the assignment of a number that is not listed, with why it is impossible, if
// it is. It is not inlined, to keep it out of the lookup of numbers that are listed.
//
//go:noinline
func (a *automaton) answer(assignment *Assignment, digits string) Assignment {
	answer := *assignment
	if answer.Assigned() {
		answer.Impossible = a.impossibility(digits)
	}
	return answer
}

// walk follows the digits as far as they lead, and returns the index of the node
// that they lead to and how many they were.
func (a *automaton) walk(digits string) (at uint16, depth int) {
	for depth < len(digits) && isDigit(digits[depth]) {
		next := a.nodes[at].links[digits[depth]-'0']
		if next == 0 {
			break
		}
		at = next
		depth++
	}
	return at, depth
}

// here returns the owner of the number that leads to a node.
func (a *automaton) here(node uint16) *Assignment { return &a.endings[a.nodes[node].ending].here }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
