package config

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
)

// Position is where a value stands in what somebody wrote.
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

// compare orders positions as they stand in a file.
func (p Position) compare(other Position) int {
	return cmp.Or(p.Line-other.Line, p.Column-other.Column)
}

// Positions says where the values of a document stand, by their path in JSON
// ("accounts[0].messaging[1]"). A value without a position of its own stands
// where what contains it stands.
type Positions map[string]Position

// Problem is one mistake in a document.
type Problem struct {
	// Path of the value in JSON; empty if the whole text is wrong.
	Path string
	// Position of the value, if it is known.
	Position Position
	// Message says what is wrong and what would be right.
	Message string
}

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
	return Problem{Path: path, Position: ps.at(path), Message: message}
}

// at finds the position of a path, or of the closest value around it.
func (ps Positions) at(path string) Position {
	for path != "" {
		if p, ok := ps[path]; ok {
			return p
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return Position{}
}

// place says where a path stands, for people.
func (ps Positions) place(path string) string {
	if p := ps.at(path); p.File != "" {
		return "in " + p.String()
	}
	return "at " + path
}

// mostProblems is how many mistakes are named one by one: more would be read by
// nobody.
const mostProblems = 50

// problems are the first mistakes that were found, and how many more there are.
type problems struct {
	first []Problem
	more  int
}

func (p *problems) add(problem Problem) {
	if len(p.first) == mostProblems {
		p.more++
		return
	}
	p.first = append(p.first, problem)
}

func (p *problems) count() int { return len(p.first) + p.more }

// err makes one error of all problems, or nil of none.
func (p *problems) err() error {
	var errs []error
	for _, problem := range p.first {
		errs = append(errs, problem)
	}
	if p.more > 0 {
		errs = append(errs, fmt.Errorf("and %d more mistakes", p.more))
	}
	return errors.Join(errs...)
}
