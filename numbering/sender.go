package numbering

import "strings"

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
	folded := fold(text)
	if short, plus := strings.CutPrefix(folded, "+"); plus && isShortCode(short) {
		// No number of any country is so short (ITU-T E.164 and the national plans):
		// it is the short code, written as numbers are.
		folded = short
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
