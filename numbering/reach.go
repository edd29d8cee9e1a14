package numbering

import (
	"iter"
	"math/bits"
	"slices"
	"sync"
)

// Reach is what the listed numbers of one territory are that begin with a prefix.
type Reach struct {
	Territory Territory
	// Example is one of them, as digits without "+": an ordinary one where there is one.
	Example string
	// Whole says that all listed numbers of the territory begin with the prefix.
	Whole bool
	// Shared says that they belong to other territories too, as toll-free numbers of +1 do.
	Shared bool
}

// ReachOf returns the territories that have listed numbers of their own that begin with a
// prefix, in the order of the table. Where there are none, it returns those that share the
// listed numbers that do.
func ReachOf(prefix string) []Reach {
	a := defaultAutomaton()
	node, depth := a.walk(prefix)
	if depth < len(prefix) {
		return nil
	}
	owners := reachable()
	own, shared := owners.own[node], false
	if own == (territoryBits{}) {
		own, shared = owners.shared[node], true
	}
	var list []Reach
	for t := range own.all() {
		list = append(list, Reach{
			Territory: t,
			Example:   a.exampleOf(node, prefix, t, shared),
			Whole:     !shared && a.isWhole(prefix, t),
			Shared:    shared,
		})
	}
	return list
}

// territoryBits is a set of territories.
type territoryBits [(MaxTerritories + 63) / 64]uint64

func (b *territoryBits) add(t Territory) { b[t/64] |= 1 << (t % 64) }

func (b *territoryBits) has(t Territory) bool { return b[t/64]&(1<<(t%64)) != 0 }

// merge adds all of another set.
func (b *territoryBits) merge(other territoryBits) {
	for i, word := range other {
		b[i] |= word
	}
}

// all yields the territories in the order of the table.
func (b territoryBits) all() iter.Seq[Territory] {
	return func(yield func(Territory) bool) {
		for i, word := range b {
			for ; word != 0; word &= word - 1 {
				if !yield(Territory(64*i + bits.TrailingZeros64(word))) {
					return
				}
			}
		}
	}
}

// nodeOwners are, for each node, the territories of the listed numbers that it leads to:
// of those that are one territory's, of those that several share, and of those that are one
// territory's and ordinary.
type nodeOwners struct{ own, shared, ordinary []territoryBits }

// ordinaryKinds are the kinds of numbers that people have.
var ordinaryKinds = Kinds(FixedLine, Mobile, FixedLineOrMobile)

// reachable works out the owners of every node, when they are first asked for.
var reachable = sync.OnceValue(func() nodeOwners {
	a := defaultAutomaton()
	owners := nodeOwners{
		own:      make([]territoryBits, len(a.nodes)),
		shared:   make([]territoryBits, len(a.nodes)),
		ordinary: make([]territoryBits, len(a.nodes)),
	}
	asked := make([]bool, len(a.nodes))
	var ask func(node uint16)
	ask = func(node uint16) {
		if asked[node] {
			return
		}
		asked[node] = true
		owners.addHere(node, a.here(node))
		for _, next := range a.nodes[node].links {
			if next != 0 {
				ask(next)
				owners.own[node].merge(owners.own[next])
				owners.shared[node].merge(owners.shared[next])
				owners.ordinary[node].merge(owners.ordinary[next])
			}
		}
	}
	ask(0)
	return owners
})

// addHere adds the number that ends in a node.
func (o *nodeOwners) addHere(node uint16, assignment *Assignment) {
	if !assignment.Listed {
		return
	}
	for _, t := range assignment.Territories {
		switch {
		case len(assignment.Territories) > 1:
			o.shared[node].add(t)
		default:
			o.own[node].add(t)
			if assignment.Kinds&^ordinaryKinds == 0 {
				o.ordinary[node].add(t)
			}
		}
	}
}

// exampleOf is a listed number of a territory behind a node, which the prefix leads to: of
// the ordinary ones, if there are any, that with the smallest digits, and as long as can be.
func (a *automaton) exampleOf(node uint16, prefix string, t Territory, shared bool) string {
	owners := reachable()
	sets := owners.own
	switch {
	case shared:
		sets = owners.shared
	case owners.ordinary[node].has(t):
		sets = owners.ordinary
	}
	digits := []byte(prefix)
	leads := func(link uint16) bool { return link != 0 && sets[link].has(t) }
	for {
		links := a.nodes[node].links[:]
		digit := slices.IndexFunc(links, leads)
		if digit < 0 {
			return string(digits)
		}
		digits, node = append(digits, '0'+byte(digit)), links[digit]
	}
}

// isWhole reports whether no listed number of a territory's own begins otherwise than with a
// prefix: none branches off on the way to it.
func (a *automaton) isWhole(prefix string, t Territory) bool {
	own := reachable().own
	node := uint16(0)
	for i := range len(prefix) {
		for digit, link := range a.nodes[node].links {
			if link != 0 && byte(digit) != prefix[i]-'0' && own[link].has(t) {
				return false
			}
		}
		node = a.nodes[node].links[prefix[i]-'0']
	}
	return true
}
