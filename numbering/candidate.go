package numbering

import "strings"

// candidates gathers the numbers that dialled digits can mean, before the plan
// is asked which of them exist.
type candidates struct {
	list []candidate
	// demote makes every further candidate a guess.
	demote bool
}

// candidate is one number that digits can mean.
type candidate struct {
	digits string
	// guess marks a reading that counts only if its number is in the plan:
	// digits had to be dropped or turned to come to it.
	guess bool
}

func (c *candidates) add(digits string, guess bool) {
	if digits == "" || digits[0] == '0' || len(digits) > e164Digits {
		return
	}
	for i := range c.list {
		if c.list[i].digits == digits {
			c.list[i].guess = c.list[i].guess && (guess || c.demote)
			return
		}
	}
	c.list = append(c.list, candidate{digits, guess || c.demote})
}

// international reads digits that stood behind "+".
func (c *candidates) international(digits string) {
	if strings.HasPrefix(digits, "0") {
		// "+00 44 …" is "00 44 …" to whoever drops the plus.
		c.prefixed(digits, false)
		return
	}
	c.add(digits, false)
	if strings.HasPrefix(digits, "11") {
		// The trunk prefix of +1 is 1, and no area code begins with it.
		c.add("1"+strings.TrimLeft(digits, "1"), true)
	}
	for _, rewritten := range withoutTrunkPrefix(digits) {
		c.add(rewritten, true)
	}
}

// national reads digits that stood without "+".
func (c *candidates) national(digits string, strict bool) {
	if us, ok := usNumber(digits); ok {
		c.add(us, false)
		if !strict {
			return
		}
	}
	if strings.HasPrefix(digits, "0") {
		c.prefixed(digits, false)
		return
	}
	c.international(digits)
}

// prefixed reads digits that begin with zero: an international prefix (00 in
// most of the world, 011 under +1), or a trunk prefix without its country.
func (c *candidates) prefixed(digits string, guess bool) {
	stripped := strings.TrimLeft(digits, "0")
	if rest, ok := strings.CutPrefix(digits, "00"); ok && !strings.HasPrefix(rest, "0") {
		c.add(rest, guess)
		for _, rewritten := range withoutTrunkPrefix(rest) {
			c.add(rewritten, true)
		}
	}
	if rest, ok := strings.CutPrefix(digits, "011"); ok {
		rest = strings.TrimLeft(rest, "0")
		c.add(rest, guess)
		for _, rewritten := range withoutTrunkPrefix(rest) {
			c.add(rewritten, true)
		}
	}
	if rest, ok := strings.CutPrefix(stripped, "11"); ok {
		c.add(strings.TrimLeft(rest, "0"), true) // 0011 in Australia, +0011, …
	}
	if us, ok := usNumber(stripped); ok && len(digits) == len(stripped)+1 {
		c.add(us, true)
	}
	c.add(stripped, true)
}

// usNumber returns the digits as a number of +1 if they have the shape
// [1][2-9]XX[2-9]XXXXXX.
func usNumber(digits string) (string, bool) {
	if len(digits) == 10 {
		digits = "1" + digits
	}
	ok := len(digits) == 11 && digits[0] == '1' && digits[1] >= '2' && digits[4] >= '2'
	return digits, ok
}
