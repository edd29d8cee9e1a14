package sid

import (
	"crypto/rand"
	"encoding/hex"
	"strings"

	"github.com/caddy-tollgate/tollgate/policy"
)

// Length of a SID, in characters.
const Length = 34

// Canonical writes a SID as Twilio does: two capital letters, then lower case. Any
// other text comes back as it is.
func Canonical(sid string) string {
	if !Is(sid) {
		return sid
	}
	for i := 0; i < len(sid); i++ {
		if i < 2 && sid[i] >= 'a' || i >= 2 && sid[i] >= 'A' && sid[i] <= 'F' {
			return strings.ToUpper(sid[:2]) + strings.ToLower(sid[2:])
		}
	}
	return sid
}

// Is reports whether a text has the shape of a SID in any letter case.
func Is(text string) bool {
	if len(text) != Length {
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

// prefixes are the letters that the SIDs of a kind begin with.
var prefixes = [policy.IdentifierKindCount]string{
	policy.AccountID: "AC",
	policy.KeyID:     "SK",
	policy.ClientID:  "OQ", // https://www.twilio.com/docs/iam/oauth-apps
	policy.ServiceID: "MG",
}

// Identifiers are Twilio's.
type Identifiers struct{}

// Canonical implements policy.Identifiers.
func (Identifiers) Canonical(kind policy.IdentifierKind, text string) (id string, ok bool) {
	if len(text) != Length || !strings.EqualFold(text[:2], prefixes[kind]) || !Is(text) {
		return "", false
	}
	return Canonical(text), true
}

// Form implements policy.Identifiers.
func (Identifiers) Form(kind policy.IdentifierKind) string {
	return prefixes[kind] + " and 32 hexadecimal digits"
}

// leastMistyped is how many hexadecimal digits make a text a mistyped SID: an
// alphanumeric sender has 11 characters at most.
const leastMistyped = 10

// IsMistyped implements policy.Identifiers.
func (Identifiers) IsMistyped(sender string) bool {
	if len(sender) < 2+leastMistyped || strings.Trim(strings.ToLower(sender[2:]), "0123456789abcdef") != "" {
		return false
	}
	for _, kind := range []policy.IdentifierKind{policy.AccountID, policy.KeyID, policy.ServiceID} {
		if strings.EqualFold(sender[:2], prefixes[kind]) {
			return kind != policy.ServiceID || len(sender) != Length
		}
	}
	return false
}

// NewKey implements policy.Identifiers. Twilio's libraries accept nothing but an account
// or a key of this form.
func (i Identifiers) NewKey(account string) (id string, ok bool) {
	if _, ok := i.Canonical(policy.AccountID, account); !ok {
		return "", false
	}
	var digits [16]byte
	_, _ = rand.Read(digits[:]) // ends the program rather than fail
	return prefixes[policy.KeyID] + hex.EncodeToString(digits[:]), true
}

// Interface guard.
var _ policy.Identifiers = Identifiers{}
