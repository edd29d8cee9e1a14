package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// digestPrefix begins the digest of a token.
const digestPrefix = "sha256:"

// TokenDigest is how a policy names a token without holding it: "sha256:" and 64
// hexadecimal digits in lower case.
func TokenDigest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return digestPrefix + hex.EncodeToString(sum[:])
}

// ParseTokenDigest reads the digest of a token, in any letter case, and returns it as
// TokenDigest writes it. It is false for any other text.
func ParseTokenDigest(text string) (digest string, ok bool) {
	if len(text) != len(digestPrefix)+2*sha256.Size || !strings.EqualFold(text[:len(digestPrefix)], digestPrefix) {
		return "", false
	}
	if _, err := hex.DecodeString(text[len(digestPrefix):]); err != nil {
		return "", false
	}
	return strings.ToLower(text), true
}
