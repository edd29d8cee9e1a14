package numbering

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"math/bits"
	"strings"
	"sync"
)

// Data is a numbering plan with what it was made of: the one that is built in, or that of
// a file.
type Data struct{ automaton *automaton }

// BuiltIn returns the plan that is part of the program, always the same.
func BuiltIn() *Data { return builtIn() }

var builtIn = sync.OnceValue(func() *Data { return &Data{defaultAutomaton()} })

// Plan returns the plan itself.
func (d *Data) Plan() Plan { return d.automaton }

// Metadata returns what the plan was made of.
func (d *Data) Metadata() Metadata { return d.automaton.metadata }

// dataFormat begins a data file. The SHA-256 of the automaton follows, and the automaton.
const dataFormat = "tollgate numbering data 1\n"

// DataFile returns the data file of an automaton, which is in the format of the one that is
// built in.
func DataFile(automaton []byte) []byte {
	sum := sha256.Sum256(automaton)
	return append(append([]byte(dataFormat), sum[:]...), automaton...)
}

// ReadDataFile reads a data file. A file that is not whole is refused, and so is one from
// which a lookup could come to nonsense; whether its data are good is for Check.
func ReadDataFile(file []byte) (*Data, error) {
	rest, ok := strings.CutPrefix(string(file), dataFormat)
	if !ok {
		return nil, fmt.Errorf("the file does not begin with %q: it is not numbering data, or is for another version of the program",
			strings.TrimSpace(dataFormat))
	}
	if len(rest) < sha256.Size {
		return nil, errors.New("the file is cut short")
	}
	sum, content := rest[:sha256.Size], rest[sha256.Size:]
	if got := sha256.Sum256([]byte(content)); string(got[:]) != sum {
		return nil, errors.New("the file is not whole: its SHA-256 is not the one that it states")
	}
	a, err := readAutomaton(content)
	if err != nil {
		return nil, err
	}
	if err := a.check(); err != nil {
		return nil, err
	}
	return &Data{a}, nil
}

// check returns an error for an automaton that no plan can have: in which digits lead in
// a circle or an answer is none.
func (a *automaton) check() error {
	for i, e := range a.endings {
		for _, o := range []*Assignment{&e.here, &e.beyond} {
			oneKind := bits.OnesCount16(uint16(o.Kinds)) == 1
			if o.Assigned() == (o.Kinds == 0) || o.Kinds >= 1<<kindCount || o.Listed && (!oneKind || !o.Assigned()) {
				return fmt.Errorf("ending %d is of territories %v and of kinds %s", i, o.Territories, o.Kinds)
			}
		}
		if e.beyond.Listed {
			return fmt.Errorf("ending %d lists numbers of any length", i)
		}
	}
	if a.endings[a.nodes[0].ending].here.Assigned() {
		return errors.New("no digits at all are assigned")
	}
	return a.checkDepth()
}

// checkDepth returns an error if digits lead further than any number is long.
func (a *automaton) checkDepth() error {
	// height is how many digits lead on from a node, plus 1 once it is known.
	height := make([]int, len(a.nodes))
	var measure func(node uint16, depth int) (int, error)
	measure = func(node uint16, depth int) (int, error) {
		if depth > E164Digits {
			return 0, fmt.Errorf("node %d is more than %d digits from the first", node, E164Digits)
		}
		if height[node] > 0 {
			return height[node], nil
		}
		most := 1
		for _, next := range a.nodes[node].links {
			if next == 0 {
				continue
			}
			h, err := measure(next, depth+1)
			if err != nil {
				return 0, err
			}
			most = max(most, h+1)
		}
		height[node] = most
		return most, nil
	}
	longest, err := measure(0, 0)
	if err == nil && longest-1 > E164Digits {
		err = fmt.Errorf("the longest number has %d digits, more than %d", longest-1, E164Digits)
	}
	return err
}
