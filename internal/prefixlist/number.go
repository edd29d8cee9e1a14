package prefixlist

import (
	"strings"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// spelling is how an entry writes its numbers. A system that compares texts tells them
// apart.
type spelling uint8

const (
	bare     spelling = iota // 4930
	plus                     // +4930
	dialled                  // 004930
	national                 // 030
)

const digitsOnly = "0123456789"

// isDigits reports whether a text is digits, and at least one.
func isDigits(text string) bool { return text != "" && strings.Trim(text, digitsOnly) == "" }

// number reads a prefix of digits, with or without "+". What no number begins with is
// noted, what cannot be read with the options is refused; neither is ok.
func (r *reader) number(at Place, text string) (digits string, as spelling, ok bool) {
	digits, hasPlus := strings.CutPrefix(text, "+")
	switch {
	case !isDigits(digits):
		r.note(at, "%q never matched: it is not the beginning of a number", text)
		return "", 0, false
	case hasPlus:
		as = plus
	case digits[0] == '0' || !r.International:
		if digits, as, ok = r.dialled(at, digits); !ok {
			return "", 0, false
		}
	}
	switch {
	case digits == "":
		r.refuse(at, "%q begins the numbers of every country: write the ones that are meant", text)
	case digits[0] == '0':
		r.note(at, "%q never matched: no calling code begins with 0", text)
	case len(digits) > numbering.E164Digits:
		r.note(at, "%q never matched: no number has more than %d digits", text, numbering.E164Digits)
	default:
		return digits, as, true
	}
	return "", 0, false
}

// dialled reads digits as they are dialled in the country: behind its international or its
// trunk prefix, or, where digits are not said to be international, without either.
func (r *reader) dialled(at Place, digits string) (whole string, as spelling, ok bool) {
	code := r.Country.CallingCode()
	if code == "" {
		if digits[0] == '0' {
			r.ask(at, "country", "%q begins with 0: say with --country in which country it is dialled", digits)
		} else {
			r.ask(at, "international", "%q is +%s, or a number of one country: say --international, or --country and which one", digits, digits)
		}
		return "", 0, false
	}
	international, trunk := r.Country.Prefixes()
	if international == "" || trunk == "" && r.Country.HasTrunk() {
		r.refuse(at, `%q: how numbers begin differs within +%s: write it with "+"`, digits, code)
		return "", 0, false
	}
	if rest, ok := strings.CutPrefix(digits, international); ok {
		return rest, dialled, true
	}
	if strings.HasPrefix(international, digits) {
		r.refuse(at, "%q begins numbers of +%s and of all other countries: write the ones that are meant", digits, code)
		return "", 0, false
	}
	as = bare
	if digits[0] == '0' {
		as = national
	}
	if rest, ok := strings.CutPrefix(digits, trunk); ok && trunk != "" {
		return code + rest, national, true
	}
	if digits[0] == '0' && trunk != "" {
		r.refuse(at, `%q is not how a number begins in +%s: write it with "+"`, digits, code)
		return "", 0, false
	}
	return code + digits, as, true
}
