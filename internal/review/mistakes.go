package review

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/caddy-tollgate/tollgate/internal/decode"
)

// Mistakes are the mistakes in a policy that an error names, each with its place if the
// error has it.
func Mistakes(err error) []Remark {
	switch e := err.(type) {
	case decode.Problem:
		text := e.Message
		if e.Position.File == "" {
			text = e.Error()
		}
		return []Remark{{Mistake, Place(e.Position), text}}
	case interface{ Unwrap() []error }:
		var list []Remark
		for _, one := range e.Unwrap() {
			list = append(list, Mistakes(one)...)
		}
		return list
	case interface{ Unwrap() error }:
		if inner := Mistakes(e.Unwrap()); isLocated(inner) {
			return inner
		}
	}
	return fromText(err.Error())
}

// isLocated reports whether each remark says where it is.
func isLocated(remarks []Remark) bool {
	for i := range remarks {
		if remarks[i].File == "" {
			return false
		}
	}
	return len(remarks) > 0
}

// inText are the two forms in which the error of a Caddyfile says where a mistake is: before
// what is wrong, or behind it.
var inText = []*regexp.Regexp{
	regexp.MustCompile(`^(?P<file>[^\s:][^:]*):(?P<line>[0-9]+)(?::(?P<column>[0-9]+))?: (?:[Ee]rror during parsing: )?(?P<text>.*)$`),
	regexp.MustCompile(`^(?P<text>.*), at (?P<file>[^:]+):(?P<line>[0-9]+)(?P<column>)(?: import chain .*)?$`),
}

// fromText makes a remark of each line of an error.
func fromText(text string) (list []Remark) {
	for line := range strings.SplitSeq(text, "\n") {
		list = append(list, fromLine(line))
	}
	return list
}

// aroundText is what Caddy and the gate say before the first mistake of a policy.
var aroundText = regexp.MustCompile(`^(?:parsing caddyfile tokens for '[^']*': |checking the policy: )+`)

// WithoutContext is a line of an error, without what is said before the first mistake where
// the line says which file that is in: the lines after it have it neither.
func WithoutContext(line string) string {
	if rest := aroundText.ReplaceAllString(line, ""); inText[0].MatchString(rest) {
		return rest
	}
	return line
}

func fromLine(line string) Remark {
	line = aroundText.ReplaceAllString(line, "")
	for _, form := range inText {
		match := form.FindStringSubmatch(line)
		if match == nil {
			continue
		}
		part := func(name string) string { return match[form.SubexpIndex(name)] }
		number := func(name string) int { n, _ := strconv.Atoi(part(name)); return n }
		return Remark{Mistake, Place{part("file"), number("line"), number("column")}, part("text")}
	}
	return Remark{Code: Mistake, Text: line}
}
