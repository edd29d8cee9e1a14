package feed

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// mostPrefixes bounds a list: twenty times what lists of fraud ranges have.
const mostPrefixes = 1_000_000

// beyondCode is how many digits behind its calling code a prefix has at least: a shorter one would
// close a country by mistake.
const beyondCode = 3

// prefixColumns are the names of the column that has prefixes, in lower case. Where several columns
// have such names, it is the one whose name is first here.
var prefixColumns = []string{
	"prefix", "prefixes", "number", "numbers", "range", "ranges", "code", "codes", "dial code", "dial codes",
	"dialcode", "msisdn", "destination", "test number", "test numbers", "b number", "b_number",
}

// Columns of the first and the last prefix of a range.
var (
	firstColumns = []string{"from", "first", "start", "range start", "range_start", "low"}
	lastColumns  = []string{"to", "last", "end", "range end", "range_end", "high"}
)

// Read reads a list that a feed has now: a prefix a line, or CSV. One row that is not a range of
// numbers by the plan makes all of it an error: what is wrong there may be wrong elsewhere.
func Read(text []byte, plan numbering.Plan, now time.Time) (*List, error) {
	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	if looksLikeMarkup(text) {
		return nil, errors.New(`it begins with "<" or "{": that is a web page or a document, and not a list`)
	}
	r := reader{plan: plan, codes: make(map[string]int)}
	if err := r.read(text); err != nil {
		return nil, err
	}
	if len(r.prefixes) == 0 {
		return nil, errors.New("it has no prefix: an empty list is not taken for a good one")
	}
	return newList(r.prefixes, now), nil
}

// looksLikeMarkup reports whether a text begins as HTML, XML and JSON do.
func looksLikeMarkup(text []byte) bool {
	text = bytes.TrimSpace(text)
	return len(text) > 0 && strings.IndexByte("<{[", text[0]) >= 0
}

// reader collects the prefixes of a list.
type reader struct {
	plan     numbering.Plan
	prefixes []prefix
	// codes are the lengths of calling codes by the first digits of the numbers.
	codes map[string]int
}

func (r *reader) read(text []byte) error {
	if separator := separatorOf(text); separator != 0 {
		return r.readCSV(text, separator)
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 64<<10)
	for n := 1; lines.Scan(); n++ {
		if err := r.addAll(n, withoutComment(lines.Text())); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("reading lines: %w", err)
	}
	return nil
}

// withoutComment is a line up to what "#" begins.
func withoutComment(line string) string {
	line, _, _ = strings.Cut(line, "#")
	return line
}

// separatorOf is what separates the cells of CSV, by its first row; 0 if it has lines alone.
func separatorOf(text []byte) rune {
	for line := range bytes.Lines(text) {
		row := strings.TrimSpace(withoutComment(string(line)))
		if row == "" {
			continue
		}
		for _, separator := range ",;\t" {
			if strings.ContainsRune(row, separator) {
				return separator
			}
		}
		if slices.Contains(prefixColumns, strings.ToLower(strings.Trim(row, `"`))) {
			return ','
		}
		break
	}
	return 0
}

func (r *reader) readCSV(text []byte, separator rune) error {
	in := csv.NewReader(bytes.NewReader(text))
	in.Comma, in.Comment, in.ReuseRecord, in.TrimLeadingSpace = separator, '#', true, separator != '\t'
	var columns *columns
	for {
		cells, err := in.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading CSV: %w", err)
		}
		line, _ := in.FieldPos(0)
		if columns == nil {
			var isHeader bool
			if columns, isHeader, err = columnsOf(cells); err != nil {
				return fmt.Errorf("line %d: %w", line, err)
			}
			if isHeader {
				continue
			}
		}
		if err := r.addAll(line, columns.of(cells)); err != nil {
			return err
		}
	}
}

// columns says where prefixes are: in one column, or in two of the first and the last one.
type columns struct{ prefix, first, last int }

// columnsOf finds the columns by the first row. Without a header, prefixes are in the first one.
func columnsOf(cells []string) (found *columns, isHeader bool, err error) {
	find := func(names []string) int {
		for _, name := range names {
			if i := slices.IndexFunc(cells, func(cell string) bool { return strings.ToLower(strings.TrimSpace(cell)) == name }); i >= 0 {
				return i
			}
		}
		return -1
	}
	found = &columns{find(prefixColumns), find(firstColumns), find(lastColumns)}
	switch {
	case found.prefix >= 0:
		return found, true, nil
	case found.first >= 0 && found.last >= 0:
		return found, true, nil
	case isNumeric(cells[0]):
		return &columns{}, false, nil
	}
	return nil, false, errors.New(`no column is named "prefix", and there are no "from" and "to": name the columns in the first row`)
}

// isNumeric reports whether a cell begins as a prefix does.
func isNumeric(cell string) bool {
	cell = strings.TrimPrefix(strings.TrimSpace(cell), "+")
	return cell != "" && cell[0] >= '0' && cell[0] <= '9'
}

// of is the cell of a row that has its prefixes.
func (c *columns) of(cells []string) string {
	if c.prefix >= 0 {
		return cells[c.prefix]
	}
	return strings.TrimSpace(cells[c.first]) + "-" + strings.TrimSpace(cells[c.last])
}

// addAll adds the prefixes of a line or a cell, of which there may be several. A blank separates
// none: "447937 12345" is one number, and as two prefixes it would close what no one listed.
func (r *reader) addAll(line int, text string) error {
	for part := range strings.FieldsFuncSeq(text, func(c rune) bool { return c == ',' || c == ';' }) {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		if err := r.add(part); err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
	}
	return nil
}

// add adds a prefix, or those of a range.
func (r *reader) add(text string) error {
	if len(text) > 64 {
		return fmt.Errorf("%q… is not a prefix", text[:64])
	}
	digits := []string{text}
	if strings.ContainsAny(text, "-[") {
		var err error
		if digits, err = numbering.ExpandPrefixes(text); err != nil {
			return err
		}
	}
	for _, d := range digits {
		d = strings.TrimPrefix(d, "+")
		if err := r.check(d); err != nil {
			return err
		}
		if len(r.prefixes) == mostPrefixes {
			return fmt.Errorf("it has more than %d prefixes", mostPrefixes)
		}
		r.prefixes = append(r.prefixes, prefixOf(d))
	}
	return nil
}

// check returns an error for what is not the beginning of numbers of the plan.
func (r *reader) check(digits string) error {
	if digits == "" || strings.Trim(digits, "0123456789") != "" || digits[0] == '0' {
		return fmt.Errorf(`%q is not a prefix: it must be the digits behind "+", with or without it, and no blanks`, digits)
	}
	if len(digits) > numbering.E164Digits {
		return fmt.Errorf("+%s is not a prefix: no number has more than %d digits", digits, numbering.E164Digits)
	}
	code := r.codeLength(digits)
	switch {
	case code == 0:
		return fmt.Errorf("+%s is not a range of the plan: it begins with no calling code that is assigned", digits)
	case len(digits) < code+beyondCode:
		return fmt.Errorf("+%s is too short: a prefix has at least %d digits behind its calling code, +%s", digits, beyondCode, digits[:code])
	case !r.isPossible(digits):
		return fmt.Errorf("+%s is not a range of the plan: no number can begin with it", digits)
	}
	return nil
}

// codeLength is how many digits the calling code has that digits begin with, 0 if none is assigned.
func (r *reader) codeLength(digits string) int {
	begin := digits[:min(len(digits), 3)]
	length, known := r.codes[begin]
	if !known {
		length = len(r.plan.Provenance(digits).CallingCode)
		r.codes[begin] = length
	}
	return length
}

// anyDigits stand for the digits behind a prefix. An exchange of +1 begins with none below 2.
const anyDigits = "222222222222222"

// isPossible reports whether a number may begin with the digits, of whatever length it is. A range
// that is not assigned yet counts: fraud prefers these.
func (r *reader) isPossible(digits string) bool {
	for more := range numbering.E164Digits - len(digits) + 1 {
		if r.plan.Lookup(digits+anyDigits[:more]).Impossible == 0 {
			return true
		}
	}
	return false
}
