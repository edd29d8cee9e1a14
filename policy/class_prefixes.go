package policy

import (
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// ClassPrefixes returns the prefixes of all listed numbers of a class in a territory, as
// SpecialPrefixes does for HighRiskSpecial. The built-in ranges of HighRiskTollFraud count,
// those of a policy do not.
func ClassPrefixes(class Class, t numbering.Territory) []numbering.Prefix {
	tollFraud := numbering.TollFraudOf(t)
	switch class {
	case HighRiskTollFraud:
		return tollFraud
	case HighRiskSpecial:
		return without(SpecialPrefixes(t), tollFraud)
	}
	return without(numbering.Cover(t, ^specialKinds, mostPrefixes), tollFraud)
}

// without leaves out the prefixes within some ranges. One that a range is within is not
// exact.
func without(prefixes, ranges []numbering.Prefix) []numbering.Prefix {
	kept := slices.DeleteFunc(prefixes, func(p numbering.Prefix) bool {
		return slices.ContainsFunc(ranges, func(r numbering.Prefix) bool { return strings.HasPrefix(p.Digits, r.Digits) })
	})
	for i := range kept {
		for _, r := range ranges {
			kept[i].Exact = kept[i].Exact && !strings.HasPrefix(r.Digits, kept[i].Digits)
		}
	}
	return kept
}
