package review

import (
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/rates"
)

// priceLimit records what the operator now says of what sends may cost. What a deck of rates has
// is not part of a policy.
func (c *comparison) priceLimit() {
	c.comparePrices(all, c.before.Snapshot.PriceLimits(policy.CarrierAccount{}), c.after.Snapshot.PriceLimits(policy.CarrierAccount{}))
}

// accountPriceLimit records what an account or its parent now says of it.
func (c *comparison) accountPriceLimit(account policy.CarrierAccount) {
	stated := func(s *policy.Snapshot) []policy.StatedPriceLimit {
		return slices.DeleteFunc(s.PriceLimits(account), func(l policy.StatedPriceLimit) bool { return l.Level == "operator" })
	}
	c.comparePrices(account, stated(c.before.Snapshot), stated(c.after.Snapshot))
}

// comparePrices records that other limits hold than before, unless they refuse the same.
func (c *comparison) comparePrices(account policy.CarrierAccount, before, after []policy.StatedPriceLimit) {
	is, was := pricesText(after), pricesText(before)
	change := Change{Direction: Opens, What: PriceLimit}
	switch {
	case is == was, refusesAsMuch(after, before) && refusesAsMuch(before, after):
		return
	case was == "":
		change.Direction, change.Text = Closes, is+": what costs more is refused"
	case is == "":
		change.Text = was + " is gone"
	default:
		if refusesAsMuch(after, before) {
			change.Direction = Closes
		}
		change.Text = is + "; before, " + was
	}
	c.add(account, change)
}

// pricesText is limits in words, each with the account that states it.
func pricesText(limits []policy.StatedPriceLimit) string {
	texts := make([]string, len(limits))
	for i, l := range limits {
		texts[i] = strings.TrimPrefix(l.Level+" "+l.String(), "operator ")
	}
	return strings.Join(texts, ", ")
}

// priceUnits are the prices that a limit may state.
var priceUnits = []func(policy.StatedPriceLimit) *rates.Price{
	func(l policy.StatedPriceLimit) *rates.Price { return l.Message },
	func(l policy.StatedPriceLimit) *rates.Price { return l.Minute },
}

// refusesAsMuch reports whether price limits refuse all that other ones do.
func refusesAsMuch(are, were []policy.StatedPriceLimit) bool {
	for _, unit := range priceUnits {
		is, deniesUnpriced := lowest(are, unit)
		was, deniedUnpriced := lowest(were, unit)
		if was != nil && (is == nil || *is > *was) || deniedUnpriced && !deniesUnpriced {
			return false
		}
	}
	return true
}

// lowest is the lowest price of a unit that limits state, nil if none does, and whether one of them
// refuses what has no price.
func lowest(limits []policy.StatedPriceLimit, unit func(policy.StatedPriceLimit) *rates.Price) (price *rates.Price, deniesUnpriced bool) {
	for _, l := range limits {
		stated := unit(l)
		if stated == nil {
			continue
		}
		if price == nil || *stated < *price {
			price = stated
		}
		deniesUnpriced = deniesUnpriced || !l.AllowUnpriced
	}
	return price, deniesUnpriced
}
