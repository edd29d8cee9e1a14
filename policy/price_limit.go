package policy

import (
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/rates"
)

// PriceLimit refuses sends that cost more, by what a deck of rates has for the number.
type PriceLimit struct {
	// Message is the most that a message of one segment may cost, and Minute a call of one
	// minute. Nil is not stated: any price will do.
	Message, Minute *rates.Price
	// AllowUnpriced lets sends pass whose number has no price in the deck.
	AllowUnpriced bool
}

// String is the limit as a Caddyfile spells it.
func (l *PriceLimit) String() string {
	text := "price_limit"
	if l.Message != nil {
		text += " " + l.Message.String() + "/message"
	}
	if l.Minute != nil {
		text += " " + l.Minute.String() + "/minute"
	}
	if l.AllowUnpriced {
		text += " unpriced allow"
	}
	return text
}

// of is the most that a send may cost, nil if that is not stated, and in which unit.
func (l *PriceLimit) of(send *Send) (most *rates.Price, unit string) {
	if send.Channel == Voice {
		return l.Minute, "minute"
	}
	return l.Message, "message"
}

// PriceLimit is the one that the operator states, nil if there is none.
func (s *Snapshot) PriceLimit() *PriceLimit { return s.priceLimit }

// NeedsRates reports whether the policy states something that needs a deck of rates.
func (s *Snapshot) NeedsRates() bool { return s.priceLimit != nil || s.spendMatters }

// SpendMatters reports whether how much money a request spends can make a difference.
func (s *Snapshot) SpendMatters() bool { return s.spendMatters }

// RateKind is what the price of a send is of.
func RateKind(channel Channel) rates.Kind {
	switch channel {
	case Voice:
		return rates.Call
	case WhatsApp:
		return rates.WhatsApp
	case RCS:
		return rates.RCS
	}
	return rates.Message
}

// MostExpensive is what a deck has for the most expensive of the numbers that a destination can mean.
// It is not ok where one of them has no price, or without a deck.
func MostExpensive(deck *rates.Deck, kind rates.Kind, destination *address.Reading) (highest rates.Found, ok bool) {
	if deck == nil {
		return highest, false
	}
	for i := range destination.Numbers.Len() {
		number := destination.Numbers.At(i)
		found, ok := deck.Find(kind, number.Digits, number.Assignment.Territories)
		if !ok {
			return found, false
		}
		if i == 0 || found.First() > highest.First() {
			highest = found
		}
	}
	return highest, destination.Numbers.Len() > 0
}

// JudgePrice gives the verdict on the price of a send that has another verdict: that one, unless
// the send is too expensive. What carries no toll has no price, and an allow rule of the operator's
// stands in.
func (s *Subject) JudgePrice(send *Send, v Verdict, deck *rates.Deck, now time.Time) Verdict {
	if s.snapshot.priceLimit == nil {
		return v
	}
	if price, applies := s.findPrice(send, &v, deck); applies && !price.isWithin(s.snapshot.priceLimit) {
		if over := s.tooExpensive(&price, &v, now); over.Severity() > v.Severity() {
			return over
		}
	}
	return v
}

// ExplainPrice gives the verdict that JudgePrice gives, and adds to the steps before what it
// looked at.
func (s *Subject) ExplainPrice(send *Send, v Verdict, steps []Step, deck *rates.Deck, now time.Time) (Verdict, []Step) {
	if s.snapshot.priceLimit == nil {
		return v, steps
	}
	price, applies := s.findPrice(send, &v, deck)
	if !applies {
		return v, steps
	}
	step := Step{Name: StepPrice, Level: "operator", Outcome: Passes, Text: price.stated() + ": a " + price.unit + " " + price.costs()}
	if !price.isWithin(s.snapshot.priceLimit) {
		over := s.tooExpensive(&price, &v, now)
		if step.Outcome = Denies; over.Outcome == Monitor {
			step.Outcome = Records
		}
		if over.Severity() > v.Severity() {
			v, step.Decides = over, true
			for i := range steps {
				steps[i].Decides = false
			}
		}
	}
	return v, append(steps, step)
}

// priceFound is what a send costs, and the most that it may.
type priceFound struct {
	most rates.Price
	unit string
	rates.Found
	isPriced bool
	currency string
}

// findPrice finds what a send costs, if that is limited.
func (s *Subject) findPrice(send *Send, v *Verdict, deck *rates.Deck) (price priceFound, applies bool) {
	most, unit := s.snapshot.priceLimit.of(send)
	if most == nil || v.Outcome == Deny || isUncounted[v.Reason] || v.lifts == allLevels || send.Destination.Numbers.Len() == 0 {
		return price, false
	}
	price = priceFound{most: *most, unit: unit}
	if price.Found, price.isPriced = MostExpensive(deck, RateKind(send.Channel), &send.Destination); price.isPriced {
		price.currency = deck.Currency
	}
	return price, true
}

func (p *priceFound) isWithin(limit *PriceLimit) bool {
	if !p.isPriced {
		return limit.AllowUnpriced
	}
	return p.First() <= p.most
}

// stated is the limit in words.
func (p *priceFound) stated() string { return "price_limit " + p.most.String() + "/" + p.unit }

// costs is the price in words.
func (p *priceFound) costs() string {
	if !p.isPriced {
		return "has no price in the deck of rates"
	}
	return "costs " + p.First().String() + " " + p.currency + " by " + p.Found.String()
}

// tooExpensive is the verdict on a send that is not within the limit, of another verdict before.
func (s *Subject) tooExpensive(p *priceFound, before *Verdict, now time.Time) Verdict {
	over := *before
	over.Outcome, over.Reason, over.Recorded = Deny, PriceLimited, false
	over.Rule = "operator " + p.stated() + ": " + p.costs()
	return s.observed(s.downgradeIfMonitored(over, now), now)
}
