package main

import (
	"encoding/binary"
	"slices"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// subset runs all patterns of a calling code together: a state of the automaton
// is the set of places that they can be at.
type subset struct {
	code      *callingCode
	automaton *automaton
	reached   map[string]numbering.KindSet
	made      map[string]int
}

// state is what matters of the digits read so far.
type state struct {
	alive alive
	// depth is how many national digits were read.
	depth int
	// area is the area code, or what was read of it, under +1.
	area string
}

func newSubset(code *callingCode, automaton *automaton) *subset {
	return &subset{code, automaton, make(map[string]numbering.KindSet), make(map[string]int)}
}

// root makes the node that the calling code leads to.
func (s *subset) root() int {
	begin := state{alive: s.code.program.begin()}
	// With not one digit of the national number known, it counts as ordinary.
	return s.node(begin, numbering.Kinds(numbering.FixedLineOrMobile))
}

// next returns the state after one more digit.
func (s *subset) next(from state, digit byte) state {
	to := state{alive: s.code.program.step(from.alive, digit), depth: from.depth + 1, area: from.area}
	if s.code.areas != nil && to.depth <= areaDigits {
		to.area += string(digit)
	}
	return to
}

// node makes the node of a state and of all that follow. Known are the kinds of
// the listed numbers that begin with the longest beginning that any has.
func (s *subset) node(at state, known numbering.KindSet) int {
	if kinds := s.kinds(at); kinds != 0 && at.depth > 0 {
		known = kinds
	}
	key := at.key() + string(binary.LittleEndian.AppendUint16(nil, uint16(known)))
	if made, ok := s.made[key]; ok {
		return made
	}
	assignment := s.unlisted(at)
	assignment.Kinds = known
	n := node{here: s.automaton.owner(assignment), beyond: s.automaton.owner(assignment)}
	if listed, ok := s.listed(at); ok {
		n.here = s.automaton.owner(listed)
	}
	if !s.isOver(at) {
		for digit := range byte(10) {
			n.links[digit] = s.automaton.link(n, s.node(s.next(at, '0'+digit), known))
		}
	}
	made := s.automaton.node(n)
	s.made[key] = made
	return made
}

// kinds returns the kinds of all listed numbers that the state can lead to.
func (s *subset) kinds(at state) (kinds numbering.KindSet) {
	key := at.key()
	if kinds, ok := s.reached[key]; ok {
		return kinds
	}
	if listed, ok := s.listed(at); ok {
		kinds = listed.Kinds
	}
	if !s.isOver(at) {
		for digit := range byte(10) {
			kinds |= s.kinds(s.next(at, '0'+digit))
		}
	}
	s.reached[key] = kinds
	return kinds
}

// isOver reports whether no further digit can make a difference.
func (s *subset) isOver(at state) bool {
	return len(at.alive) == 0 || len(s.code.digits)+at.depth == longestNumber
}

func (at state) key() string {
	key := make([]byte, 0, 2+len(at.area)+4*len(at.alive))
	key = append(key, byte(at.depth), byte(len(at.area)))
	key = append(key, at.area...)
	for _, instruction := range at.alive {
		key = binary.LittleEndian.AppendUint32(key, instruction)
	}
	return string(key)
}

// listed returns whose a number is that ends in a state, if a pattern accepts it.
func (s *subset) listed(at state) (numbering.Assignment, bool) {
	if s.code.areas != nil {
		return s.listedNANP(at)
	}
	return s.listedByMetadata(at)
}

// listedByMetadata asks one region after another, as libphonenumber does in
// getRegionCodeForNumber and getNumberType.
//
// Patterns overlap where territories share ranges: +590 690 is the mobile range
// of Guadeloupe, Saint Barthélemy and Saint Martin together, +44 70 that of
// personal numbers on Jersey as in Leicester. Libphonenumber then names the
// main territory of the code, and so do we: the range is priced and policed
// as one, everyone else who uses this metadata says the same, and to ask for
// every territory would refuse good messages to the main one for nothing.
func (s *subset) listedByMetadata(at state) (numbering.Assignment, bool) {
	for i := range s.code.regions {
		r := &s.code.regions[i]
		kind := s.kind(at, r)
		if r.leading != nil && len(s.code.regions) > 1 {
			if !s.code.program.accepts(at.alive, *r.leading) {
				continue
			}
		} else if kind == numbering.UnknownKind {
			continue
		}
		assignment := numbering.Assignment{Territories: []numbering.Territory{r.territory}, Kinds: numbering.Kinds(kind), Listed: true}
		return assignment, kind != numbering.UnknownKind
	}
	return numbering.Assignment{}, false
}

// unlisted returns whose a number is that begins like this and that no pattern
// accepts. Its kinds are for the caller to find.
func (s *subset) unlisted(at state) numbering.Assignment {
	if area, ok := s.code.areas[at.area]; ok {
		return numbering.Assignment{Territories: area.Territories, Any: area.Any}
	}
	if s.code.areas == nil && len(s.code.regions) > 1 {
		for i := range s.code.regions {
			// The leading digits alone decide the territory: +7 7… is Kazakhstan's,
			// whether or not the range is known.
			if r := &s.code.regions[i]; r.leading != nil && s.code.program.accepts(at.alive, *r.leading) {
				return numbering.Assignment{Territories: []numbering.Territory{r.territory}}
			}
		}
	}
	return numbering.Assignment{Territories: s.code.unlisted}
}

// kind returns the kind of a number that ends in a state, by one region.
func (s *subset) kind(at state, r *region) numbering.Kind {
	if !s.accepts(at, &r.general) {
		return numbering.UnknownKind
	}
	i := slices.IndexFunc(r.kinds, func(d description) bool { return s.accepts(at, &d) })
	if i < 0 {
		return numbering.UnknownKind
	}
	kind := r.kinds[i].kind
	switch {
	case kind == numbering.Mobile && r.sameMobile:
		return numbering.UnknownKind // the fixed-line pattern, which is the same, would have had it
	case kind == numbering.FixedLine && (r.sameMobile || s.isMobile(at, r)):
		return numbering.FixedLineOrMobile
	}
	return kind
}

func (s *subset) isMobile(at state, r *region) bool {
	return slices.ContainsFunc(r.kinds, func(d description) bool { return d.kind == numbering.Mobile && s.accepts(at, &d) })
}

func (s *subset) accepts(at state, d *description) bool {
	return (d.lengths == 0 || d.lengths&(1<<at.depth) != 0) && s.code.program.accepts(at.alive, d.pattern)
}
