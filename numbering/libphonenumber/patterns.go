package libphonenumber

import (
	"regexp/syntax"
	"sync"

	"github.com/nyaruka/phonenumbers"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// patterns are the patterns of one territory's numbers, one a kind. They are
// compiled when they are first needed: most territories never see a number
// that is not listed.
type patterns struct {
	compiled func() []pattern
}

type pattern struct {
	kind    numbering.Kind
	program *syntax.Prog
}

func newPatterns(m *phonenumbers.PhoneMetadata) *patterns {
	return &patterns{compiled: sync.OnceValue(func() []pattern { return compile(m) })}
}

func compile(m *phonenumbers.PhoneMetadata) []pattern {
	// Where one pattern serves for both, only the fixed-line one counts, as in
	// libphonenumber.
	both := m.GetSameMobileAndFixedLinePattern()
	var list []pattern
	for _, d := range Descriptions(m) {
		program, err := Compile(d.Pattern)
		if err != nil {
			panic("libphonenumber: " + err.Error())
		}
		switch {
		case both && d.Kind == numbering.FixedLine:
			list = append(list, pattern{numbering.FixedLineOrMobile, program})
		case both && d.Kind == numbering.Mobile:
		default:
			list = append(list, pattern{d.Kind, program})
		}
	}
	return list
}

// reach returns how many of the leading digits of a national number can begin a number
// of these territories, and of which kinds: every kind that goes as far as the one that
// goes farthest. If not even the first digit can, it counts as an ordinary number.
func reach(national string, territories ...*patterns) (depth int, kinds numbering.KindSet) {
	for _, territory := range territories {
		for _, p := range territory.compiled() {
			switch n := p.feasible(national); {
			case n > depth:
				depth, kinds = n, numbering.Kinds(p.kind)
			case n == depth && n > 0:
				kinds |= numbering.Kinds(p.kind)
			}
		}
	}
	if depth == 0 {
		kinds = numbering.Kinds(numbering.FixedLineOrMobile)
	}
	return depth, kinds
}

// feasible returns the length of the longest beginning of digits that can be
// continued to a number of the pattern, or is one. It runs the program of the
// pattern as the set of its states: the beginning is feasible as long as one is
// alive, since no state of these patterns is a dead end.
func (p pattern) feasible(digits string) int {
	alive := Follow(p.program.Inst, nil, uint32(p.program.Start))
	for i := range len(digits) {
		var next []uint32
		for _, state := range alive {
			instruction := &p.program.Inst[state]
			if instruction.Op != syntax.InstMatch && instruction.MatchRune(rune(digits[i])) {
				next = Follow(p.program.Inst, next, instruction.Out)
			}
		}
		if len(next) == 0 {
			return i
		}
		alive = next
	}
	return len(digits)
}
