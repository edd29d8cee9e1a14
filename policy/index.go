package policy

import "hash/maphash"

// index finds numbered things by text: accounts by their names, credentials by themselves.
// It holds numbers and no texts, so that a million of them stay in a few pages of memory
// that the garbage collector does not scan. The caller compares the texts.
type index struct {
	seed maphash.Seed
	// slots are a table with open addressing, at most half full. A slot has the number plus
	// one in as many lower bits as that needs, and the upper half of the hash in the bits
	// above; 0 is empty.
	slots []uint32
}

// newIndex returns an index with room for so many entries, whose numbers are below that.
func newIndex(entries int) index {
	size := 8
	for size < 2*entries {
		size *= 2
	}
	return index{maphash.MakeSeed(), make([]uint32, size)}
}

// probe is a search for the entries of a text: first Next, then until that is done.
type probe struct {
	slots []uint32
	// last is the last place of the slots, and the bits of a slot that have the number.
	last, at, upper uint32
}

// find begins a search for the entries of a text.
func (x *index) find(text string) probe {
	hash := maphash.String(x.seed, text)
	last := uint32(len(x.slots) - 1)
	return probe{x.slots, last, uint32(hash) & last, uint32(hash>>32) &^ last}
}

// next returns the number of the next entry whose text may be the one that is searched.
func (p *probe) next() (number int, ok bool) {
	for {
		slot := p.slots[p.at]
		if slot == 0 {
			return 0, false
		}
		p.at = (p.at + 1) & p.last
		if slot&^p.last == p.upper {
			return int(slot&p.last) - 1, true
		}
	}
}

// add adds an entry. The index has room for it.
func (x *index) add(text string, number int) {
	p := x.find(text)
	for p.slots[p.at] != 0 {
		p.at = (p.at + 1) & p.last
	}
	p.slots[p.at] = p.upper | uint32(number+1)
}
