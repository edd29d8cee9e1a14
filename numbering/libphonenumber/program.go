package libphonenumber

import (
	"fmt"
	"regexp/syntax"
	"slices"

	"github.com/nyaruka/phonenumbers"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// Description is the pattern of a territory's national numbers of one kind.
type Description struct {
	Kind    numbering.Kind
	Pattern string
	// Lengths that a number may have; -1 stands for none.
	Lengths []int32
}

// Descriptions returns the patterns of a territory, in the order in which libphonenumber
// asks them for the kind of a number (getNumberTypeHelper).
func Descriptions(m *phonenumbers.PhoneMetadata) []Description {
	var list []Description
	for _, d := range []struct {
		kind        numbering.Kind
		description *phonenumbers.PhoneNumberDesc
	}{
		{numbering.PremiumRate, m.GetPremiumRate()},
		{numbering.TollFree, m.GetTollFree()},
		{numbering.SharedCost, m.GetSharedCost()},
		{numbering.VoIP, m.GetVoip()},
		{numbering.PersonalNumber, m.GetPersonalNumber()},
		{numbering.Pager, m.GetPager()},
		{numbering.UAN, m.GetUan()},
		{numbering.Voicemail, m.GetVoicemail()},
		{numbering.FixedLine, m.GetFixedLine()},
		{numbering.Mobile, m.GetMobile()},
	} {
		if found, ok := Describe(d.kind, d.description); ok {
			list = append(list, found)
		}
	}
	return list
}

// Describe returns one pattern of the metadata, if there is one.
func Describe(kind numbering.Kind, d *phonenumbers.PhoneNumberDesc) (Description, bool) {
	text := d.GetNationalNumberPattern()
	if text == "" || text == "NA" { // the metadata's way of saying none
		return Description{}, false
	}
	return Description{kind, text, d.GetPossibleLength()}, true
}

// Compile compiles a pattern to a program.
func Compile(pattern string) (*syntax.Prog, error) {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil, fmt.Errorf("reading the pattern %s: %w", pattern, err)
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return nil, fmt.Errorf("compiling the pattern %s: %w", pattern, err)
	}
	return program, nil
}

// Follow adds to states every instruction that is reachable from this one without
// consuming a digit, and that consumes one or accepts.
func Follow(instructions []syntax.Inst, states []uint32, at uint32) []uint32 {
	instruction := &instructions[at]
	switch instruction.Op {
	case syntax.InstAlt, syntax.InstAltMatch:
		return Follow(instructions, Follow(instructions, states, instruction.Out), instruction.Arg)
	case syntax.InstCapture, syntax.InstNop, syntax.InstEmptyWidth:
		// The patterns have no anchors except those at their ends, which all have.
		return Follow(instructions, states, instruction.Out)
	case syntax.InstFail:
		return states
	default:
		if slices.Contains(states, at) {
			return states
		}
		return append(states, at)
	}
}
