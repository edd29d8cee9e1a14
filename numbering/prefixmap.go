package numbering

import (
	"slices"
	"strings"
)

// PrefixMap finds the longest of many prefixes that a number begins with. Each prefix has a
// section of the line of all numbers, and what the line is cut into is in order. It never
// changes once it is made, is safe for concurrent use, and allocates nothing to look a
// number up. The zero value is empty.
type PrefixMap[V any] struct {
	// starts are where another prefix begins to be the longest, as padded numbers. The
	// first is 0.
	starts []uint64
	// longest are the places of those prefixes, 0 for none.
	longest []uint32
	// prefixes and values are in the same places. The first stands for none.
	prefixes []placedPrefix
	values   []V
	// heads are the places in starts from which on numbers begin with some first digits, 40 kB.
	// Where there is no start between two of them, no other digits matter.
	heads []uint32
}

// placedPrefix is a prefix by how long it is and the place of the longest one within it, 0
// for none.
type placedPrefix struct {
	within uint32
	length uint8
}

// PrefixEntry is a prefix, digits without "+", and what it stands for.
type PrefixEntry[V any] struct {
	Prefix string
	Value  V
}

const (
	// paddedDigits is how many digits of a number count: as many as fit in 64 bits.
	paddedDigits = 18
	// headDigits is how many first digits say where to look, and headSize how many numbers
	// begin with the same ones.
	headDigits = 4
	headSize   = 1e14
)

// NewPrefixMap makes a map of the entries, of which the later counts where two
// have the same prefix. No number begins with a prefix that holds anything but
// digits, or more than a number has, so such entries, and the empty prefix, are never found.
func NewPrefixMap[V any](entries []PrefixEntry[V]) PrefixMap[V] {
	entries = slices.DeleteFunc(slices.Clone(entries), func(e PrefixEntry[V]) bool {
		return !isAllDigits(e.Prefix) || len(e.Prefix) > paddedDigits
	})
	slices.SortStableFunc(entries, func(a, b PrefixEntry[V]) int { return strings.Compare(a.Prefix, b.Prefix) })
	if len(entries) == 0 {
		return PrefixMap[V]{}
	}
	m := PrefixMap[V]{
		starts: []uint64{0}, longest: []uint32{0},
		prefixes: make([]placedPrefix, 1, len(entries)+1), values: make([]V, 1, len(entries)+1),
	}
	open := []section{{}} // those around the next entry, the innermost last
	for i, e := range entries {
		if i+1 < len(entries) && entries[i+1].Prefix == e.Prefix {
			continue
		}
		start, _ := pad(e.Prefix)
		open = m.close(open, start)
		place := uint32(len(m.prefixes))
		m.prefixes = append(m.prefixes, placedPrefix{open[len(open)-1].place, uint8(len(e.Prefix))})
		m.values = append(m.values, e.Value)
		open = append(open, section{place, start + powers[paddedDigits-len(e.Prefix)]})
		m.cut(start, place)
	}
	m.close(open, powers[paddedDigits])
	m.starts, m.longest = slices.Clip(m.starts), slices.Clip(m.longest)
	m.prefixes, m.values = slices.Clip(m.prefixes), slices.Clip(m.values)
	m.findHeads()
	return m
}

// section is the prefix in a place, and where its numbers end.
type section struct {
	place uint32
	end   uint64
}

// close ends the sections that are over at a number, except the first, which has no end.
func (m *PrefixMap[V]) close(open []section, at uint64) []section {
	for len(open) > 1 && open[len(open)-1].end <= at {
		end := open[len(open)-1].end
		open = open[:len(open)-1]
		m.cut(end, open[len(open)-1].place)
	}
	return open
}

// cut has the prefix in a place be the longest from a number on.
func (m *PrefixMap[V]) cut(at uint64, place uint32) {
	if last := len(m.starts) - 1; m.starts[last] == at {
		m.longest[last] = place
		return
	}
	m.starts, m.longest = append(m.starts, at), append(m.longest, place)
}

// findHeads finds where to look by first digits.
func (m *PrefixMap[V]) findHeads() {
	m.heads = make([]uint32, powers[headDigits]+1)
	place := 0
	for head := range m.heads {
		for place < len(m.starts) && m.starts[place] < uint64(head)*headSize {
			place++
		}
		m.heads[head] = uint32(place)
	}
}

// Longest returns what the longest prefix of the digits stands for, and how
// many digits that is, 0 where there is none.
func (m *PrefixMap[V]) Longest(digits string) (value *V, length int) {
	if m.heads == nil {
		return nil, 0 // it is empty
	}
	number, count := pad(digits[:min(len(digits), headDigits)])
	head := number / headSize
	low, high := int(m.heads[head]), int(m.heads[head+1])
	if low < high {
		number, count = pad(digits)
	}
	for low < high { // for the first start behind the number
		if middle := int(uint(low+high) >> 1); m.starts[middle] <= number {
			low = middle + 1
		} else {
			high = middle
		}
	}
	place := m.longest[low-1]
	for int(m.prefixes[place].length) > count { // the number has fewer digits
		place = m.prefixes[place].within
	}
	if place == 0 {
		return nil, 0
	}
	return &m.values[place], int(m.prefixes[place].length)
}

// pad reads up to as many digits as count, up to what is not one, and adds zeros.
func pad(digits string) (number uint64, count int) {
	for ; count < len(digits) && count < paddedDigits; count++ {
		digit := digits[count] - '0'
		if digit > 9 {
			break
		}
		number = number*10 + uint64(digit)
	}
	return number * powers[paddedDigits-count], count
}

// powers are those of ten.
var powers = func() (powers [paddedDigits + 1]uint64) {
	powers[0] = 1
	for i := range paddedDigits {
		powers[i+1] = powers[i] * 10
	}
	return powers
}()
