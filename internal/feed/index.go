package feed

import "math/bits"

// index finds prefixes in a list in order. Its first level is the list, and each further one has
// the first prefix of each block of the one below, until there is one block. A block is as long as
// a line of the processor's caches, so a search reads one line a level: seven for a million.
type index [][]prefix

// blockLength is how many prefixes a block has.
const blockLength = 8

// noPrefix fills the last block of a level. No number is as great.
const noPrefix = ^prefix(0)

// newIndex returns an index of prefixes in order.
func newIndex(prefixes []prefix) index {
	blocks := max(1, (len(prefixes)+blockLength-1)/blockLength)
	level := make([]prefix, blocks*blockLength)
	for i := copy(level, prefixes); i < len(level); i++ {
		level[i] = noPrefix
	}
	if blocks == 1 {
		return index{level}
	}
	firsts := make([]prefix, blocks)
	for i := range firsts {
		firsts[i] = level[i*blockLength]
	}
	return append(index{level}, newIndex(firsts)...)
}

// at is the prefix at a place.
func (x index) at(place int) prefix { return x[0][place] }

// last is the place of the last prefix that is not greater than a number, -1 if there is none.
func (x index) last(number prefix) int {
	place := 0
	for i := len(x) - 1; i >= 0; i-- {
		block := (*[blockLength]prefix)(x[i][place*blockLength:])
		// Counting without branches: which way they went would be a guess each time.
		greater := 0
		for _, p := range block {
			_, isGreater := bits.Sub64(uint64(number), uint64(p), 0)
			greater += int(isGreater)
		}
		if place = place*blockLength + blockLength - greater - 1; place < 0 {
			return -1 // at the top alone: the first of any other block is not greater
		}
	}
	return place
}
