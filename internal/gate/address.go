package gate

import (
	"strings"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

// addresses reads the destinations of one request. A number without "+" belongs to its
// senders' countries, which are found when the first such number comes.
type addresses struct {
	rules  *Rules
	reader address.Reader
	// senders that the request names, of the sends that name none of their own.
	senders []string

	asked     bool
	countries []address.Country
	known     bool
	// kinds are those of the senders, once they are asked for.
	kinds      senderKinds
	kindsKnown bool

	// last is the send that was read last, for what medium, and how: one destination is
	// often named for a message and then for a call.
	last    *carrier.Send
	medium  address.Medium
	reading address.Reading
}

// addresses reads the destinations of a request that names these senders.
func (rules *Rules) addresses(c carrier.Carrier, senders []string) addresses {
	return addresses{rules: rules, reader: rules.reader(c), senders: senders}
}

// read gives a send the destination of one that was found, and reports whether
// there is anything to judge.
func (a *addresses) read(send *policy.Send, s *carrier.Send) bool {
	medium := mediumOf(s.Channel)
	if s.Tentative && medium == address.ForCall {
		// Letters count where a number is expected. Elsewhere they are a
		// name, and any name would be some number on a keypad.
		medium = address.ForMention
	}
	send.Verification = s.Verification
	if !a.isLast(s) || !a.reading.ReadsAlike(a.medium, medium) {
		a.reading = a.readAs(s, medium)
	}
	a.last, a.medium, send.Destination = s, medium, a.reading
	send.Channel = channelOf(s.Channel, a.reading.Scheme)
	if s.Listed {
		return hasListed(&send.Destination.Numbers)
	}
	return !s.Tentative || send.Destination.Meaning == address.Numbers || hidesNumber(&send.Destination)
}

// isLast reports whether a send has the destination that was read last, by the same
// senders.
func (a *addresses) isLast(s *carrier.Send) bool {
	return a.last != nil && a.last.To == s.To && a.last.International == s.International &&
		len(a.last.Senders) == 0 && len(s.Senders) == 0
}

func (a *addresses) readAs(s *carrier.Send, medium address.Medium) address.Reading {
	reader := a.reader // senders are read without what is known of one destination
	if !strings.HasPrefix(s.To, "+") && !address.IsInternational(s.To) {
		countries, known := a.countriesOf(s)
		reader.From, reader.International = countries, !known
	}
	return reader.Read(s.To, medium)
}

// countriesOf returns the countries of a send's senders, and whether they are known.
func (a *addresses) countriesOf(s *carrier.Send) (countries []address.Country, known bool) {
	otherwise := address.CountryOf(a.rules.Snapshot.National())
	switch {
	case s.International:
		return []address.Country{otherwise}, otherwise != address.Country{}
	case len(s.Senders) > 0:
		return a.reader.Countries(s.Senders, otherwise)
	case !a.asked:
		a.asked = true
		a.countries, a.known = a.reader.Countries(a.senders, otherwise)
	}
	return a.countries, a.known
}

// senderRoom is room for the names of one sender, which most requests have.
type senderRoom [2]string

// readSenders appends the names of the senders of a send, where they make a difference.
func (rules *Rules) readSenders(reader *address.Reader, senders, names []string) []string {
	if rules.Snapshot.SendersMatter() {
		for _, sender := range senders {
			names = reader.AppendSender(names, sender)
		}
	}
	return names
}

// hasListed reports whether one of the numbers is in the plan.
func hasListed(numbers *address.NumberList) bool {
	for i := range numbers.Len() {
		if numbers.At(i).Assignment.Listed {
			return true
		}
	}
	return false
}

// hidesNumber reports whether a text that cannot be read still contains a number.
func hidesNumber(reading *address.Reading) bool {
	return reading.Meaning == address.Unreadable && address.ContainsNumber(reading.Text)
}
