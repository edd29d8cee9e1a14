package prefixlist

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/address"
)

// File is a file of another system.
type File struct {
	Name string
	// Whitelist says that the file is the white list of a system that has one a file.
	Whitelist bool
	Text      []byte
}

// Options are what a file does not say of itself.
type Options struct {
	// International reads digits without "+" and zeros as a whole number: 49 is +49.
	International bool
	// Country is where numbers are dialled that begin with zeros; the zero value is not
	// stated.
	Country address.Country
	// Select names one list of a file that has several.
	Select string
	// Default is what becomes of a number that no entry of a map has: "allow" or "deny".
	Default string
	// DenyValues and AllowValues are the values of a map that deny and allow.
	DenyValues, AllowValues []string
	// Above is the price per unit of a price list above which a destination is denied.
	Above string
	// At is when the list counts; what ended before is left out.
	At time.Time
	// Skip names lines to leave out: "12", or "Destinations.csv:12".
	Skip []string
}

// Others is what becomes of the numbers that no entry has.
type Others uint8

const (
	// Unstated leaves them to the permission set in force.
	Unstated Others = iota
	// Denied denies them all.
	Denied
	// Allowed allows them all.
	Allowed
)

// List is what every prefix list comes down to: the longest entry in force that a number
// begins with decides.
type List struct {
	// Others is for the numbers that no entry has.
	Others Others
	// Entries, of which no two have the same digits at the same time.
	Entries []Entry
	// Notes say which lines had no effect in the other system, and what else an operator
	// must know. They are in the order in which they were found.
	Notes []Note
}

// Entry denies or allows the numbers with a prefix.
type Entry struct {
	// Digits of E.164, without "+".
	Digits string
	Deny   bool
	// Name is what the list calls it, or empty.
	Name string
	Place
	// From is when it begins, Until when it ends; zero if it does not.
	From, Until time.Time
}

// Place is a line of a file, from 1; 0 is the whole file.
type Place struct {
	File string
	Line int
}

func (p Place) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// Note says something of a line.
type Note struct {
	Place
	Text string
}

func (n Note) String() string { return n.Place.String() + ": " + n.Text }

// Refusal is the error of a list that cannot be kept as it is, with every line of which
// that is so.
type Refusal []Note

func (r Refusal) Error() string {
	lines := make([]string, len(r))
	for i := range r {
		lines[i] = r[i].String()
	}
	return strings.Join(lines, "\n")
}

// reader collects what is found in the files of one list.
type reader struct {
	Options
	entries []spelled
	// periods are the entries of a list whose prefixes are spelled in one way, and may
	// begin and end; nil for any other list.
	periods  []Entry
	notes    []Note
	mistakes Refusal
	// asked are the mistakes of which there is one for many lines, by what is missing.
	asked map[string]*question
	// skipped are the lines of Skip that were there.
	skipped map[string]bool
}

// question is what an operator must say, the first line that asks, and how many more do.
type question struct {
	Note
	more int
}

func (r *reader) note(at Place, format string, args ...any) {
	r.notes = append(r.notes, Note{at, fmt.Sprintf(format, args...)})
}

func (r *reader) refuse(at Place, format string, args ...any) {
	r.mistakes = append(r.mistakes, Note{at, fmt.Sprintf(format, args...)})
}

// ask refuses a line that cannot be read without an option; further lines that lack the same are counted.
func (r *reader) ask(at Place, option, format string, args ...any) {
	if q := r.asked[option]; q != nil {
		q.more++
		return
	}
	r.asked[option] = &question{Note: Note{at, fmt.Sprintf(format, args...)}}
}

// skips reports whether an operator left a line out.
func (r *reader) skips(at Place) bool {
	for _, name := range []string{fmt.Sprint(at.Line), at.String()} {
		if slices.Contains(r.Skip, name) {
			if !r.skipped[at.String()] {
				r.note(at, "left out, as --skip says")
			}
			r.skipped[name], r.skipped[at.String()] = true, true
			return true
		}
	}
	return false
}

// err is the refusal of all that was found, or nil.
func (r *reader) err() error {
	for _, option := range slices.Sorted(mapKeys(r.asked)) {
		q := r.asked[option]
		if q.more > 0 {
			q.Text += fmt.Sprintf(" (and so do %d more lines)", q.more)
		}
		r.mistakes = append(r.mistakes, q.Note)
	}
	for _, line := range r.Skip {
		if !r.skipped[line] {
			r.refuse(Place{File: "--skip " + line}, "no entry is in this line: name a line that was refused")
		}
	}
	if len(r.mistakes) == 0 {
		return nil
	}
	return r.mistakes
}

// line is a line of a file without its end.
type line struct {
	Place
	text string
	// whole says that a line feed ends it.
	whole bool
}

// linesOf splits a file into its lines. A carriage return stays.
func linesOf(f *File) []line {
	var lines []line
	text := f.Text
	for n := 1; len(text) > 0; n++ {
		head, rest, whole := bytes.Cut(text, []byte("\n"))
		lines = append(lines, line{Place{f.Name, n}, string(head), whole})
		text = rest
	}
	return lines
}
