package policy

import "strings"

// CanonicalSID writes a SID as Twilio does: two capital letters, then lower
// case. A text that is no SID comes back as it is.
func CanonicalSID(sid string) string {
	if !IsSID(sid) {
		return sid
	}
	for i := 0; i < len(sid); i++ {
		if i < 2 && sid[i] >= 'a' || i >= 2 && sid[i] >= 'A' && sid[i] <= 'F' {
			return strings.ToUpper(sid[:2]) + strings.ToLower(sid[2:])
		}
	}
	return sid
}

// IsSID tells whether the text has the shape of a SID in any letter case: two
// letters and 32 hexadecimal digits.
func IsSID(text string) bool {
	if len(text) != 34 {
		return false
	}
	for i := 0; i < len(text); i++ {
		c := text[i] | 0x20
		letter, digit := 'a' <= c && c <= 'z', '0' <= text[i] && text[i] <= '9'
		if i < 2 && !letter || i >= 2 && !digit && (!letter || c > 'f') {
			return false
		}
	}
	return true
}
