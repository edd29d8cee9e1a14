package policy

import "github.com/caddy-tollgate/tollgate/numbering"

// mostPrefixes bounds the list of a territory. The longest there is, China's, has
// 277.
const mostPrefixes = 500

// SpecialPrefixes returns the prefixes of all listed numbers of class
// HighRiskSpecial in a territory, in order: the shortest list that leaves none
// out. Where no prefix could tell them from others, since the length of a number
// decides, it is not exact.
func SpecialPrefixes(t numbering.Territory) []numbering.Prefix {
	return numbering.Cover(t, specialKinds, mostPrefixes)
}
