package review

import (
	"strings"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// reachOf lists the territories of the numbers that a rule matches: those of its prefix,
// without its exceptions.
func reachOf(rule *policy.Rule) []numbering.Reach {
	all := numbering.ReachOf(rule.Prefix)
	if len(rule.Except) == 0 {
		return all
	}
	left, excepted := make(map[numbering.Territory]numbering.Reach), make(map[numbering.Territory]bool)
	for _, prefix := range remainder(rule.Prefix, sortedPrefixes(rule.Except)) {
		for _, reach := range numbering.ReachOf(prefix) {
			if _, ok := left[reach.Territory]; !ok {
				left[reach.Territory] = reach
			}
		}
	}
	for _, prefix := range rule.Except {
		for _, reach := range numbering.ReachOf(prefix) {
			excepted[reach.Territory] = true
		}
	}
	var list []numbering.Reach
	for _, reach := range all {
		rest, ok := left[reach.Territory]
		if !ok {
			continue
		}
		reach.Example, reach.Whole = rest.Example, reach.Whole && !excepted[reach.Territory]
		list = append(list, reach)
	}
	return list
}

// remainder lists the prefixes that a prefix and its exceptions leave, which are sorted and
// within it: those one digit longer, and for each that has exceptions within it, its own
// remainder.
func remainder(prefix string, except []string) (prefixes []string) {
	for digit := '0'; digit <= '9'; digit++ {
		longer := prefix + string(digit)
		n := 0
		for n < len(except) && strings.HasPrefix(except[n], longer) {
			n++
		}
		within := except[:n]
		except = except[n:]
		switch {
		case n == 0:
			prefixes = append(prefixes, longer)
		case within[0] != longer:
			prefixes = append(prefixes, remainder(longer, within)...)
		}
	}
	return prefixes
}
