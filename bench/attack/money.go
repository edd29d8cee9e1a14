package main

import (
	_ "embed"
	"fmt"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/rates"
)

// ratesFile has what sends cost, as far as that is public.
//
//go:embed rates.csv
var ratesFile []byte

// prices are what sends cost.
type prices struct{ deck *rates.Deck }

func newPrices() (prices, error) {
	deck, err := rates.Read("rates.csv", ratesFile)
	return prices{deck}, err
}

// of is what a send costs at least: one segment of a message, also of a verification, or one minute
// of a call. It is false where no price is public.
func (p prices) of(s *send) (cost rates.Price, ok bool) {
	kind := rates.Message
	if s.kind == call {
		kind = rates.Call
	}
	number := s.to[1:]
	found, ok := p.deck.Find(kind, number, numbering.Default().Lookup(number).Territories)
	return found.Setup + found.Price, ok
}

// money is what an attack has cost, as people write it.
func (p prices) money(a *attacked) string {
	switch {
	case a.passed == 0:
		return "0"
	case a.unpriced > 0:
		return "unknown"
	}
	return fmt.Sprintf("%s %s", a.cost.Amount(), p.deck.Currency)
}
