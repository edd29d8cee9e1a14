package numbering

import (
	"fmt"
	"strings"
)

// ExpandPrefixes returns the prefixes of a range: "37190-37191", or "3719[0-1]" with one digit on
// either side, since programs differ on what more digits in brackets mean. A prefix is
// itself.
func ExpandPrefixes(text string) (prefixes []string, err error) {
	if head, set, ok := strings.Cut(text, "["); ok {
		if len(set) != len("0-9]") || set[1] != '-' || set[3] != ']' || !isAllDigits(set[:1]+set[2:3]) || set[0] > set[2] || !isAllDigits(strings.TrimPrefix(head, "+")) {
			return nil, fmt.Errorf("%q is not a range that all programs read alike: write one digit on either side, 12[3-5], or whole prefixes, 1213-1215", text)
		}
		return between(head+set[:1], head+set[2:3]), nil
	}
	first, last, ok := strings.Cut(text, "-")
	if !ok {
		return []string{text}, nil
	}
	plus := first[:len(first)-len(strings.TrimPrefix(first, "+"))]
	first, last = strings.TrimPrefix(first, "+"), strings.TrimPrefix(last, "+")
	if !isAllDigits(first) || !isAllDigits(last) || len(first) != len(last) || first > last || len(first) > 20 {
		return nil, fmt.Errorf("%q is not a range: write two prefixes of the same length, the lower one first", text)
	}
	for _, prefix := range between(first, last) {
		prefixes = append(prefixes, plus+prefix)
	}
	return prefixes, nil
}

// between returns the fewest prefixes that have all numbers from the first prefix to the
// last, which has as many digits.
func between(first, last string) (prefixes []string) {
	n := len(first)
	same := 0
	for same < n && first[same] == last[same] {
		same++
	}
	zeros, nines := strings.Trim(first[same:], "0") == "", strings.Trim(last[same:], "9") == ""
	if same == n || zeros && nines && same > 0 && first[same-1] != '+' {
		return []string{first[:same]}
	}
	rest := n - same - 1
	head := first[:same]
	for c := first[same]; c <= last[same]; c++ {
		low, high := strings.Repeat("0", rest), strings.Repeat("9", rest)
		if c == first[same] {
			low = first[same+1:]
		}
		if c == last[same] {
			high = last[same+1:]
		}
		if low == strings.Repeat("0", rest) && high == strings.Repeat("9", rest) {
			prefixes = append(prefixes, head+string(c))
		} else {
			prefixes = append(prefixes, between(head+string(c)+low, head+string(c)+high)...)
		}
	}
	return prefixes
}

// isAllDigits reports whether a text is digits, and at least one.
func isAllDigits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }
