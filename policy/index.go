package policy

import "hash/maphash"

// index finds numbered things by text: accounts by their names, credentials by themselves.
// It holds numbers and no texts, so that a million of them stay in a few pages of memory
// that the garbage collector does not scan. The caller compares the texts.
type index struct {
	seed maphash.Seed
	// slots are a table with open addressing, at most half full. A slot has the upper half
	// of the hash and the number plus one; 0 is empty.
	slots []uint64
}

// newIndex returns an index with room for so many entries.
func newIndex(entries int) index {
	size := 8
	for size < 2*entries {
		size *= 2
	}
	return index{maphash.MakeSeed(), make([]uint64, size)}
}

// probe is a search for the entries of a text: first Next, then until that is done.
type probe struct {
	slots []uint64
	upper uint64
	at    uint64
}

// find begins a search for the entries of a text.
func (x *index) find(text string) probe {
	hash := maphash.String(x.seed, text)
	return probe{x.slots, hash &^ (1<<32 - 1), hash & uint64(len(x.slots)-1)}
}

// next returns the number of the next entry whose text may be the one that is searched.
func (p *probe) next() (number int, ok bool) {
	for {
		slot := p.slots[p.at]
		if slot == 0 {
			return 0, false
		}
		p.at = (p.at + 1) & uint64(len(p.slots)-1)
		if slot&^(1<<32-1) == p.upper {
			return int(uint32(slot)) - 1, true
		}
	}
}

// add adds an entry. The index has room for it.
func (x *index) add(text string, number int) {
	p := x.find(text)
	for p.slots[p.at] != 0 {
		p.at = (p.at + 1) & uint64(len(p.slots)-1)
	}
	p.slots[p.at] = p.upper | uint64(number+1)
}
