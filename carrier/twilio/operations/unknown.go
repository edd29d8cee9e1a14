package operations

import (
	"bytes"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
)

// unknownWrite is the row of every write that no table has. Whatever looks like a number
// counts, anywhere in it. Values of parameters that are named like a destination of any
// operation also count without a plus sign. A body that cannot be searched is refused.
// unknownRow adds the names that other rows use.
var unknownWrite = row{
	name: "unlisted", kind: carrier.UnknownOperation, maxBody: bulkBody, tentative: true, anywhere: true,
	accepts: formOrMultipart | params.AcceptJSON | params.AcceptOtherJSON,
	fields: []field{
		{"To", byEither},
		{"Called", byEither},
		{"CallTo", byCall},
		{"DequeueTo", byCall},
		{"Identifier", byEither},
		{"Target", byMessage},
		{"address", byMessage},
		{"contact_uri", byCall},
		{"Twiml", inTwiML},
	},
	switches: riskCheck,
}

// otherDestinations are names of destinations that the tables do not have.
const otherDestinations = "Recipient Recipients Destination Destinations Phone Phones PhoneNumber PhoneNumbers " +
	"Mobile Mobiles MobileNumber Cell CellPhone Msisdn Msisdns Number Numbers Callee Contact Contacts Sendto"

// unknownRow is unknownWrite with the destinations of all rows, and with the instruction
// URLs of all rows.
func unknownRow(rows []row, everyURL []string) row {
	fields := slices.Clone(unknownWrite.fields)
	for _, r := range rows {
		fields = addDestinations(fields, r.fields)
		for _, d := range r.documents {
			fields = addDestinations(fields, d.fields)
		}
	}
	for name := range strings.FieldsSeq(otherDestinations) {
		fields = addDestinations(fields, []field{{name, byEither}})
	}
	unknown := unknownWrite
	unknown.fields = fields
	unknown.documents = []document{{name: anyDocument, fields: fields, tentative: true, anywhere: true}}
	unknown.instructionURLs.names = strings.Join(everyURL, " ")
	return unknown
}

// addDestinations adds the fields that are destinations themselves. The channel that
// reaches them in an unknown write is unknown too.
func addDestinations(fields, others []field) []field {
	for _, f := range others {
		isKnown := slices.ContainsFunc(fields, func(known field) bool { return sameLetters(known.name, f.name) })
		if f.via != inTwiML && !isKnown {
			fields = append(fields, field{f.name, byEither})
		}
	}
	return fields
}

// phoneWords are words for a phone number, also in the middle of other letters; "cell"
// counts only as a separate word.
var (
	phoneWords = [][]byte{[]byte("phone"), []byte("mobile"), []byte("msisdn")}
	cellWord   = []byte("cell")
)

// notNumbers are last words of names whose value is about a phone but is not its
// number.
var notNumbers = newNameSet(strings.Fields("app at carrier code count country date ext extension hash id " +
	"ids label language model name os sid status time timestamp token type verified version"))

// namesPhone reports whether a parameter's name says that its value is a phone number,
// such as "customer_phone", "MobileNo" or "cell1". Its value counts without a plus sign
// too, but only as an international number or one of the United States, and only if the
// plan lists it. In every other reading, national numbers would too often be numbers of
// other countries. With these readings, that happens to the example of a mobile number in
// 7 of 244 territories.
func namesPhone(name string) bool {
	var buffer [longestName]byte
	letters, ok := lettersOf(name, &buffer)
	if !ok {
		return false
	}
	isPhone := slices.ContainsFunc(phoneWords, func(word []byte) bool { return bytes.Contains(letters, word) })
	if !isPhone && !bytes.Contains(letters, cellWord) {
		return false
	}
	words := wordsOf(name)
	last := words[len(words)-1]
	isCell := func(word string) bool { return strings.EqualFold(word, string(cellWord)) }
	return (isPhone || slices.ContainsFunc(words, isCell)) && !notNumbers.has(last)
}

// wordsOf splits a name into words: at everything except letters, and before a capital
// letter that follows a small one. There is at least one word, which may be empty.
func wordsOf(name string) []string {
	var words []string
	start := 0
	for i := 0; i <= len(name); i++ {
		isEnd := i == len(name) || letters[name[i]] == 0 || '0' <= name[i] && name[i] <= '9'
		isHump := !isEnd && i > start && 'A' <= name[i] && name[i] <= 'Z' && 'a' <= name[i-1] && name[i-1] <= 'z'
		if (isEnd || isHump) && i > start {
			words = append(words, name[start:i])
		}
		switch {
		case isEnd:
			start = i + 1
		case isHump:
			start = i
		}
	}
	if words == nil {
		return []string{""}
	}
	return words
}

// internationalDigits reads a text of digits and separators as a number that begins with
// a calling code, and returns it with a plus sign. It returns an empty text if that is
// impossible.
func internationalDigits(text string) string {
	digits := make([]byte, 0, 16)
	for i := range len(text) {
		switch c := text[i]; {
		case '0' <= c && c <= '9':
			digits = append(digits, c)
		case strings.IndexByte(" -.()/", c) < 0:
			return ""
		}
		if len(digits) > longestPrefixed {
			return ""
		}
	}
	number := string(digits)
	for _, prefix := range []string{"00", "011"} {
		number = strings.TrimPrefix(number, prefix)
	}
	switch {
	case len(number) < shortestNumber || number[0] == '0':
		return ""
	case len(number) == 10 && number[0] >= '2' && number[3] >= '2':
		return "+1" + number // as at Twilio
	}
	return "+" + number
}

// Limits of the digits of an international number: 15 in ITU-T E.164, and a dialling
// prefix before them.
const (
	shortestNumber  = 7
	longestPrefixed = 18
)
