package address

import (
	"strings"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// candidates gathers the numbers that dialled digits can mean, before the plan
// is asked which of them exist.
type candidates struct {
	list  [mostCandidates + 1]candidate
	count int
	// demote makes every further candidate a guess.
	demote bool
}

// candidate is one number that digits can mean.
type candidate struct {
	digits string
	// guess marks a reading that counts only if its number is in the plan:
	// digits had to be dropped or turned to come to it.
	guess bool

	// assignment of the number, once the plan is asked.
	assignment numbering.Assignment
	isAsked    bool
}

// mostCandidates bounds what a text can mean, so that it is cheap to read whatever it
// holds. A person who means one number writes nothing that comes near it.
const mostCandidates = 24

// tooMany reports whether there are more candidates than are looked up.
func (c *candidates) tooMany() bool { return c.count > mostCandidates }

func (c *candidates) add(digits string, guess bool) {
	if digits == "" || digits[0] == '0' || len(digits) > numbering.E164Digits || c.tooMany() {
		return
	}
	for i := range c.count {
		if c.list[i].digits == digits {
			c.list[i].guess = c.list[i].guess && (guess || c.demote)
			return
		}
	}
	c.list[c.count] = candidate{digits: digits, guess: guess || c.demote}
	c.count++
}

// international reads digits that stood behind "+".
func (c *candidates) international(digits string) {
	if strings.HasPrefix(digits, "0") {
		// "+00 44 …" is "00 44 …" to a reader that drops the plus.
		c.prefixed(digits)
		return
	}
	c.whole(digits)
	if strings.HasPrefix(digits, "11") {
		// The trunk prefix of +1 is 1, and no area code begins with it.
		c.add("1"+strings.TrimLeft(digits, "1"), true)
	}
}

// whole reads digits that begin with a calling code.
func (c *candidates) whole(digits string) {
	if digits == "" || digits[0] == '0' {
		return
	}
	c.add(digits, false)
	var room [4]string
	for _, rewritten := range appendWithoutTrunk(room[:0], digits) {
		c.add(rewritten, true)
	}
}

// national reads digits that stood without "+", as numbers of +1. It is the country of
// a carrier's senders unless they say otherwise, and none may be given.
func (c *candidates) national(home *countryRules, digits string, strict bool) {
	if us, ok := usNumber(digits); ok {
		c.add(us, false)
		if !strict {
			return
		}
	}
	if home != nil {
		if whole := home.withoutTrunk(digits); whole != digits {
			c.add(home.code+whole, false) // of seven digits, within some islands
		}
	}
	c.abroad(digits)
}

// within reads digits that stood without "+" as a country's own numbers: with its
// calling code, without, behind its trunk prefix, and behind its international prefix.
func (c *candidates) within(country *countryRules, digits string) {
	if rest, ok := country.cutInternational(digits); ok {
		c.whole(rest)
	}
	if strings.HasPrefix(digits, country.code) {
		c.whole(digits)
	}
	local := country.withoutTrunk(digits)
	c.add(country.code+local, false)
	if local != digits {
		c.add(country.code+digits, true)
	}
}

// abroad reads digits that stood without "+" as those of any country: behind an
// international prefix, or beginning with their calling code.
func (c *candidates) abroad(digits string) {
	if strings.HasPrefix(digits, "0") {
		c.prefixed(digits)
		return
	}
	c.international(digits)
}

// prefixed reads digits that begin with zero: behind an international prefix, 00 in
// most of the world, 011 under +1, 0011 in Australia. Of what begins with any other
// zero, the country is unknown: no digit is dropped so that a number comes of it.
func (c *candidates) prefixed(digits string) {
	if rest, ok := strings.CutPrefix(digits, "00"); ok {
		c.whole(rest)
		if rest, ok := strings.CutPrefix(rest, "11"); ok {
			c.add(rest, true)
		}
	}
	if rest, ok := strings.CutPrefix(digits, "011"); ok {
		c.whole(rest)
	}
}

// usNumber returns the digits as a number of +1 if they have the shape
// [1][2-9]XX[2-9]XXXXXX.
func usNumber(digits string) (string, bool) {
	switch len(digits) {
	case numbering.NANPDigits:
		if digits[0] < '2' || digits[3] < '2' {
			return digits, false
		}
		return numbering.NANPCode + digits, true
	case len(numbering.NANPCode) + numbering.NANPDigits:
		return digits, digits[0] == '1' && digits[1] >= '2' && digits[4] >= '2'
	}
	return digits, false
}
