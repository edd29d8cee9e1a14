package policy

import (
	"strconv"
	"strings"
)

// Dimension is what a limit tells sends apart by.
type Dimension struct {
	By DimensionKind
	// Digits is how many digits of the number count: of ByPrefix the first ones, of ByBlock
	// all except the last ones.
	Digits int
	// Header is the name of the header of ByHeader, in canonical form.
	Header string
}

// DimensionKind is a kind of dimension.
type DimensionKind uint8

// The kinds of dimensions.
const (
	ByAccount DimensionKind = iota
	ByKey
	BySender
	ByTerritory
	ByNumber
	ByClient
	ByBlock
	ByPrefix
	ByHeader
)

// DimensionNames are the kinds as configurations spell them, in their order.
var DimensionNames = []string{"account", "key", "sender", "territory", "number", "client", "block", "prefix", "header"}

// HasDigits reports whether a dimension of the kind has a number of digits.
func (k DimensionKind) HasDigits() bool { return k == ByBlock || k == ByPrefix }

// String returns the dimension as configurations spell it: `account`, `block:3`, `header:X-User-Id`.
func (d Dimension) String() string {
	name := DimensionNames[d.By]
	if d.By.HasDigits() {
		name += ":" + strconv.Itoa(d.Digits)
	}
	if d.By == ByHeader {
		name += ":" + d.Header
	}
	return name
}

// Of returns the part of a number that the dimension tells apart, of one that needs the number.
// The number is E.164 digits without "+".
func (d Dimension) Of(number string) string {
	switch d.By {
	case ByBlock:
		return number[:max(len(number)-d.Digits, 0)]
	case ByPrefix:
		return number[:min(len(number), d.Digits)]
	}
	return number
}

// Shown is a value of the dimension for people: of a number's block "+1201555xxx".
func (d Dimension) Shown(value string) string {
	switch d.By {
	case ByNumber, ByPrefix:
		return "+" + value
	case ByBlock:
		return "+" + value + strings.Repeat("x", d.Digits)
	case ByHeader:
		if strings.HasPrefix(value, "\x00") {
			return "none"
		}
	}
	return value
}
