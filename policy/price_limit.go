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

// mostExpensive is what a deck has for the most expensive of the numbers that a destination can mean,
// of those that have a price, and whether all have one. Without a deck, none has.
func mostExpensive(deck *rates.Deck, kind rates.Kind, destination *address.Reading) (highest rates.Found, some, all bool) {
	if deck == nil {
		return highest, false, false
	}
	all = true
	for i := range destination.Numbers.Len() {
		number := destination.Numbers.At(i)
		found, ok := deck.Find(kind, number.Digits, number.Assignment.Territories)
		switch {
		case !ok:
			all = false
		case !some || found.First() > highest.First():
			highest, some = found, true
		}
	}
	return highest, some, all
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
// looked at. Without a deck, by which a gate would refuse the send, it says that.
func (s *Subject) ExplainPrice(send *Send, v Verdict, steps []Step, deck *rates.Deck, now time.Time) (Verdict, []Step) {
	if s.snapshot.priceLimit == nil {
		return v, steps
	}
	price, applies := s.findPrice(send, &v, deck)
	if !applies {
		return v, steps
	}
	if deck == nil {
		// Only a policy that is asked away from its configuration has none.
		return v, append(steps, Step{Name: StepPrice, Level: "operator", Outcome: StatesNothing, Text: price.stated() + ": prices are unknown here, without a deck of rates"})
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
	// isPriced says that there is a price, and allArePriced that each number that the destination
	// can mean has one.
	isPriced, allArePriced bool
	currency               string
}

// findPrice finds what a send costs, if that is limited.
func (s *Subject) findPrice(send *Send, v *Verdict, deck *rates.Deck) (price priceFound, applies bool) {
	most, unit := s.snapshot.priceLimit.of(send)
	if most == nil || v.Outcome == Deny || isUncounted[v.Reason] || v.lifts == allLevels || send.Destination.Numbers.Len() == 0 {
		return price, false
	}
	price = priceFound{most: *most, unit: unit}
	price.Found, price.isPriced, price.allArePriced = mostExpensive(deck, RateKind(send.Channel), &send.Destination)
	if price.isPriced {
		price.currency = deck.Currency
	}
	return price, true
}

func (p *priceFound) isWithin(limit *PriceLimit) bool {
	return !p.isOver() && (p.allArePriced || limit.AllowUnpriced)
}

// isOver reports whether one of the numbers is known to cost more.
func (p *priceFound) isOver() bool { return p.isPriced && p.First() > p.most }

// stated is the limit in words.
func (p *priceFound) stated() string { return "price_limit " + p.most.String() + "/" + p.unit }

// costs is the price in words.
func (p *priceFound) costs() string {
	if !p.allArePriced && !p.isOver() {
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
