package numbering

import (
	"strings"
	"sync"
)

// Impossibility says why no number of these digits can exist, now or in a range that
// opens within the plans in force; zero where one may.
type Impossibility uint8

// The impossibilities.
const (
	// ImpossibleLength is more or fewer digits than any number of the calling code has.
	ImpossibleLength Impossibility = iota + 1
	// ImpossibleAreaCode is an area code of +1 that is not assigned, and not announced.
	ImpossibleAreaCode
	// ImpossibleExchange is an exchange of +1 that begins with 0 or 1.
	ImpossibleExchange
	// ImpossibleRange is the beginning of a range that the plan of the calling code
	// does not use.
	ImpossibleRange
)

var impossibilityWords = [...]string{
	0:                  "",
	ImpossibleLength:   "no number of the calling code has as many digits",
	ImpossibleAreaCode: "its area code is not assigned, and not announced",
	ImpossibleExchange: "its exchange begins with 0 or 1",
	ImpossibleRange:    "the plan of its calling code does not use the range",
}

// String says why, in words for people; "" where nothing is impossible.
func (i Impossibility) String() string { return impossibilityWords[i] }

// unusedTable lists the beginnings of national numbers that a plan says it does not use.
// A range that is only not assigned yet does not belong here.
//
// Ofcom, "The National Telephone Numbering Plan", part A: significant numbers of +44
// begin with 1, 2, 3, 5, 7, 8 or 9; 04 and 06 are not in use. 0 is the prefix of calls
// within the country. https://www.ofcom.org.uk/phones-and-broadband/phone-numbers
var unusedTable = []string{"440", "444", "446"}

// localTable lists how many digits numbers have that are dialled within one place alone,
// without an area code, where no whole number has as many: possibleLengthsLocalOnly in
// the metadata of libphonenumber, to which such a number is possible too. +1 has no row:
// behind it, a number has ten digits (https://www.nanpa.com/about).
var localTable = []struct{ lengths, codes string }{
	{"2 3", "49"},
	{"3", "43"},
	{"3 4", "263"},
	{"3 4 7", "82"},
	{"3 5 6 7", "992"},
	{"4", "269"},
	{"4 5", "53 359 381"},
	{"4 5 6", "976"},
	{"4 5 6 8", "44"},
	{"4 5 7", "63"},
	{"4 7", "57"},
	{"5", "95 355 375 595 672"},
	{"5 6", "62 86 353 374 996"},
	{"5 6 7", "7 92 256 380"},
	{"6", "232 260 291 378 382 385 387 856 967 975"},
	{"6 7", "20 36 51 60 91 234 389 850 855 963 964 977 995"},
	{"6 7 8", "54"},
	{"7", "58 93 94 218 233 251 261 591 593 966 970 994"},
	{"7 8", "52"},
	{"8", "98 979"},
}

// lengthSet is a set of lengths of whole numbers, with the calling code, a bit each.
type lengthSet uint16

// codeLengths are the lengths of the numbers of each calling code, by its value.
type codeLengths [1000]lengthSet

// newLengths works out how many digits the numbers of each calling code can have, when
// that is first asked for: as many as listed numbers have, or by localTable. Of a calling
// code without listed numbers, nothing is known.
func (a *automaton) newLengths() func() *codeLengths {
	return sync.OnceValue(func() *codeLengths {
		// How many further digits the listed numbers have that each node leads to.
		further, asked := make([]lengthSet, len(a.nodes)), make([]bool, len(a.nodes))
		var ask func(node uint16) lengthSet
		ask = func(node uint16) lengthSet {
			if asked[node] {
				return further[node]
			}
			asked[node] = true
			if a.here(node).Listed {
				further[node] = 1
			}
			for _, next := range a.nodes[node].links {
				if next != 0 {
					further[node] |= ask(next) << 1
				}
			}
			return further[node]
		}
		byCode := new(codeLengths)
		for t := range AllTerritories() {
			for _, code := range t.CallingCodes() {
				if node, depth := a.walk(code); depth == len(code) {
					byCode[codeIndex(code)] = ask(node) << depth
				}
			}
		}
		for _, row := range localTable {
			for code := range strings.FieldsSeq(row.codes) {
				for length := range strings.FieldsSeq(row.lengths) {
					byCode[codeIndex(code)] |= 1 << (len(code) + int(length[0]-'0'))
				}
			}
		}
		return byCode
	})
}

// codeIndex is the value of a calling code. No two calling codes have one value.
func codeIndex(code string) (value int) {
	for i := range len(code) {
		value = 10*value + int(code[i]-'0')
	}
	return value
}

// impossibility says why no number of these digits can exist, of a number that is not
// listed.
func (a *automaton) impossibility(digits string) Impossibility {
	lengths := a.lengths()
	for n := 1; n <= min(longestCallingCode, len(digits)); n++ {
		set := lengths[codeIndex(digits[:n])]
		switch {
		case set == 0:
			continue
		case digits[:n] == NANPCode:
			return impossibleNANP(digits[n:])
		case len(digits) <= E164Digits && set&(1<<len(digits)) == 0:
			return ImpossibleLength
		}
		break
	}
	for _, unused := range unusedTable {
		if strings.HasPrefix(digits, unused) {
			return ImpossibleRange
		}
	}
	return 0
}

// impossibleNANP says why no number of +1 has these national digits: area codes are in
// the tables a year before their first number, and an exchange begins with 2 to 9
// (https://www.nanpa.com/numbering).
func impossibleNANP(national string) Impossibility {
	if len(national) != NANPDigits {
		return ImpossibleLength
	}
	if _, ok := FindAreaCode(national[:areaDigits]); !ok {
		return ImpossibleAreaCode
	}
	if national[areaDigits] < '2' {
		return ImpossibleExchange
	}
	return 0
}
