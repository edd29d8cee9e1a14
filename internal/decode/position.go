package decode

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Position is the place of a value in a file.
type Position struct {
	File string
	Line int
	// Column counts characters from 1; 0 where only the line is known.
	Column int
}

// String is "file:line:column".
func (p Position) String() string {
	if p.Column == 0 {
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// compare orders positions by file, and as they follow each other in it.
func (p Position) compare(other Position) int {
	return cmp.Or(strings.Compare(p.File, other.File), p.Line-other.Line, p.Column-other.Column)
}

// Positions are the places of the values of a document, by their path in JSON
// ("accounts[0].messaging[1]"). A value without a position of its own has the position of
// the value that contains it.
type Positions map[string]Position

// Places say where the values of a document are. Nil says nothing.
type Places interface{ At(path string) Position }

// ProblemAt is a mistake in the value at a path, with its position.
func ProblemAt(places Places, path, message string) Problem {
	return Problem{Path: path, Position: PositionOf(places, path), Message: message}
}

// InWords says in words where the value at a path is.
func InWords(places Places, path string) string {
	if p := PositionOf(places, path); p.File != "" {
		return "in " + p.String()
	}
	return "at " + path
}

// PositionOf is where the value at a path is, as far as is known.
func PositionOf(places Places, path string) Position {
	if places == nil {
		return Position{}
	}
	return places.At(path)
}

// foundPositions are positions that are found when one is asked for. Those of a large file
// take more memory than the file, and most files have no mistake.
type foundPositions func() Positions

// At implements Places.
func (f foundPositions) At(path string) Position { return f().At(path) }

// Problem is one mistake in a document.
type Problem struct {
	// Path of the value in JSON; empty if the whole text is wrong.
	Path string
	// Position of the value, if it is known.
	Position Position
	// Message says what is wrong and what would be right.
	Message string
	// Cause of the mistake, nil if it is the value itself.
	Cause error
}

// WholeDocument is the path of a mistake of JSON that is about no member of it.
const WholeDocument = "the document"

// Unwrap returns the cause.
func (p Problem) Unwrap() error { return p.Cause }

// Error names the place and then what is wrong with it.
func (p Problem) Error() string {
	if p.Position.File != "" {
		return fmt.Sprintf("%s: %s", p.Position, p.Message)
	}
	if p.Path == "" {
		return p.Message
	}
	return p.Path + ": " + p.Message
}

// Problem is a mistake in the value at a path, with its position.
func (ps Positions) Problem(path, message string) Problem {
	return Problem{Path: path, Position: ps.At(path), Message: message}
}

// At finds the position of a path, or of the closest value around it.
func (ps Positions) At(path string) Position {
	for path != "" {
		if p, ok := ps[path]; ok {
			return p
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return Position{}
}

// Join is the path of a member of the value at a path.
func Join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// mostProblems is how many mistakes are named one by one. No one reads more.
const mostProblems = 50

// Problems are the first mistakes that were found, and how many more there are.
type Problems struct {
	first []Problem
	more  int
}

// Add adds a mistake.
func (p *Problems) Add(problem Problem) {
	if len(p.first) == mostProblems {
		p.more++
		return
	}
	p.first = append(p.first, problem)
}

// Count is how many mistakes were added.
func (p *Problems) Count() int { return len(p.first) + p.more }

// Err makes one error of all mistakes, in the order of their positions, or nil of none.
func (p *Problems) Err() error {
	slices.SortStableFunc(p.first, func(a, b Problem) int { return a.Position.compare(b.Position) })
	var errs []error
	for _, problem := range p.first {
		errs = append(errs, problem)
	}
	if p.more > 0 {
		errs = append(errs, fmt.Errorf("and %d more mistakes", p.more))
	}
	return errors.Join(errs...)
}

// ProblemsOf lists the mistakes that an error is about, with a message for each.
func ProblemsOf(err error) (all []Problem) {
	switch e := err.(type) {
	case nil:
	case Problem:
		return []Problem{e}
	case interface{ Unwrap() []error }:
		for _, part := range e.Unwrap() {
			all = append(all, ProblemsOf(part)...)
		}
	case interface{ Unwrap() error }:
		return ProblemsOf(e.Unwrap())
	}
	return all
}
