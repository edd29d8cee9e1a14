package policy

import "github.com/caddy-tollgate/tollgate/numbering"

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

// Has tells whether t is in the set.
func (s *Set) Has(t numbering.Territory) bool { return s[t/64]&(1<<(t%64)) != 0 }
