package telemetry

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// leastDigits is how many digits a telephone number has at least: with its calling
// code, seven.
const leastDigits = 7

// maskNumbers appends a segment of a path or a pair of a query to b, with every telephone
// number in it masked: each run of seven digits or more, as it is or percent-encoded,
// once or over and over, or escaped as in JSON and XML, in digits of any script and with
// separators between them. Names of resources and dates are none.
func (m Masker) maskNumbers(b []byte, part string) []byte {
	if !mayHoldNumber(part) || isPrefixedName(part) {
		return append(b, part...)
	}
	s := numberScan{text: part}
	if strings.ContainsAny(part, `%\`) {
		var room encodedRoom
		s.decode(part, &room)
	}
	kept := 0 // up to where part is in b
	for s.next() {
		from, to := s.offset(s.from), s.offset(s.to)
		b = append(b, part[kept:from]...)
		b = append(b, m.text(s.text[s.from:s.to])...)
		kept = to
	}
	return append(b, part[kept:]...)
}

// mayHoldNumber reports whether a text can hold a number at all. However a digit is
// encoded, there is a digit in its encoding.
func mayHoldNumber(text string) bool {
	digits := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case '0' <= c && c <= '9':
			digits++
		case c >= utf8.RuneSelf:
			return true
		}
	}
	return digits >= leastDigits
}

// numberScan finds the numbers in a text, one after the other.
type numberScan struct {
	// text is the logged text with all that is encoded decoded, until nothing is. Where
	// nothing is encoded, offsets and tails are nil.
	text    string
	offsets []int32 // where in the log each byte of text begins, and the end
	// tails are how many digits each byte of text ends in where it is not decoded, or not
	// all the way. "%20123456" is a space and six digits, and looks like eight.
	tails []uint8

	at       int
	from, to int // of the number that was found, in text
}

// decode decodes all that is encoded, from the inside out: what was decoded
// can be part of what is encoded in turn. It takes time linear in the length.
func (s *numberScan) decode(raw string, room *encodedRoom) {
	text, offsets, tails := room.text[:0], room.offsets[:0], room.tails[:0]
	for i := 0; i < len(raw); i++ {
		text, offsets, tails = append(text, raw[i]), append(offsets, int32(i)), append(tails, 0)
		for {
			c, from := encodedAtEnd(text)
			if from < 0 {
				break
			}
			// Digits of the encoding, up to its end, and of what was decoded in it.
			tail, run := 0, true
			for n := len(text) - 1; n >= from; n-- {
				tail += int(tails[n])
				if run = run && isASCIIDigit(text[n]); run {
					tail++
				}
			}
			tail, offset := min(tail, leastDigits), offsets[from]
			text, offsets, tails = text[:from], offsets[:from], tails[:from]
			if c < utf8.RuneSelf {
				text = append(text, byte(c))
			} else if c >= rawByte {
				text = append(text, byte(c-rawByte))
			} else {
				text = utf8.AppendRune(text, c)
			}
			for len(offsets) < len(text) {
				offsets, tails = append(offsets, offset), append(tails, uint8(tail))
				tail = 0
			}
		}
	}
	s.text, s.offsets, s.tails = string(text), append(offsets, int32(len(raw))), tails
}

// rawByte is added to a byte outside ASCII, to distinguish it from a character.
const rawByte = utf8.MaxRune + 1

// encodedAtEnd is the character that is encoded at the end of a text, and where its
// encoding begins; from is negative where none ends there. It may be percent-encoded
// ("%31"), as browsers once did it ("%u0031"), of JSON ("\u0031") or of XML ("&#49;",
// "&#x31;").
func encodedAtEnd(text []byte) (c rune, from int) {
	n := len(text)
	if n >= 3 && text[n-3] == '%' {
		high, ok1 := hexValue(text[n-2])
		low, ok2 := hexValue(text[n-1])
		switch c := rune(high)<<4 | rune(low); {
		case !ok1 || !ok2:
			return 0, -1
		case c >= utf8.RuneSelf:
			return rawByte + c, n - 3
		default:
			return c, n - 3
		}
	}
	const escape = len("%u0031")
	if n >= escape && (text[n-escape] == '%' || text[n-escape] == '\\') && text[n-escape+1]|0x20 == 'u' {
		for _, digit := range text[n-escape+2:] {
			value, ok := hexValue(digit)
			if !ok {
				return 0, -1
			}
			c = c<<4 | rune(value)
		}
		return c, n - escape
	}
	const longestReference = len("&#x00000031;")
	if n == 0 || text[n-1] != ';' {
		return 0, -1
	}
	for from = n - len("&#1;"); from >= max(0, n-longestReference); from-- {
		if text[from] != '&' || text[from+1] != '#' {
			continue
		}
		digits, base := string(text[from+2:n-1]), 10
		if digits[0]|0x20 == 'x' {
			digits, base = digits[1:], 16
		}
		value, err := strconv.ParseUint(digits, base, 21)
		if err != nil {
			break
		}
		return rune(min(value, utf8.MaxRune)), from
	}
	return 0, -1
}

// encodedRoom is room for what most encoded parts decode to.
type encodedRoom struct {
	text    [96]byte
	offsets [96]int32
	tails   [96]uint8
}

// offset is where in the log a byte of text begins.
func (s *numberScan) offset(i int) int {
	if s.offsets == nil {
		return i
	}
	return int(s.offsets[i])
}

func (s *numberScan) tail(i int) int {
	if s.tails == nil {
		return 0
	}
	return int(s.tails[i])
}

// next finds the next number.
func (s *numberScan) next() bool {
	var r digitRun
	for s.at < len(s.text) {
		at := s.at
		if end := identifierEnd(s.text, at); end > at {
			if s.found(&r) {
				return true
			}
			r, s.at = digitRun{}, end
			continue
		}
		digits, joins, size := s.class(at)
		if digits == 0 && !joins {
			if s.found(&r) {
				return true
			}
			r = digitRun{looks: s.tail(at), looksFrom: at}
			s.at += size
			continue
		}
		s.at += size
		r.add(digits, at, s.at)
		if tail := s.tail(at); tail > r.looks {
			r.looks, r.looksFrom = tail, at
		}
	}
	return s.found(&r)
}

// digitRun is a run of digits and of what may be between the digits of a number.
type digitRun struct {
	digits      int
	first, last int // from the first digit to behind the last, in text
	// looks is how many digits there are, from looksFrom on, with those that are part
	// of what encodes the first character.
	looks, looksFrom int
}

// add adds a character, of some digits or a separator.
func (r *digitRun) add(digits, from, to int) {
	if digits == 0 {
		return
	}
	if r.digits == 0 {
		r.first = from
	}
	r.digits, r.looks, r.last = r.digits+digits, r.looks+digits, to
}

// found records the number that a run is, if it is one.
func (s *numberScan) found(r *digitRun) bool {
	if r.digits == 0 || max(r.digits, r.looks) < leastDigits || isDate(s.text, r.first, r.last) {
		return false
	}
	switch {
	case r.digits < leastDigits:
		s.from = r.looksFrom
	case r.first > 0 && s.text[r.first-1] == '+':
		s.from = r.first - 1
	default:
		s.from = r.first
	}
	s.to = r.last
	return s.from < s.to
}

// class is how many digits a character of text is, whether it may be between the digits
// of a number, as in numbering, and of how many bytes it is.
func (s *numberScan) class(at int) (digits int, joins bool, size int) {
	switch c := s.text[at]; {
	case isASCIIDigit(c):
		return 1, false, 1
	case 'a' <= c|0x20 && c|0x20 <= 'z':
		return 0, false, 1
	case c < utf8.RuneSelf:
		return 0, c < ' ' || c == 0x7f || strings.IndexByte(" +-._()[]/~'", c) >= 0, 1
	}
	c, size := utf8.DecodeRuneInString(s.text[at:])
	if c == utf8.RuneError {
		return 0, false, size
	}
	joins = true
	for _, c := range norm.NFKC.String(s.text[at : at+size]) {
		switch {
		case unicode.Is(unicode.Nd, c):
			digits++
		case !unicode.In(c, unicode.Z, unicode.Pd, unicode.Cf, unicode.M) && !strings.ContainsRune(" +-._()[]~'/\u2212", c):
			joins = false
		}
	}
	return digits, joins, size
}

// prefixedLength is the length of a prefixed name, in characters.
const prefixedLength = 2 + 32

// isPrefixedName reports whether a text is two letters and 32 hexadecimal digits, as
// Twilio names its resources.
func isPrefixedName(text string) bool {
	if len(text) != prefixedLength {
		return false
	}
	for i := range prefixedLength {
		if isDigit := '0' <= text[i] && text[i] <= '9'; i < 2 && (isDigit || !isASCIIAlphanumeric(text[i])) || i >= 2 && !isHex(text[i]) {
			return false
		}
	}
	return true
}

// identifierEnd is where the name of a resource ends that begins at a place: a prefixed
// name, also behind other letters as in a page token, a UUID, or another name of 32, 40
// or 64 hexadecimal digits. A number has 15 digits at most, and no letters. It is the place
// itself where none begins.
func identifierEnd(text string, at int) int {
	if !isASCIIAlphanumeric(text[at]) || at > 0 && isASCIIAlphanumeric(text[at-1]) {
		return at
	}
	end, hex := at, true
	for ; end < len(text) && isASCIIAlphanumeric(text[end]); end++ {
		hex = hex && isHex(text[end])
	}
	const longestToken = prefixedLength + 4
	switch word := text[at:end]; {
	case len(word) == 8 && hex:
		return uuidEnd(text, at)
	case len(word) < 32:
		return at
	case hex && (len(word) == 32 || len(word) == 40 || len(word) == 64) && strings.ContainsAny(word, "abcdefABCDEF"),
		len(word) >= prefixedLength && len(word) <= longestToken && isPrefixedName(word[len(word)-prefixedLength:]) &&
			!strings.ContainsAny(word[:len(word)-prefixedLength], "0123456789"):
		return end
	}
	return at
}

// uuidEnd is where a UUID ends (RFC 9562), or the place itself.
func uuidEnd(text string, at int) int {
	const length = len("01234567-0123-0123-0123-0123456789ab")
	if len(text) < at+length || len(text) > at+length && isASCIIAlphanumeric(text[at+length]) {
		return at
	}
	for i := range length {
		c := text[at+i]
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (c == '-') || !dash && !isHex(c) {
			return at
		}
	}
	return at + length
}

// isDate reports whether digits are a date as in "/2010-04-01/", or one with an hour
// behind it, as in "2026-01-01 00:00".
func isDate(text string, from, to int) bool {
	const length = len("2026-01-01")
	d := text[from:to]
	if len(d) < length || from > 0 && text[from-1] == '+' {
		return false
	}
	if rest := d[length:]; rest != "" && (len(rest) != len(" 00") || rest[0] != ' ' && rest[0] != '+' || to == len(text) || text[to] != ':') {
		return false
	}
	for i := range length {
		if dash := i == 4 || i == 7; dash != (d[i] == '-') || !dash && !isASCIIDigit(d[i]) {
			return false
		}
	}
	month, day := d[5:7], d[8:10]
	return (d[:2] == "19" || d[:2] == "20") && "01" <= month && month <= "12" && "01" <= day && day <= "31"
}

func isASCIIDigit(c byte) bool { return '0' <= c && c <= '9' }

func isASCIIAlphanumeric(c byte) bool { return isASCIIDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'z' }

func isHex(c byte) bool {
	_, ok := hexValue(c)
	return ok
}

func hexValue(c byte) (byte, bool) {
	switch {
	case isASCIIDigit(c):
		return c - '0', true
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10, true
	}
	return 0, false
}
