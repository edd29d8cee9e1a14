package rates

import (
	"fmt"
	"strconv"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// Kind is what a price is of.
type Kind uint8

// The kinds of prices.
const (
	Message Kind = iota
	Media
	WhatsApp
	RCS
	Call

	kindCount = iota
)

// KindNames are the kinds as decks spell them, in their order.
var KindNames = []string{"messaging", "mms", "whatsapp", "rcs", "voice"}

// String returns the kind as decks spell it.
func (k Kind) String() string { return KindNames[k] }

// IsWhole reports whether a price of the kind is that of a whole message, however long it is
// (https://www.twilio.com/en-us/whatsapp/pricing, https://www.twilio.com/en-us/sms/pricing/us).
func (k Kind) IsWhole() bool { return k == Media || k == WhatsApp }

// Deck has what a carrier charges. It never changes, and is safe for concurrent use.
type Deck struct {
	// Currency of all prices, as ISO 4217 spells it.
	Currency string
	// Rows is how many prefixes and territories have a price.
	Rows int

	tables [kindCount]table
}

// table has the prices of one kind.
type table struct {
	prefixes    numbering.PrefixMap[Rate]
	territories map[numbering.Territory]Rate
	// highest are the highest price and the highest setup, if there is any.
	highest Rate
	// rows is how many prefixes and territories have a price.
	rows int
}

// Rate is what one row of a deck states.
type Rate struct {
	// Price of a message's segment or of a call's minute.
	Price Price
	// Setup is what a call costs besides.
	Setup Price
	// Line of the row.
	Line uint32
}

// First is the price of a message of one segment, or of a call of one minute.
func (r Rate) First() Price { return r.Price + r.Setup }

// Found is a rate by what the deck states it for.
type Found struct {
	Rate
	// Kind that the deck states it for.
	Kind Kind
	// Prefix is E.164 digits without "+", empty where the territory decides.
	Prefix    string
	Territory numbering.Territory
}

// String names the row: "+37190 in line 12".
func (f Found) String() string { return f.of() + " in line " + strconv.Itoa(int(f.Line)) }

// of is what the row is for.
func (f Found) of() string {
	if f.Prefix == "" {
		return f.Territory.String()
	}
	return "+" + f.Prefix
}

// Find finds what the deck has for a number: by the longest prefix, else by the most expensive of its
// territories. A kind of messages that has nothing for it costs what any other message does.
func (d *Deck) Find(kind Kind, digits string, territories []numbering.Territory) (Found, bool) {
	found, ok := d.tables[kind].find(digits, territories)
	if !ok && kind != Call && kind != Message {
		return d.Find(Message, digits, territories)
	}
	found.Kind = kind
	return found, ok
}

// Has reports whether the deck states anything for a kind.
func (d *Deck) Has(kind Kind) bool { return d.tables[kind].rows > 0 }

// Highest is as much as any rate of a kind that Find finds, if there is one: the highest price and
// the highest setup.
func (d *Deck) Highest(kind Kind) (highest Rate, ok bool) {
	t := &d.tables[kind]
	highest, ok = t.highest, t.rows > 0
	if other := &d.tables[Message]; kind != Call {
		highest.Price, ok = max(highest.Price, other.highest.Price), ok || other.rows > 0
	}
	return highest, ok
}

func (t *table) find(digits string, territories []numbering.Territory) (found Found, ok bool) {
	if rate, length := t.prefixes.Longest(digits); length > 0 {
		return Found{Rate: *rate, Prefix: digits[:length]}, true
	}
	for _, territory := range territories {
		rate, has := t.territories[territory]
		if has && (!ok || rate.First() > found.First()) {
			found, ok = Found{Rate: rate, Territory: territory}, true
		}
	}
	return found, ok
}

// CheckSince returns an error for a deck that is not likely meant to take the place of another:
// of another currency, in which the same limits would allow something else, or of less than half
// the rows, of all or of one kind, as a file has that is cut off or lacks one of several exports.
func (d *Deck) CheckSince(before *Deck) error {
	switch {
	case d.Currency != before.Currency:
		return fmt.Errorf("the prices are in %s, and those in force in %s: limits of money would allow something else. Name another file if that is meant", d.Currency, before.Currency)
	case d.Rows*2 < before.Rows:
		return fmt.Errorf("there are %d prices, less than half of the %d in force: the file may be cut off. Name another file if that is meant", d.Rows, before.Rows)
	}
	for kind := range Kind(kindCount) {
		if is, was := d.tables[kind].rows, before.tables[kind].rows; is*2 < was {
			return fmt.Errorf("there are %d prices of %s, less than half of the %d in force: a part of the file may be missing. Name another file if that is meant", is, kind, was)
		}
	}
	return nil
}
