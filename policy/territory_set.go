package policy

import (
	"iter"
	"math/bits"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// Set is a set of territories. Its zero value is empty.
type Set [(numbering.MaxTerritories + 63) / 64]uint64

// SetOf returns the set of the territories given.
func SetOf(territories ...numbering.Territory) Set {
	var s Set
	for _, t := range territories {
		s.Add(t)
	}
	return s
}

// Add puts t into the set.
func (s *Set) Add(t numbering.Territory) { s[t/64] |= 1 << (t % 64) }

// Remove removes a territory.
func (s *Set) Remove(t numbering.Territory) { s[t/64] &^= 1 << (t % 64) }

// add puts all of another set into the set.
func (s *Set) add(other Set) {
	for i, word := range other {
		s[i] |= word
	}
}

// Has reports whether t is in the set.
func (s *Set) Has(t numbering.Territory) bool { return s[t/64]&(1<<(t%64)) != 0 }

// Len is how many territories are in the set.
func (s *Set) Len() int {
	n := 0
	for _, word := range s {
		n += bits.OnesCount64(word)
	}
	return n
}

// All yields the territories of the set, in the order of their table.
func (s *Set) All() iter.Seq[numbering.Territory] {
	return func(yield func(numbering.Territory) bool) {
		for i, word := range s {
			for ; word != 0; word &= word - 1 {
				if !yield(numbering.Territory(64*i + bits.TrailingZeros64(word))) {
					return
				}
			}
		}
	}
}

// everywhere is the set of all territories.
var everywhere = func() (s Set) {
	for t := range numbering.AllTerritories() {
		s.Add(t)
	}
	return s
}()
