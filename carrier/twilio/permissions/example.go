package permissions

import (
	"slices"
	"sync"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// plan is the numbering plan by which a gate judges, without ranges of a policy.
var plan = sync.OnceValue(func() numbering.Plan {
	return numbering.Extend(numbering.Default(), nil, numbering.DefaultTollFraud())
})

// longestNumber is the most digits of a number (ITU-T E.164, 11/2010, section 6).
const longestNumber = 15

// territoryClass is what an entry opens: the numbers of a class in a territory.
type territoryClass struct {
	territory numbering.Territory
	class     policy.Class
}

// examples are numbers, by what they are of. One takes a millisecond to find, and many accounts differ in the
// same.
var examples sync.Map

// Example is a number that it is about, as digits without "+", or empty if the numbering plan has
// none.
func (d *Difference) Example() string {
	for _, t := range d.Territories {
		c := territoryClass{t, d.Class}
		found, ok := examples.Load(c)
		if !ok {
			found, _ = examples.LoadOrStore(c, c.example())
		}
		if digits := found.(string); digits != "" {
			return digits
		}
	}
	return ""
}

// example is a listed number. Where its length decides its class, it ends in zeros.
func (c territoryClass) example() string {
	prefixes := policy.ClassPrefixes(c.class, c.territory)
	for _, p := range prefixes {
		for _, reach := range numbering.ReachOf(p.Digits) {
			if reach.Territory == c.territory && c.has(reach.Example) {
				return reach.Example
			}
		}
	}
	for _, p := range prefixes {
		for digits := p.Digits; len(digits) <= longestNumber; digits += "0" {
			if c.has(digits) {
				return digits
			}
		}
	}
	return ""
}

// has reports whether a number is one of these.
func (c territoryClass) has(digits string) bool {
	found := plan().Lookup(digits)
	return found.Listed && policy.ClassOf(found.Kinds) == c.class && slices.Contains(found.Territories, c.territory)
}
