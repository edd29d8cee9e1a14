package numbering

import "slices"

// Prefix is what a list of numbers begins with.
type Prefix struct {
	Digits string // without "+"
	// Exact says that no other listed number begins with it.
	Exact bool
}

// Cover returns the prefixes, in order, that the listed numbers of a territory of
// certain kinds begin with, or of any kind where kinds is empty: the shortest list
// that leaves none of them out and that no other listed number begins with.
//
// Where the length of a number decides its kind, prefixes cannot, and the list may be
// longer than limit, which is at least 1. Prefixes are then shortened as far as necessary
// and are not exact: other numbers begin with them too.
func Cover(t Territory, kinds KindSet, limit int) []Prefix {
	c := newCovering(defaultAutomaton(), func(o *Assignment) bool {
		return o.Listed && slices.Contains(o.Territories, t) && (kinds == 0 || o.Kinds&kinds != 0)
	})
	return c.prefixes(limit)
}

// prefixes returns the prefixes of all numbers wanted.
func (c *covering) prefixes(limit int) []Prefix {
	longest := E164Digits
	for longest > 1 && c.count(0, longest) > limit {
		longest--
	}
	c.collect(0, make([]byte, 0, E164Digits), longest)
	return c.list
}

// covering gathers the prefixes of the numbers that are wanted.
type covering struct {
	automaton *automaton
	wants     func(*Assignment) bool
	// found is what each node leads to, once asked.
	found []finding
	// counted is how many prefixes a place needs, once counted.
	counted map[place]int

	list []Prefix
}

// place is a node, and how many digits longer than its own a prefix may be.
type place struct {
	node uint16
	left int
}

// finding says what listed numbers a node leads to.
type finding uint8

const (
	wanted   finding = 1 << iota // numbers that are wanted
	unwanted                     // numbers that are not
	asked
)

func newCovering(a *automaton, wants func(*Assignment) bool) *covering {
	return &covering{
		automaton: a,
		wants:     wants,
		found:     make([]finding, len(a.nodes)),
		counted:   make(map[place]int),
	}
}

// find returns what a node leads to.
func (c *covering) find(node uint16) finding {
	if c.found[node] != 0 {
		return c.found[node]
	}
	f := asked | c.here(node)
	for _, next := range c.automaton.nodes[node].links {
		if next != 0 {
			f |= c.find(next)
		}
	}
	c.found[node] = f
	return f
}

// here returns what number ends in a node.
func (c *covering) here(node uint16) finding {
	switch assignment := c.automaton.here(node); {
	case !assignment.Listed:
		return 0
	case c.wants(assignment):
		return wanted
	default:
		return unwanted
	}
}

// isPrefix reports whether a node's own digits stand for the numbers wanted that it
// leads to; left is how much longer a prefix may be.
func (c *covering) isPrefix(node uint16, left int) bool {
	return node != 0 && (c.find(node)&unwanted == 0 || // all of them are wanted
		c.here(node)&wanted != 0 || // one is these digits and no more
		left == 0 || c.lengthDecides(node))
}

// lengthDecides reports whether no digit that follows makes a difference, but only
// how many there are.
func (c *covering) lengthDecides(node uint16) bool {
	links := c.automaton.nodes[node].links
	for _, next := range links {
		if next != links[0] {
			return false
		}
	}
	return true
}

// count returns how many prefixes collect would add.
func (c *covering) count(node uint16, left int) (n int) {
	if c.find(node)&wanted == 0 {
		return 0
	}
	if c.isPrefix(node, left) {
		return 1
	}
	if n, ok := c.counted[place{node, left}]; ok {
		return n
	}
	for _, next := range c.automaton.nodes[node].links {
		if next != 0 {
			n += c.count(next, left-1)
		}
	}
	c.counted[place{node, left}] = n
	return n
}

// collect adds the prefixes of the numbers wanted that a node leads to, at most
// left digits longer than the node's own.
func (c *covering) collect(node uint16, prefix []byte, left int) {
	if c.find(node)&wanted == 0 {
		return
	}
	if c.isPrefix(node, left) {
		c.list = append(c.list, Prefix{string(prefix), c.find(node)&unwanted == 0})
		return
	}
	for digit, next := range c.automaton.nodes[node].links {
		if next != 0 {
			c.collect(next, append(prefix, byte('0'+digit)), left-1)
		}
	}
}
