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

// StatedPriceLimit is a PriceLimit with who states it.
type StatedPriceLimit struct {
	*PriceLimit
	// Level is whose statement it is: "operator", "account AC…".
	Level string
}

// PriceLimits are those that an account, its parent and the operator state, in this order. A send
// must be within each.
func (s *Snapshot) PriceLimits(account CarrierAccount) (stated []StatedPriceLimit) {
	subject := s.SubjectOf(account)
	subject.priceLimits(0, func(l *StatedPriceLimit) { stated = append(stated, *l) })
	return stated
}

// priceLimits calls yield with the limits of all levels that are not lifted, the nearest first.
func (s *Subject) priceLimits(lifted levels, yield func(*StatedPriceLimit)) {
	above := levels(0)
	for i := s.account; i != nil; i = i.parent {
		if above++; above > lifted && i.priceLimit != nil {
			yield(i.priceLimit)
		}
	}
	if s.snapshot.priceLimit != nil && lifted != allLevels {
		yield(s.snapshot.priceLimit)
	}
}

// newPriceLimit compiles what owner states, nil if it states none.
func newPriceLimit(owner string, stated *PriceLimit) *StatedPriceLimit {
	if stated == nil {
		return nil
	}
	return &StatedPriceLimit{stated, owner}
}

// PricesMatter reports whether anyone may state what sends may cost.
func (s *Snapshot) PricesMatter() bool { return s.priceLimit != nil || s.accountsPriced }

// NeedsRates reports whether the policy states something that needs a deck of rates.
func (s *Snapshot) NeedsRates() bool { return s.PricesMatter() || s.spendMatters }

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
// the send is too expensive by one of the limits. What carries no toll has no price, and an allow
// rule stands in for the limits of its level and below.
func (s *Subject) JudgePrice(send *Send, v Verdict, deck *rates.Deck, now time.Time) Verdict {
	if !s.snapshot.PricesMatter() || !hasPrice(send, &v) {
		return v
	}
	before, asked := v, pricing{send: send, deck: deck}
	s.priceLimits(before.lifts, func(l *StatedPriceLimit) {
		price, applies := asked.by(l)
		if !applies || price.isWithin() {
			return
		}
		if over := s.tooExpensive(&price, &before, now); over.Severity() > v.Severity() {
			v = over
		}
	})
	return v
}

// ExplainPrice gives the verdict that JudgePrice gives, and adds to the steps before what it
// looked at. Without a deck, by which a gate would refuse the send, it says that.
func (s *Subject) ExplainPrice(send *Send, v Verdict, steps []Step, deck *rates.Deck, now time.Time) (Verdict, []Step) {
	if !s.snapshot.PricesMatter() || !hasPrice(send, &v) {
		return v, steps
	}
	before, asked := v, pricing{send: send, deck: deck}
	s.priceLimits(before.lifts, func(l *StatedPriceLimit) {
		price, applies := asked.by(l)
		if !applies {
			return
		}
		step := Step{Name: StepPrice, Level: l.Level, Outcome: Passes, Text: price.stated() + ": a " + price.unit + " " + price.costs()}
		switch {
		case deck == nil:
			// Only a policy that is asked away from its configuration has none.
			step.Outcome, step.Text = StatesNothing, price.stated()+": prices are unknown here, without a deck of rates"
		case !price.isWithin():
			over := s.tooExpensive(&price, &before, now)
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
		steps = append(steps, step)
	})
	return v, steps
}

// hasPrice reports whether what a send costs matters, which has a verdict.
func hasPrice(send *Send, v *Verdict) bool {
	return v.Outcome != Deny && !isUncounted[v.Reason] && send.Destination.Numbers.Len() > 0
}

// priceFound is what a send costs.
type priceFound struct {
	rates.Found
	// isPriced says that there is a price, and allArePriced that each number that the destination
	// can mean has one.
	isPriced, allArePriced bool
	currency               string
}

// pricing is a send whose price is looked up once, where a limit needs it.
type pricing struct {
	send    *Send
	deck    *rates.Deck
	found   priceFound
	isFound bool
}

// by compares what the send costs with a limit, if that is of such sends.
func (p *pricing) by(l *StatedPriceLimit) (price limitedPrice, applies bool) {
	most, unit := l.of(p.send)
	if most == nil {
		return price, false
	}
	if f := &p.found; !p.isFound {
		p.isFound = true
		f.Found, f.isPriced, f.allArePriced = mostExpensive(p.deck, RateKind(p.send.Channel), &p.send.Destination)
		if f.isPriced {
			f.currency = p.deck.Currency
		}
	}
	return limitedPrice{p.found, l, *most, unit}, true
}

// limitedPrice is what a send costs, and the most that it may by a limit.
type limitedPrice struct {
	priceFound
	limit *StatedPriceLimit
	most  rates.Price
	unit  string
}

func (p *limitedPrice) isWithin() bool {
	return !p.isOver() && (p.allArePriced || p.limit.AllowUnpriced)
}

// isOver reports whether one of the numbers is known to cost more.
func (p *limitedPrice) isOver() bool { return p.isPriced && p.First() > p.most }

// stated is the limit in words.
func (p *limitedPrice) stated() string { return "price_limit " + p.most.String() + "/" + p.unit }

// costs is the price in words.
func (p *limitedPrice) costs() string {
	if !p.allArePriced && !p.isOver() {
		return "has no price in the deck of rates"
	}
	return "costs " + p.First().String() + " " + p.currency + " by " + p.Found.String()
}

// tooExpensive is the verdict on a send that is not within the limit, of another verdict before.
func (s *Subject) tooExpensive(p *limitedPrice, before *Verdict, now time.Time) Verdict {
	over := *before
	over.Outcome, over.Reason, over.Recorded = Deny, PriceLimited, false
	over.Rule = p.limit.Level + " " + p.stated() + ": " + p.costs()
	return s.observed(s.downgradeIfMonitored(over, now), now)
}
