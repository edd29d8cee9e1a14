package numbering

import (
	"slices"
	"strings"
)

// ReadSender returns the names that a sender goes by, the most exact first, so
// that no spelling of it escapes a rule that names it:
//
//   - a number as "+14155550100", behind a scheme as "whatsapp:+14155550100"
//     and then also as the bare number;
//   - a short code as its digits;
//   - anything else, an alphanumeric sender or a messaging service's SID, in
//     lower case with runs of spaces made one.
//
// It returns nothing for an empty text.
func (r *Reader) ReadSender(text string) []string {
	// Folded first: a sender is generously recognised, a destination strictly.
	folded, ok := fold(text)
	if !ok {
		folded = text // longer than any sender is
	}
	reading := r.Read(folded, ForMessage)
	switch reading.Meaning {
	case Missing:
		return nil
	case Numbers:
		names := make([]string, 0, 2*len(reading.Numbers))
		if reading.Scheme != "" {
			for _, n := range reading.Numbers {
				names = append(names, reading.Scheme+":+"+n.Digits)
			}
		}
		for _, n := range reading.Numbers {
			names = append(names, "+"+n.Digits)
		}
		return names
	default:
		return []string{strings.ToLower(strings.Join(strings.Fields(folded), " "))}
	}
}

// mostSenders bounds the senders of one request whose countries are looked at, and
// mostCountries how many countries they may be of.
const (
	mostSenders   = 64
	mostCountries = 3
)

// Countries returns whose countries the numbers without "+" are that these send or
// call to, and whether that is known of all: a number is in its country, behind a
// scheme too, and a short code is taken for one of +1. Nobody knows it of anything
// else, a messaging service or a name; of more than a few countries, none is returned.
func (r *Reader) Countries(senders []string) (countries []Country, known bool) {
	if len(senders) > mostSenders {
		return nil, false
	}
	// A sender without "+" is itself of nobody's country but the carrier's.
	reader := *r
	reader.From, reader.International, reader.NationalStrict = nil, false, true
	known = true
	for _, sender := range senders {
		if isE164(sender) {
			number := Number{sender[1:], r.Plan.Lookup(sender[1:])}
			countries, known = addCountry(countries, countryOfNumber(&number), known)
			continue
		}
		folded, ok := fold(sender)
		if !ok {
			return nil, false
		}
		reading := reader.Read(folded, ForMessage)
		switch {
		case reading.Meaning == Missing:
		case reading.Meaning == Numbers:
			for i := range reading.Numbers {
				countries, known = addCountry(countries, countryOfNumber(&reading.Numbers[i]), known)
			}
		case reading.Meaning == NotANumber && reading.Scheme == "" && isDialled(folded):
			countries, known = addCountry(countries, Country{rulesOfNumber(nanpCode)}, known)
		default:
			known = false
		}
	}
	return countries, known
}

// addCountry adds a country, unless it is there already or nobody has its calling code.
func addCountry(list []Country, c Country, known bool) ([]Country, bool) {
	switch {
	case c.rules == nil:
		return list, false
	case slices.Contains(list, c):
		return list, known
	case len(list) == mostCountries:
		return list, false
	}
	return append(list, c), known
}

// isDialled reports whether a text is a number or a short code that is not judged.
func isDialled(text string) bool { return strings.Trim(text, separators+"+0123456789") == "" }
