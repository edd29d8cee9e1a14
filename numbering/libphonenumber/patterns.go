package libphonenumber

import (
	"regexp/syntax"
	"slices"
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
	sources := []struct {
		kind        numbering.Kind
		description *phonenumbers.PhoneNumberDesc
	}{
		{numbering.FixedLine, m.GetFixedLine()},
		{numbering.Mobile, m.GetMobile()},
		{numbering.TollFree, m.GetTollFree()},
		{numbering.PremiumRate, m.GetPremiumRate()},
		{numbering.SharedCost, m.GetSharedCost()},
		{numbering.VoIP, m.GetVoip()},
		{numbering.PersonalNumber, m.GetPersonalNumber()},
		{numbering.Pager, m.GetPager()},
		{numbering.UAN, m.GetUan()},
		{numbering.Voicemail, m.GetVoicemail()},
	}
	var list []pattern
	for _, source := range sources {
		text := source.description.GetNationalNumberPattern()
		if text == "" || text == "NA" { // the metadata's way of saying none
			continue
		}
		parsed, err := syntax.Parse(text, syntax.Perl)
		if err != nil {
			panic("library: pattern " + text + ": " + err.Error())
		}
		program, err := syntax.Compile(parsed.Simplify())
		if err != nil {
			panic("library: pattern " + text + ": " + err.Error())
		}
		switch {
		case both && source.kind == numbering.FixedLine:
			list = append(list, pattern{numbering.FixedLineOrMobile, program})
		case both && source.kind == numbering.Mobile:
		default:
			list = append(list, pattern{source.kind, program})
		}
	}
	return list
}

// reach tells how many of the leading digits of a national number can begin a
// number of these territories, and of which kinds: every kind that can go as
// far as the one that goes farthest. Where not even the first digit can, it
// is taken for an ordinary number.
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
	alive := p.follow(nil, uint32(p.program.Start))
	for i := range len(digits) {
		var next []uint32
		for _, state := range alive {
			instruction := &p.program.Inst[state]
			if instruction.Op != syntax.InstMatch && instruction.MatchRune(rune(digits[i])) {
				next = p.follow(next, instruction.Out)
			}
		}
		if len(next) == 0 {
			return i
		}
		alive = next
	}
	return len(digits)
}

// follow adds to states every state that can be had from this one without
// consuming a digit, and that consumes one or is the end of the pattern.
func (p pattern) follow(states []uint32, state uint32) []uint32 {
	instruction := &p.program.Inst[state]
	switch instruction.Op {
	case syntax.InstAlt, syntax.InstAltMatch:
		return p.follow(p.follow(states, instruction.Out), instruction.Arg)
	case syntax.InstCapture, syntax.InstNop, syntax.InstEmptyWidth:
		return p.follow(states, instruction.Out)
	case syntax.InstFail:
		return states
	default:
		if slices.Contains(states, state) {
			return states
		}
		return append(states, state)
	}
}
