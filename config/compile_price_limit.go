package config

import (
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/rates"
)

// priceLimit compiles what sends may cost at most.
func (c *compiler) priceLimit(path string, stated *PriceLimit) *policy.PriceLimit {
	if stated.Message == "" && stated.Minute == "" {
		c.problem(path, `price_limit needs a price: write, for example, "0.15/message", "1.00/minute" or both`)
	}
	return &policy.PriceLimit{
		Message:       c.price(path+".message", stated.Message),
		Minute:        c.price(path+".minute", stated.Minute),
		AllowUnpriced: c.oneOf(path+".unpriced", "word", stated.Unpriced, unpricedChoices) == 1,
	}
}

// unpricedChoices are what becomes of sends without a price, the default first.
var unpricedChoices = []string{policy.Denied.String(), policy.Allowed.String()}

// price compiles a price, nil where none is stated.
func (c *compiler) price(path, text string) *rates.Price {
	if text == "" || c.opaque(text) {
		return nil
	}
	price, err := rates.ParsePrice(text)
	if err != nil {
		c.problem(path, "%q is not a price: write, for example, 0.15, with up to six decimals", c.shown(path, text))
	}
	return &price
}
