package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// CanonicalSID writes a SID as Twilio does: two capital letters, then lower
// case. A text that is not a SID comes back as it is.
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

// IsSID reports whether the text has the shape of a SID in any letter case: two
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

// digestPrefix begins the digest of a token.
const digestPrefix = "sha256:"

// TokenDigest is how a policy names a token without holding it: "sha256:" and 64
// hexadecimal digits in lower case.
func TokenDigest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return digestPrefix + hex.EncodeToString(sum[:])
}

// CanonicalCredential writes a SID as CanonicalSID does and the digest of a token
// as TokenDigest does. What is neither comes back as it is.
func CanonicalCredential(text string) string {
	if IsTokenDigest(text) {
		return strings.ToLower(text)
	}
	return CanonicalSID(text)
}

// IsTokenDigest reports whether a text is the digest of a token, in any letter case.
func IsTokenDigest(text string) bool {
	if len(text) != len(digestPrefix)+2*sha256.Size || !strings.EqualFold(text[:len(digestPrefix)], digestPrefix) {
		return false
	}
	_, err := hex.DecodeString(text[len(digestPrefix):])
	return err == nil
}
