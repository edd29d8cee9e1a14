package incident

import (
	"fmt"
	"slices"
	"strings"
)

// maxTallied is how many different values a tally names. An attacker chooses the numbers.
const maxTallied = 10

// others is the name of all further values.
const others = "others"

// Tally counts denials by a value, in the order in which the values came.
type Tally []Tallied

// Tallied is one value with the denials that have it.
type Tallied struct {
	Value   string `json:"value"`
	Denials int64  `json:"denials"`
}

// add counts one more denial with a value. An empty one is not counted.
func (t *Tally) add(value string) {
	if value != "" {
		t.addAll(Tallied{value, 1})
	}
}

// addAll counts denials that have a value.
func (t *Tally) addAll(more Tallied) {
	i := t.index(more.Value)
	if i < 0 && len(*t) >= maxTallied {
		more.Value = others
		i = t.index(others)
	}
	if i >= 0 {
		(*t)[i].Denials += more.Denials
		return
	}
	*t = append(*t, more)
}

// merge counts the denials of another tally.
func (t *Tally) merge(other Tally) {
	for _, one := range other {
		t.addAll(one)
	}
}

func (t *Tally) index(value string) int {
	return slices.IndexFunc(*t, func(other Tallied) bool { return other.Value == value })
}

func (t Tally) copied() Tally { return append(Tally{}, t...) }

// String is the tally in words: "US 40, CA 3".
func (t Tally) String() string {
	words := make([]string, len(t))
	for i, one := range t {
		words[i] = fmt.Sprintf("%s %d", one.Value, one.Denials)
	}
	return strings.Join(words, ", ")
}
