package address

import (
	"math/rand/v2"
	"strings"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// describe writes an owner as the tables of the tests do: "US,CA" where both
// are needed, "US|CA" where one will do.
func describe(o numbering.Assignment) string {
	if !o.Assigned() {
		return "unassigned"
	}
	var codes []string
	for _, t := range o.Territories {
		codes = append(codes, t.String())
	}
	separator, suffix := ",", ""
	if o.Any {
		separator, suffix = "|", " any"
	}
	if !o.Listed {
		suffix += " unlisted"
	}
	return strings.Join(codes, separator) + " " + o.Kinds.String() + suffix
}

// drawDigits draws digits of which the first is not zero.
func drawDigits(r *rand.Rand, n int) []byte {
	digits := make([]byte, n)
	for i := range digits {
		digits[i] = byte('0' + r.IntN(10))
	}
	digits[0] = byte('1' + r.IntN(9))
	return digits
}
