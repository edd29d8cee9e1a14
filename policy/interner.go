package policy

import "strings"

// interner makes equal sets of a policy one value in memory, and puts the texts of its
// accounts side by side: many accounts share few different sets.
type interner struct {
	single map[Grant]*Grant
	voice  map[[ClassCount]Grant]*[ClassCount]Grant
	sets   map[grants]*grants
	// block has the latest texts. It never grows, so that texts stay where they are.
	block *strings.Builder
}

func newInterner() *interner {
	return &interner{
		single: make(map[Grant]*Grant),
		voice:  make(map[[ClassCount]Grant]*[ClassCount]Grant),
		sets:   make(map[grants]*grants),
		block:  new(strings.Builder),
	}
}

// grants is the one value for all grants that are equal.
func (n *interner) grants(g grants) *grants {
	for channel := range g.messages {
		g.messages[channel] = Interned(n.single, g.messages[channel])
	}
	g.voice = Interned(n.voice, g.voice)
	return Interned(n.sets, &g)
}

// Interned is the one value for all that are equal to a value, by those known so far; nil is
// nil. It keeps no pointer to the value itself.
func Interned[T comparable](known map[T]*T, value *T) *T {
	if value == nil {
		return nil
	}
	if one := known[*value]; one != nil {
		return one
	}
	one := new(T)
	*one = *value
	known[*one] = one
	return one
}

// The texts of accounts are allocated in blocks of so many bytes, each larger than the one
// before it.
const (
	firstBlock = 1 << 10
	lastBlock  = 64 << 10
)

// text is the parts in one text, in memory beside the text before it.
func (n *interner) text(parts ...string) string {
	length := 0
	for _, part := range parts {
		length += len(part)
	}
	if n.block.Cap()-n.block.Len() < length {
		size := min(max(2*n.block.Cap(), firstBlock), lastBlock)
		n.block = new(strings.Builder)
		n.block.Grow(max(size, length))
	}
	begin := n.block.Len()
	for _, part := range parts {
		n.block.WriteString(part)
	}
	return n.block.String()[begin:]
}
