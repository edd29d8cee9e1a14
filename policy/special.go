package policy

import "github.com/caddy-tollgate/tollgate/numbering"

// mostPrefixes bounds the list of a territory. The longest there is, China's, has
// 277.
const mostPrefixes = 500

// SpecialPrefixes returns the prefixes, digits without "+" and in order, of all
// listed numbers of class HighRiskSpecial in a territory: the shortest list that
// leaves none out. Where no list could tell them from others, since the length of
// a number decides, exact is false: the prefixes then cover other numbers too.
func SpecialPrefixes(t numbering.Territory) (prefixes []string, exact bool) {
	return numbering.Cover(t, specialKinds, mostPrefixes)
}
