package address

import (
	"strings"
	"unicode/utf8"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// Meaning is what a text turned out to be.
type Meaning uint8

// The meanings of an address.
const (
	// Missing is an empty text.
	Missing Meaning = iota
	// Numbers stands for one number or for several.
	Numbers
	// NotANumber is an address that carries no toll: a client, an app, an
	// e-mail address, a short code, a country's own service of few digits, one of
	// the carrier's test numbers.
	NotANumber
	// Unreadable is anything else. The carrier might dial it.
	Unreadable
	// Emergency is an emergency number. It carries no toll, and every account may call
	// it.
	Emergency
)

// Reading is what a text can mean as an address.
type Reading struct {
	// Text as it was written.
	Text    string
	Meaning Meaning
	// Scheme the text named, lower case without the colon, or empty.
	Scheme string
	// Numbers that the text can mean; not empty exactly if Meaning is Numbers.
	// To permit the text is to permit them all.
	Numbers NumberList
	// Countryless says that the text is unreadable since it has no "+" and the
	// country of a sender is unknown.
	Countryless bool
}

// maxAddress bounds the length of a text that is read, in bytes. The longest
// honest address, a SIP URI with parameters, is far shorter.
const maxAddress = 1024

// maxDialled bounds the length of a text that is read as a number, in bytes, so that
// it is cheap to read in all its ways.
const maxDialled = 128

// Read finds everything that a text can mean as the destination or the sender
// of a message or call. It never guesses: a text that can be read as several
// numbers yields all of them that are in the plan, and one that it cannot read
// is Unreadable.
func (r *Reader) Read(text string, medium Medium) Reading {
	reading := Reading{Text: text}
	if isE164(text) {
		if medium.isCall() && r.isEmergency(text[1:]) {
			reading.Meaning = Emergency
			return reading
		}
		r.readStrict(&reading, text[1:])
		return reading
	}
	if len(strings.TrimSpace(text)) > maxAddress || !utf8.ValidString(text) {
		reading.Meaning = Unreadable
		return reading
	}
	folded, ok := fold(text)
	if ok && folded == "" {
		return reading
	}
	reading.Meaning = Unreadable
	if !ok {
		return reading
	}
	scheme, rest, hasScheme := cutScheme(folded)
	if !hasScheme {
		if strings.Contains(folded, "@") {
			r.readSIP(&reading, folded, medium)
		} else {
			r.readNumber(&reading, folded, medium)
		}
		return reading
	}
	reading.Scheme = scheme
	switch r.Dialect.Schemes[scheme] {
	case NumberScheme:
		// A number behind a scheme is never a short code or an emergency
		// number, and a scheme behind a scheme is nothing.
		r.readDialled(&reading, rest, medium)
	case TelephoneScheme:
		if !medium.isCall() || !r.readShort(&reading, rest) {
			r.readDialled(&reading, rest, medium)
		}
	case UserScheme:
		r.readUser(&reading, rest, medium)
	case SIDScheme:
		if isSID(rest) && isPlain(text) {
			reading.Meaning = NotANumber
		}
	case OtherScheme:
		// What had to be folded to be read is another scheme to other readers.
		if isPlain(text) {
			reading.Meaning = NotANumber
		}
	case SIPScheme:
		r.readSIP(&reading, rest, medium)
	}
	return reading
}

// ReadsAlike reports whether a reading for one medium holds for the other too: neither
// takes letters for keys, and the text has more digits than any short number.
func (r *Reading) ReadsAlike(medium, other Medium) bool {
	if medium == other {
		return true
	}
	if r.Meaning != Numbers || medium == ForCall || other == ForCall {
		return false
	}
	digits := 0
	for i := 0; i < len(r.Text); i++ {
		if isDigit(r.Text[i]) {
			digits++
		}
	}
	return digits > longestShort
}

// isE164 reports whether the text is "+" and 1 to 15 digits, the first not zero.
func isE164(text string) bool {
	if len(text) < 2 || len(text) > 16 || text[0] != '+' || text[1] == '0' {
		return false
	}
	for i := 1; i < len(text); i++ {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return true
}

// IsInternational reports whether a text is in strict E.164, by itself or behind a scheme.
// Then it means the same from whatever country it is sent.
func IsInternational(text string) bool {
	_, behind, _ := cutScheme(text)
	return isE164(behind)
}

// cutScheme cuts "scheme:rest". The scheme comes in lower case.
func cutScheme(text string) (scheme, rest string, ok bool) {
	scheme, rest, ok = strings.Cut(text, ":")
	if !ok || scheme == "" || !isASCIILetter(scheme[0]) {
		return "", text, false
	}
	for i := 0; i < len(scheme); i++ {
		if c := scheme[i]; !isASCIILetter(c) && !isDigit(c) && c != '+' && c != '-' && c != '.' {
			// "user:password@host" has a colon too.
			return "", text, false
		}
	}
	return strings.ToLower(scheme), strings.TrimSpace(rest), true
}

// readStrict reads digits that were written in strict E.164.
func (r *Reader) readStrict(reading *Reading, digits string) {
	assignment := r.Plan.Lookup(digits)
	if assignment.Listed {
		reading.Numbers.add(&Number{digits, assignment})
		r.settle(reading)
		return
	}
	var found candidates
	found.international(digits)
	r.choose(&found, &reading.Numbers)
	r.settle(reading)
}

// readNumber reads a text without scheme as a number, a short code or an
// emergency number.
func (r *Reader) readNumber(reading *Reading, text string, medium Medium) {
	if medium != ForCall && isShortCode(text) {
		reading.Meaning = NotANumber
		return
	}
	if medium.isCall() && r.readShort(reading, text) {
		return
	}
	r.readDialled(reading, text, medium)
}

// readDialled reads a text that must be a number. Without "+" it is one of each
// sender's country, and has to be readable as that.
func (r *Reader) readDialled(reading *Reading, text string, medium Medium) {
	if len(text) > maxDialled || mixesDigits(reading.Text) {
		return
	}
	var room waysRoom
	ways := dialled(text, medium == ForCall, room[:0])
	if len(ways) == 0 {
		return
	}
	hasPlus := ways[0].plus
	if !hasPlus && r.International {
		reading.Countryless = true
		return
	}
	if len(r.From) == 0 || hasPlus && len(ways) == 1 {
		r.readWays(ways, Country{}, &reading.Numbers)
		r.settle(reading)
		return
	}
	for _, country := range r.From {
		var numbers NumberList
		if r.readWays(ways, country, &numbers); numbers.Len() == 0 {
			reading.Numbers = NumberList{}
			return
		}
		for i := range numbers.Len() {
			if n := numbers.At(i); !reading.Numbers.has(n.Digits) {
				reading.Numbers.add(n)
			}
		}
	}
	r.settle(reading)
}

// readWays adds the numbers that a text can mean, which are of the country where
// they stand without "+".
func (r *Reader) readWays(ways []dialledDigits, country Country, numbers *NumberList) {
	rules := country.rules
	isHome := rules == nil || rules.code == numbering.NANPCode
	var found candidates
	for i := range ways {
		digits := ways[i].text
		switch {
		case ways[i].plus:
			found.international(digits)
		case isHome:
			found.national(rules, digits, r.NationalStrict)
		default:
			found.within(rules, digits)
			if r.NationalStrict || !r.hasListed(&found) {
				found.abroad(digits)
			}
			if rest, ok := rules.withoutFormer(digits); ok {
				found.add(rules.code+rest, true)
			}
		}
		found.demote = true // the first way of reading the digits is the likely one
	}
	if !found.tooMany() {
		r.choose(&found, numbers)
	}
}

// hasListed reports whether one of the candidates is in the plan.
func (r *Reader) hasListed(found *candidates) bool {
	for i := range found.count {
		if r.assignment(&found.list[i]).Listed {
			return true
		}
	}
	return false
}

// assignment asks the plan whose number a candidate is, once.
func (r *Reader) assignment(c *candidate) *numbering.Assignment {
	if !c.isAsked {
		c.assignment, c.isAsked = r.Plan.Lookup(c.digits), true
	}
	return &c.assignment
}

// choose adds the candidates that are in the plan. Where all of those are
// guesses, the others that need none count too, as numbers of ranges that the
// plan does not list, except those that a guess repaired.
func (r *Reader) choose(found *candidates, numbers *NumberList) {
	certain := false
	for i := range found.count {
		c := &found.list[i]
		if r.assignment(c).Listed {
			numbers.add(&Number{c.digits, c.assignment})
			certain = certain || !c.guess
		}
	}
	if certain {
		return
	}
	listed := numbers.Len()
	for i := range found.count {
		c := &found.list[i]
		if !c.guess && !c.assignment.Listed && !numbers.isRepaired(listed, &c.assignment) {
			numbers.add(&Number{c.digits, c.assignment})
		}
	}
}

// settle concludes a reading with the numbers it found.
func (r *Reader) settle(reading *Reading) {
	reading.Meaning = Unreadable
	if reading.Numbers.Len() == 0 {
		return
	}
	reading.Meaning = Numbers
	for i := range reading.Numbers.Len() {
		if !r.isTest(reading.Numbers.At(i).Digits) {
			return
		}
	}
	reading.Numbers = NumberList{}
	reading.Meaning = NotANumber
}

func (r *Reader) isTest(digits string) bool {
	for _, prefix := range r.Dialect.TestPrefixes {
		if strings.HasPrefix(digits, prefix) {
			return true
		}
	}
	return false
}

func isShortCode(text string) bool {
	if len(text) < 3 || len(text) > 6 {
		return false
	}
	for i := 0; i < len(text); i++ {
		if !isDigit(text[i]) {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isASCIILetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
