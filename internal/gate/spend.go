package gate

import (
	"fmt"
	"math"
	"time"

	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/rates"
)

// assumedDuration is how long a call counts that may last any time. Most that are paid for
// fraud are short, and few last as long as the carrier lets them.
const assumedDuration = time.Minute

// spendOf is what a send may cost, rounded up, in the unit of limits: of the channels that it may go
// by and the numbers that its destination can mean, the most expensive. A number without a price costs
// the most that the deck has for such a send, and where it has nothing, more than any limit allows.
func (j *limiting) spendOf(send *policy.Send) uint32 {
	if j.deck == nil {
		return math.MaxUint32
	}
	most := rates.Price(0)
	for channel := range (j.channels | policy.Channels(send.Channel)).All() {
		kind := policy.RateKind(channel)
		if kind == rates.Message && j.size.Media && !send.Verification {
			kind = rates.Media
		}
		units := j.unitsOf(kind, send)
		for i := range send.Destination.Numbers.Len() {
			number := send.Destination.Numbers.At(i)
			found, ok := j.deck.Find(kind, number.Digits, number.Assignment.Territories)
			if !ok {
				if found.Rate, ok = j.deck.Highest(kind); !ok {
					return math.MaxUint32
				}
			}
			price := found.Price.Times(units)
			if found.Kind.IsWhole() {
				price = found.Price
			}
			most = max(most, found.Setup+price)
		}
	}
	return uint32(min(most.Amount(), math.MaxUint32))
}

// unitsOf is how many segments a message has, or minutes a call. Of what the carrier itself sends
// in a verification, it is one.
func (j *limiting) unitsOf(kind rates.Kind, send *policy.Send) int {
	switch {
	case send.Verification:
		return 1
	case kind == rates.Call:
		duration := j.size.Duration
		if most := j.d.maxCall; most > 0 && (duration == 0 || duration > most) {
			duration = most // which is written into the request
		}
		if duration == 0 {
			duration = assumedDuration
		}
		return int((duration + time.Minute - 1) / time.Minute)
	}
	return max(j.size.Segments, 1)
}

// explainSpend says how much of a limit of spend is used, and what the send adds.
func explainSpend(l *policy.StatedLimit, used int64, cost uint32, deck *rates.Deck) string {
	if deck == nil || cost == math.MaxUint32 {
		return ", and the deck of rates has no price for this"
	}
	return fmt.Sprintf(": %s of %s %s used, and this costs %s", l.AmountText(used), l.AmountText(l.Amount), deck.Currency, rates.Amount(cost))
}
