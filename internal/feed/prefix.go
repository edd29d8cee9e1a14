package feed

import "github.com/caddy-tollgate/tollgate/numbering"

// prefix is digits that numbers begin with, or a number: four bits a digit, the first one highest
// and each one more than its value, and how many there are in the last four bits. In order, each
// prefix is right before those that begin with it.
type prefix uint64

// bitsPerDigit is how many bits of a prefix a digit has.
const bitsPerDigit = 4

// prefixOf reads digits, of which a number has no more than fifteen.
func prefixOf(digits string) prefix {
	digits = digits[:min(len(digits), numbering.E164Digits)]
	p, shift := prefix(len(digits)), 64
	for i := range len(digits) {
		shift -= bitsPerDigit
		p |= prefix(digits[i]-'0'+1) << shift
	}
	return p
}

// length is how many digits it has.
func (p prefix) length() int { return int(p & (1<<bitsPerDigit - 1)) }

// has reports whether a number begins with the prefix.
func (p prefix) has(number prefix) bool { return (p^number)>>(64-bitsPerDigit*p.length()) == 0 }

// String returns the digits.
func (p prefix) String() string {
	digits := make([]byte, p.length())
	for i := range digits {
		digits[i] = '0' + byte(p>>(64-bitsPerDigit*(i+1))&(1<<bitsPerDigit-1)) - 1
	}
	return string(digits)
}
