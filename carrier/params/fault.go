package params

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Fault is why a request cannot be read, in words for its client: what is wrong, and what
// to do.
type Fault struct {
	// Kind is ErrUndecodable, ErrContentType or an error that wraps one of them.
	Kind error
	// Parameter that holds what is wrong; empty for the body or the query as a whole.
	Parameter string
	// Line, and Column in characters, both from 1, are where it is wrong; 0 if unknown.
	Line, Column int
	Text         string
}

// Error implements error.
func (f *Fault) Error() string { return f.Kind.Error() + ": " + f.Words() }

// Unwrap returns the kind.
func (f *Fault) Unwrap() error { return f.Kind }

// Words are the fault without its kind.
func (f *Fault) Words() string {
	var b strings.Builder
	if f.Parameter != "" {
		fmt.Fprintf(&b, "the parameter %.100s: ", f.Parameter)
	}
	if f.Line > 0 {
		fmt.Fprintf(&b, "line %d, column %d: ", f.Line, f.Column)
	}
	b.WriteString(f.Text)
	return b.String()
}

// At adds the position of a byte in a text.
func (f *Fault) At(text string, offset int) *Fault {
	before := text[:min(offset, len(text))]
	start := strings.LastIndexByte(before, '\n') + 1
	f.Line, f.Column = strings.Count(before, "\n")+1, utf8.RuneCountInString(before[start:])+1
	return f
}

// In names the parameter that holds what is wrong, unless the error names one.
func In(parameter string, err error) error {
	if fault := (*Fault)(nil); errors.As(err, &fault) && fault.Parameter == "" {
		fault.Parameter = parameter
	}
	return err
}

func undecodable(format string, arguments ...any) *Fault {
	return &Fault{Kind: ErrUndecodable, Text: fmt.Sprintf(format, arguments...)}
}

func unsupported(format string, arguments ...any) *Fault {
	return &Fault{Kind: ErrContentType, Text: fmt.Sprintf(format, arguments...)}
}
