package address

import (
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// ReadSender returns the names that a sender goes by, the most exact first, so
// that no spelling of it escapes a rule that names it:
//
//   - a number as "+14155550100", behind a scheme as "whatsapp:+14155550100"
//     and then also as the bare number;
//   - a short code as its digits;
//   - a messaging service by its canonical identifier;
//   - anything else, such as an alphanumeric sender, in lower case with runs of spaces
//     made one.
//
// It returns nothing for an empty text.
func (r *Reader) ReadSender(text string) []string { return r.AppendSender(nil, text) }

// AppendSender appends the names that ReadSender returns.
func (r *Reader) AppendSender(names []string, text string) []string {
	// Folded first: a sender is generously recognised, a destination strictly.
	folded, ok := fold(text)
	if !ok {
		folded = text // longer than any sender is
	} else if short, plus := strings.CutPrefix(folded, "+"); plus && isShortCode(short) {
		// No number of any country is so short (ITU-T E.164 and the national plans):
		// it is the short code, written as numbers are.
		folded = short
	}
	reading := r.Read(folded, ForMessage)
	switch reading.Meaning {
	case Missing:
		return names
	case Numbers:
		if reading.Scheme != "" {
			for i := range reading.Numbers.Len() {
				names = append(names, joined(folded, reading.Scheme, ":+", reading.Numbers.At(i).Digits))
			}
		}
		for i := range reading.Numbers.Len() {
			names = append(names, joined(folded, "", "+", reading.Numbers.At(i).Digits))
		}
		return names
	default:
		name := strings.Join(strings.Fields(folded), " ")
		if r.Dialect.MessagingService != nil {
			if id, ok := r.Dialect.MessagingService(name); ok {
				return append(names, id)
			}
		}
		return append(names, strings.ToLower(name))
	}
}

// joined puts the parts of a name together: as the end of the text, where it has them so.
func joined(text, scheme, sign, digits string) string {
	rest, ok := text, true
	for _, part := range [...]string{digits, sign, scheme} {
		if rest, ok = strings.CutSuffix(rest, part); !ok {
			return scheme + sign + digits
		}
	}
	return text[len(rest):]
}

// mostSenders bounds the senders of one request whose countries are looked at, and
// mostCountries how many countries they may be of.
const (
	mostSenders   = 64
	mostCountries = 3
)

// Countries returns the countries of senders, by which the numbers without "+" that they
// send to are read, and whether all of them are known. A number is of its own country,
// behind a scheme too, and a short code counts as one of +1. Any other sender, such as a
// messaging service or a name, is of the country otherwise, and unknown if that is none.
// Too many senders or countries are unknown.
func (r *Reader) Countries(senders []string, otherwise Country) (countries []Country, known bool) {
	if len(senders) > mostSenders {
		return nil, false
	}
	// A sender without "+" is itself of a country that only the carrier knows.
	reader := *r
	reader.From, reader.International, reader.NationalStrict = nil, false, true
	var room [2]Country
	for _, sender := range senders {
		of, isSender := reader.appendCountries(room[:0], sender)
		if !isSender {
			continue
		}
		for _, country := range of {
			if country.rules == nil {
				country = otherwise
			}
			switch {
			case slices.Contains(countries, country):
			case country.rules == nil, len(countries) == mostCountries:
				return nil, false
			default:
				countries = append(countries, country)
			}
		}
	}
	return countries, true
}

// appendCountries appends the countries that one sender can be of, none of which is known
// of a name; it is false for an empty text.
func (r *Reader) appendCountries(countries []Country, sender string) (of []Country, ok bool) {
	var nowhere Country
	if isE164(sender) {
		number := Number{sender[1:], r.Plan.Lookup(sender[1:])}
		countries = append(countries, countryOfNumber(&number))
		if isShortCode(sender[1:]) {
			// A short code, written as numbers are, or a number cut short.
			countries = append(countries, Country{rulesOfNumber(numbering.NANPCode)})
		}
		return countries, true
	}
	folded, ok := fold(sender)
	if !ok {
		return append(countries, nowhere), true
	}
	switch reading := r.Read(folded, ForMessage); {
	case reading.Meaning == Missing:
		return countries, false
	case reading.Meaning == Numbers:
		for i := range reading.Numbers.Len() {
			countries = append(countries, countryOfNumber(reading.Numbers.At(i)))
		}
		return countries, true
	case reading.Meaning == NotANumber && reading.Scheme == "" && isDialled(folded):
		return append(countries, Country{rulesOfNumber(numbering.NANPCode)}), true
	}
	return append(countries, nowhere), true
}

// isDialled reports whether a text is a number or a short code that is not judged.
func isDialled(text string) bool { return strings.Trim(text, separators+"+0123456789") == "" }
