package app

import (
	"strings"

	"github.com/caddy-tollgate/tollgate/config"
)

// priceLimit parses what sends may cost at most:
//
//	price_limit [<price>/message] [<price>/minute] [unpriced allow|deny]
func (p *policyParser) priceLimit(path string, into **config.PriceLimit) func() error {
	return func() error {
		p.note(path)
		stated := new(config.PriceLimit)
		units := map[string]*string{"message": &stated.Message, "minute": &stated.Minute}
		arguments := p.RemainingArgs()
		for len(arguments) > 0 {
			price, unit, _ := strings.Cut(arguments[0], "/")
			into := units[unit]
			switch {
			case arguments[0] == "unpriced" && len(arguments) == 2:
				p.note(path + ".unpriced")
				stated.Unpriced, arguments = arguments[1], nil
				continue
			case into == nil || price == "":
				return p.Errf(`unexpected %q after price_limit: write, for example, "price_limit 0.15/message 1.00/minute", and behind that "unpriced allow" or nothing`, arguments[0])
			case *into != "":
				return p.Errf("the price of a %s is already specified", unit)
			}
			p.note(path + "." + unit)
			*into, arguments = price, arguments[1:]
		}
		if *stated == (config.PriceLimit{}) {
			return p.Err(`price_limit needs a price: write, for example, "price_limit 0.15/message 1.00/minute"`)
		}
		*into = stated
		return nil
	}
}
