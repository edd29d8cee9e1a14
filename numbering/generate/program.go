package main

import (
	"fmt"
	"regexp/syntax"
	"slices"
)

// program is many patterns in one nondeterministic automaton.
type program struct {
	instructions []syntax.Inst
	first        []uint32 // instruction of each pattern
	start        []uint32 // the instruction that each pattern starts at
	match        []uint32 // the instruction by which each pattern accepts
}

// add compiles a pattern into the program and returns its index.
func (p *program) add(text string) (pattern int, err error) {
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return 0, fmt.Errorf("reading the pattern %s: %w", text, err)
	}
	compiled, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return 0, fmt.Errorf("compiling the pattern %s: %w", text, err)
	}
	base := uint32(len(p.instructions))
	accepts := -1
	for i, instruction := range compiled.Inst {
		if instruction.Op == syntax.InstMatch {
			accepts = i
		}
		instruction.Out += base
		if instruction.Op == syntax.InstAlt || instruction.Op == syntax.InstAltMatch {
			instruction.Arg += base
		}
		p.instructions = append(p.instructions, instruction)
	}
	if accepts < 0 {
		return 0, fmt.Errorf("compiling the pattern %s: it accepts nothing", text)
	}
	p.first = append(p.first, base)
	p.start = append(p.start, base+uint32(compiled.Start))
	p.match = append(p.match, base+uint32(accepts))
	return len(p.start) - 1, nil
}

// alive is a set of instructions, sorted, each of which consumes a digit or
// accepts: where a program can be after some digits.
type alive []uint32

// begin returns where the program is before the first digit.
func (p *program) begin() alive {
	var set alive
	for _, start := range p.start {
		set = p.follow(set, start)
	}
	slices.Sort(set)
	return set
}

// step returns where the program is after one more digit.
func (p *program) step(set alive, digit byte) alive {
	var next alive
	for _, at := range set {
		instruction := &p.instructions[at]
		if instruction.Op != syntax.InstMatch && instruction.MatchRune(rune(digit)) {
			next = p.follow(next, instruction.Out)
		}
	}
	slices.Sort(next)
	return next
}

// accepts reports whether a pattern accepts the digits that led to the set.
func (p *program) accepts(set alive, pattern int) bool {
	_, found := slices.BinarySearch(set, p.match[pattern])
	return found
}

// isAlive reports whether a pattern can begin with the digits that led to the set.
func (p *program) isAlive(set alive, pattern int) bool {
	end := uint32(len(p.instructions))
	if pattern+1 < len(p.first) {
		end = p.first[pattern+1]
	}
	return slices.ContainsFunc(set, func(at uint32) bool { return p.first[pattern] <= at && at < end })
}

// follow adds every instruction that can be had from this one without consuming
// a digit, and that consumes one or accepts.
func (p *program) follow(set alive, at uint32) alive {
	instruction := &p.instructions[at]
	switch instruction.Op {
	case syntax.InstAlt, syntax.InstAltMatch:
		return p.follow(p.follow(set, instruction.Out), instruction.Arg)
	case syntax.InstCapture, syntax.InstNop, syntax.InstEmptyWidth:
		// The patterns hold no anchor but those at their ends, which all have.
		return p.follow(set, instruction.Out)
	case syntax.InstFail:
		return set
	default:
		if slices.Contains(set, at) {
			return set
		}
		return append(set, at)
	}
}
