package address

import (
	"iter"
	"slices"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// Number is one number that a text can mean.
type Number struct {
	// Digits in E.164 order, without "+".
	Digits     string
	Assignment numbering.Assignment
}

// NumberList is a list of numbers. It has the first one in itself, so that a list of one
// needs no memory elsewhere: most texts mean one number. A copy may be added to only if
// the original no longer is.
type NumberList struct {
	first    Number
	hasFirst bool
	further  []Number
}

// ListOf returns the list of these numbers.
func ListOf(numbers ...Number) (list NumberList) {
	for i := range numbers {
		list.add(&numbers[i])
	}
	return list
}

// Len is how many numbers there are.
func (l *NumberList) Len() int {
	if !l.hasFirst {
		return 0
	}
	return 1 + len(l.further)
}

// At returns the number at an index from 0 to Len-1.
func (l *NumberList) At(i int) *Number {
	if i == 0 && l.hasFirst {
		return &l.first
	}
	return &l.further[i-1]
}

// All yields the numbers in order, each with its index.
func (l *NumberList) All() iter.Seq2[int, *Number] {
	return func(yield func(int, *Number) bool) {
		for i := range l.Len() {
			if !yield(i, l.At(i)) {
				return
			}
		}
	}
}

// add adds a number behind the others.
func (l *NumberList) add(n *Number) {
	if !l.hasFirst {
		l.first, l.hasFirst = *n, true
		return
	}
	l.further = append(l.further, *n)
}

// isRepaired reports whether one of the first so many numbers begins in a territory of the
// assignment.
func (l *NumberList) isRepaired(first int, assignment *numbering.Assignment) bool {
	for i := range first {
		if slices.Contains(assignment.Territories, l.At(i).Assignment.Territories[0]) {
			return true
		}
	}
	return false
}

// has reports whether a number of these digits is in the list.
func (l *NumberList) has(digits string) bool {
	for i := range l.Len() {
		if l.At(i).Digits == digits {
			return true
		}
	}
	return false
}
