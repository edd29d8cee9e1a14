package numbering

import (
	"slices"
	"strings"
	"testing"
)

// special are the kinds of numbers that cost more.
var special = Kinds(PremiumRate, SharedCost, PersonalNumber, Pager, Voicemail)

// describePrefixes writes prefixes as the tests do, "~" before those that are not
// exact.
func describePrefixes(prefixes []Prefix) string {
	var words []string
	for _, prefix := range prefixes {
		word := prefix.Digits
		if !prefix.Exact {
			word = "~" + word
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

// Twilio's own list has +37181 and +3719000, the part of +3719 that is in use.
func TestLatvianSpecialNumbersAreTwiliosOwn(t *testing.T) {
	latvia, _ := ParseTerritory("LV")
	if got := describePrefixes(Cover(latvia, special, 100)); got != "37181 3719" {
		t.Errorf("they are %s", got)
	}
}

// automatonOf makes an automaton, not minimised, that lists numbers: those that
// begin with "!" are mobile, the others premium. A last digit "*" stands for any.
func automatonOf(numbers ...string) *automaton {
	a := &automaton{
		nodes:   make([]node, 1),
		endings: []ending{{}, {here: Assignment{Kinds: Kinds(PremiumRate), Listed: true}}, {here: Assignment{Kinds: Kinds(Mobile), Listed: true}}},
	}
	for _, number := range numbers {
		digits, isMobile := strings.CutPrefix(number, "!")
		kind := uint16(1)
		if isMobile {
			kind = 2
		}
		a.list(0, digits, kind)
	}
	return a
}

// list adds a number behind a node.
func (a *automaton) list(at uint16, digits string, ending uint16) {
	switch {
	case digits == "":
		a.nodes[at].ending = ending
	case digits[0] == '*':
		first := a.nodes[at].links[0]
		if first == 0 {
			first = uint16(len(a.nodes))
			a.nodes = append(a.nodes, node{})
		}
		for digit := range a.nodes[at].links {
			a.nodes[at].links[digit] = first
		}
		a.list(first, digits[1:], ending)
	default:
		next := &a.nodes[at].links[digits[0]-'0']
		if *next == 0 {
			*next = uint16(len(a.nodes))
			a.nodes = append(a.nodes, node{})
			next = &a.nodes[at].links[digits[0]-'0']
			*next = uint16(len(a.nodes) - 1)
		}
		a.list(*next, digits[1:], ending)
	}
}

func TestTheShortestPrefixes(t *testing.T) {
	tests := []struct {
		name    string
		numbers []string
		limit   int
		want    string
	}{
		{"no number", nil, 9, ""},
		{"none that is wanted", []string{"!11", "!12"}, 9, ""},
		{"all of them", []string{"11", "12"}, 9, "1"},
		{"all that begin alike", []string{"111", "112", "!12"}, 9, "11"},
		{"two ranges", []string{"111", "131", "!12"}, 9, "11 13"},
		{"the length decides, whatever the digits", []string{"1***", "!1**"}, 9, "~1"},
		{"the length decides behind a digit", []string{"12**", "!12*", "!13*"}, 9, "~12"},
		{"a number is the beginning of another", []string{"12", "!121", "!13"}, 9, "~12"},
		{"one that is not wanted is the beginning", []string{"!12", "121", "!13"}, 9, "121"},
		{"as many as may be", []string{"111", "!112", "121", "!122"}, 2, "111 121"},
		{"one more than may be", []string{"111", "!112", "121", "!122"}, 1, "~1"},
		{"one more, and a digit less will do", []string{"111", "!112", "113", "121", "!122", "!131"}, 2, "~11 ~12"},
		{"a number cut short to a digit", []string{"11", "!12", "21", "!22"}, 1, "~1 ~2"},
	}
	for _, test := range tests {
		c := newCovering(automatonOf(test.numbers...), func(o *Assignment) bool { return o.Kinds.Has(PremiumRate) })
		if got := describePrefixes(c.prefixes(test.limit)); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

// The whole automaton is walked along the prefixes: off them there is no number
// that is wanted, and behind an exact one there is no other.
func TestACoverCoversExactly(t *testing.T) {
	a := defaultAutomaton()
	for territory := range AllTerritories() {
		for _, kinds := range []KindSet{special, Kinds(TollFree), 0} {
			prefixes := Cover(territory, kinds, 1000)
			if len(prefixes) > 1000 {
				t.Errorf("%s has %d prefixes", territory, len(prefixes))
			}
			w := coverWalk{t: t, a: a, prefixes: prefixes, under: make(map[uint16][2]bool), wants: func(o Assignment) bool {
				return slices.Contains(o.Territories, territory) && (kinds == 0 || o.Kinds&kinds != 0)
			}}
			w.along("", 0)
		}
	}
}

// coverWalk walks along prefixes. It finds out by itself what is under a node.
type coverWalk struct {
	t        *testing.T
	a        *automaton
	prefixes []Prefix
	wants    func(Assignment) bool
	under    map[uint16][2]bool // wanted numbers, unwanted ones
}

func (w *coverWalk) along(digits string, at uint16) {
	wanted, unwanted := w.find(at)
	i := slices.IndexFunc(w.prefixes, func(p Prefix) bool { return strings.HasPrefix(p.Digits, digits) })
	switch {
	case i < 0:
		if wanted {
			w.t.Errorf("+%s… is left out of %s", digits, describePrefixes(w.prefixes))
		}
		return
	case w.prefixes[i].Digits == digits:
		if !wanted || w.prefixes[i].Exact == unwanted {
			w.t.Errorf("+%s… holds wanted numbers: %t, others: %t, and is exact: %t", digits, wanted, unwanted, w.prefixes[i].Exact)
		}
		return
	case digits != "" && !unwanted:
		w.t.Errorf("+%s would do for all that is wanted behind it", digits)
	}
	if here := w.a.here(at); here.Listed && w.wants(*here) {
		w.t.Errorf("+%s itself is left out", digits)
	}
	for digit, next := range w.a.nodes[at].links {
		if next != 0 {
			w.along(digits+string(rune('0'+digit)), next)
		}
	}
}

func (w *coverWalk) find(at uint16) (wanted, unwanted bool) {
	if found, ok := w.under[at]; ok {
		return found[0], found[1]
	}
	if here := w.a.here(at); here.Listed {
		wanted = w.wants(*here)
		unwanted = !wanted
	}
	for _, next := range w.a.nodes[at].links {
		if next != 0 {
			more, others := w.find(next)
			wanted, unwanted = wanted || more, unwanted || others
		}
	}
	w.under[at] = [2]bool{wanted, unwanted}
	return wanted, unwanted
}
