package numbering

import (
	"fmt"
	"testing"
)

// visit calls f once for every node that stands behind a calling code, with
// digits that lead there and the node before.
func visit(a *automaton, f func(digits string, before, at uint16)) {
	seen := make(map[uint16]bool)
	var follow func(digits string, before, at uint16)
	follow = func(digits string, before, at uint16) {
		if seen[at] {
			return
		}
		seen[at] = true
		if a.here(at).Assigned() {
			f(digits, before, at)
		}
		for digit, next := range a.nodes[at].links {
			if next != 0 {
				follow(fmt.Sprint(digits, digit), at, next)
			}
		}
	}
	follow("", 0, 0)
}

// Whatever is dialled leads along the nodes as far as it goes, so that what holds
// of every node holds of every string of digits.
func TestNoStringOfDigitsEscapes(t *testing.T) {
	a := defaultAutomaton()
	nodes := 0
	visit(a, func(digits string, _, at uint16) {
		nodes++
		e := a.endings[a.nodes[at].ending]
		for _, assignment := range []Assignment{e.here, e.beyond} {
			if !assignment.Assigned() || assignment.Kinds == 0 {
				t.Errorf("+%s… is %s", digits, describe(assignment))
			}
		}
		if e.beyond.Listed {
			t.Errorf("+%s and digits that lead nowhere are listed", digits)
		}
	})
	if reachable := len(a.nodes); nodes < reachable-200 {
		t.Errorf("%d of %d nodes stand behind a calling code", nodes, reachable)
	}
}

func TestACallingCodeIsAssignedOrNot(t *testing.T) {
	plan := Default()
	assigned := 0
	for code := range 1000 {
		digits := fmt.Sprintf("%03d", code)
		origin := plan.Provenance(digits)
		if plan.Lookup(digits).Assigned() != (origin.CallingCode != "") {
			t.Errorf("+%s is %s, of the calling code %q", digits, describe(plan.Lookup(digits)), origin.CallingCode)
		}
		if len(origin.CallingCode) == 3 {
			assigned++
		}
		for n := range 3 {
			if part := digits[:n]; n < len(origin.CallingCode) && plan.Lookup(part).Assigned() {
				t.Errorf("+%s is %s, before the calling code %s ends", part, describe(plan.Lookup(part)), origin.CallingCode)
			}
		}
	}
	// Libphonenumber 9.0.43 has 169 codes of three digits, and the table +379.
	if assigned < 165 {
		t.Errorf("%d codes of three digits are assigned", assigned)
	}
}

// The kinds of an unlisted number are those of all listed numbers with the longest
// beginning that any has; the union is made again here for every node.
func TestAnUnlistedNumberIsOfEveryKindFoundUnderItsLongestKnownPrefix(t *testing.T) {
	a := defaultAutomaton()
	under := make(map[uint16]KindSet)
	var kindsUnder func(at uint16) KindSet
	kindsUnder = func(at uint16) (kinds KindSet) {
		if kinds, ok := under[at]; ok {
			return kinds
		}
		if here := a.here(at); here.Listed {
			kinds = here.Kinds
		}
		for _, next := range a.nodes[at].links {
			if next != 0 {
				kinds |= kindsUnder(next)
			}
		}
		under[at] = kinds
		return kinds
	}
	visit(a, func(digits string, before, at uint16) {
		want := kindsUnder(at)
		switch {
		case !a.here(before).Assigned():
			want = Kinds(FixedLineOrMobile) // nothing but the calling code is known
		case want == 0:
			want = a.endings[a.nodes[before].ending].beyond.Kinds
		}
		e := a.endings[a.nodes[at].ending]
		if e.beyond.Kinds != want || !e.here.Listed && e.here.Kinds != want {
			t.Errorf("+%s…, unlisted, is %s, want %s", digits, e.beyond.Kinds, want)
		}
	})
}

func TestAFileThatIsNotWholeIsNotRead(t *testing.T) {
	tests := []struct{ name, file string }{
		{"nothing", ""},
		{"another format", "tollgate numbering 1\n" + automatonFile[len(automatonFormat):]},
		{"the last byte is missing", automatonFile[:len(automatonFile)-1]},
		{"a byte too many", automatonFile + "\x00"},
		{"half of it", automatonFile[:len(automatonFile)/2]},
		{"no nodes", automatonFile[:200]},
		{"a link to a node that is none", automatonFile[:len(automatonFile)-4] + "\xff\xff" + automatonFile[len(automatonFile)-2:]},
		{"an ending that is none", automatonFile[:len(automatonFile)-2] + "\xff\xff"},
	}
	for _, test := range tests {
		if _, err := readAutomaton(test.file); err == nil {
			t.Errorf("%s: it was read", test.name)
		}
	}
}

func TestALookupAllocatesNothing(t *testing.T) {
	for _, digits := range []string{"12125551234", "447911312345", "999123", "76123456789", "4915112345678901234", "44abc"} {
		if n := testing.AllocsPerRun(100, func() { Default().Lookup(digits) }); n != 0 {
			t.Errorf("+%s: %f allocations", digits, n)
		}
	}
}
