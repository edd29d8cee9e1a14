package numbering

import "slices"

// Difference says how many listed numbers of a territory differ between two plans. A
// number of several territories counts for each.
type Difference struct {
	// Before and After are how many are listed.
	Before, After uint64
	// Moved are those of Before that another territory has after, Unlisted those that
	// are in no range any more, OtherKind those that have another kind.
	Moved, Unlisted, OtherKind uint64
}

// IsNone reports whether the two plans say the same.
func (d Difference) IsNone() bool {
	return d.Before == d.After && d.Moved+d.Unlisted+d.OtherKind == 0
}

// Compare compares two plans on every number that one of them lists, and returns the
// territories that have any.
//
// It follows both automata at once. The numbers behind a pair of nodes are counted once,
// however many prefixes lead there.
func Compare(before, after *Data) map[Territory]Difference {
	c := comparison{before.automaton, after.automaton, make(map[[2]uint16]map[Territory]Difference)}
	return c.behind([2]uint16{}, true)
}

// comparison counts what is behind pairs of nodes. Node 0 stands for what leads nowhere,
// except at the start: nothing links to the root.
type comparison struct {
	before, after *automaton
	counted       map[[2]uint16]map[Territory]Difference
}

func (c *comparison) behind(at [2]uint16, isRoot bool) map[Territory]Difference {
	if sum, ok := c.counted[at]; ok && !isRoot {
		return sum
	}
	sum := make(map[Territory]Difference)
	var listed [2]Assignment
	var links [2][10]uint16
	for i, a := range []*automaton{c.before, c.after} {
		if at[i] == 0 && !isRoot {
			continue
		}
		links[i] = a.nodes[at[i]].links
		if here := a.here(at[i]); here.Listed {
			listed[i] = *here
		}
	}
	addNumber(sum, listed[0], listed[1])
	for digit := range 10 {
		next := [2]uint16{links[0][digit], links[1][digit]}
		if next == [2]uint16{} {
			continue
		}
		for t, d := range c.behind(next, false) {
			sum[t] = sum[t].plus(d)
		}
	}
	if !isRoot {
		c.counted[at] = sum
	}
	return sum
}

// addNumber counts one number by its assignments, the zero Assignment where it is not
// listed.
func addNumber(sum map[Territory]Difference, before, after Assignment) {
	for _, t := range before.Territories {
		d := Difference{Before: 1}
		switch {
		case !after.Listed:
			d.Unlisted = 1
		case before.Any != after.Any || !slices.Equal(before.Territories, after.Territories):
			d.Moved = 1
		case before.Kinds != after.Kinds:
			d.OtherKind = 1
		}
		sum[t] = sum[t].plus(d)
	}
	for _, t := range after.Territories {
		sum[t] = sum[t].plus(Difference{After: 1})
	}
}

func (d Difference) plus(other Difference) Difference {
	return Difference{
		Before: d.Before + other.Before, After: d.After + other.After,
		Moved: d.Moved + other.Moved, Unlisted: d.Unlisted + other.Unlisted, OtherKind: d.OtherKind + other.OtherKind,
	}
}
