package limits

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"strconv"
)

// Number is the number of a send, to say of a hold which were tried. The zero value is none.
type Number struct {
	// Digits are all of it.
	Digits uint64
	// Shown is how many of the last digits may be shown.
	Shown int
}

// Seen says which numbers a hold has refused.
type Seen struct {
	// Numbers is how many different ones there were. More says that there were others, of which it
	// is unknown how many: they are too far apart.
	Numbers int
	More    bool
	// InARow says that there were nearly all from one to another. First and Last are the last digits
	// of these, and empty where they may not be shown.
	InARow      bool
	First, Last string
}

// String is what was seen, in words: "38 numbers, 1000 to 1039 in a row". It is empty where nothing
// was.
func (s Seen) String() string {
	switch {
	case s.Numbers == 0:
		return ""
	case s.Numbers == 1 && !s.More:
		return "1 number"
	case s.More:
		return fmt.Sprintf("at least %d numbers", s.Numbers)
	case s.InARow && s.First != "":
		return fmt.Sprintf("%d numbers, %s to %s in a row", s.Numbers, s.First, s.Last)
	case s.InARow:
		return fmt.Sprintf("%d numbers in a row", s.Numbers)
	}
	return fmt.Sprintf("%d numbers, not in a row", s.Numbers)
}

const (
	// mostPages bounds what is remembered of numbers: 2,048 of them that are close together.
	mostPages = 32
	// leastRow is how many numbers make a row: of fewer, its ends would be most of them.
	leastRow = 5
	// rowGaps is how many numbers may be missing of a row: one of so many.
	rowGaps = 10
)

// seen are numbers, by pages of 64 that follow each other.
type seen struct {
	pages []page // by their first numbers
	more  bool
	shown int // of all numbers, the least
}

// page has a bit for each of its numbers that was seen.
type page struct{ first, bits uint64 }

// add adds a number, unless it is none.
func (s *seen) add(n Number) {
	if n.Digits == 0 {
		return
	}
	first, bit := n.Digits&^63, uint64(1)<<(n.Digits&63)
	i, found := slices.BinarySearchFunc(s.pages, first, func(p page, first uint64) int { return cmp.Compare(p.first, first) })
	if len(s.pages) == 0 || n.Shown < s.shown {
		s.shown = n.Shown
	}
	switch {
	case found:
		s.pages[i].bits |= bit
	case len(s.pages) == mostPages:
		s.more = true
	default:
		s.pages = slices.Insert(s.pages, i, page{first, bit})
	}
}

// summary says what was seen.
func (s *seen) summary() Seen {
	if len(s.pages) == 0 {
		return Seen{}
	}
	sum := Seen{More: s.more}
	for _, p := range s.pages {
		sum.Numbers += bits.OnesCount64(p.bits)
	}
	head, tail := s.pages[0], s.pages[len(s.pages)-1]
	first, last := head.first+uint64(bits.TrailingZeros64(head.bits)), tail.first+63-uint64(bits.LeadingZeros64(tail.bits))
	length := last - first + 1
	missing := length - uint64(sum.Numbers)
	if s.more || sum.Numbers < leastRow || missing*rowGaps > length {
		return sum
	}
	sum.InARow, sum.First, sum.Last = true, lastDigits(first, s.shown), lastDigits(last, s.shown)
	return sum
}

// lastDigits are so many of the last digits of a number: with a plus, if they are all.
func lastDigits(number uint64, shown int) string {
	text := strconv.FormatUint(number, 10)
	if shown >= len(text) {
		return "+" + text
	}
	return text[len(text)-max(shown, 0):]
}
