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
func Canonical(text string) string {
	if ok, canonical := shape(text); !ok || canonical {
		return text
	}
	return strings.ToUpper(text[:2]) + strings.ToLower(text[2:])
}

// Is reports whether a text has the shape of a SID in any letter case.
func Is(text string) bool {
	ok, _ := shape(text)
	return ok
}

// shape reports whether a text has the shape of a SID in any letter case, and whether it
// is written as Twilio writes it.
func shape(text string) (ok, canonical bool) {
	if len(text) != Length || !isLetter(text[0]) || !isLetter(text[1]) {
		return false, false
	}
	canonical = text[0] < 'a' && text[1] < 'a'
	for i := 2; i < Length; i++ {
		switch c := text[i]; {
		case '0' <= c && c <= '9', 'a' <= c && c <= 'f':
		case 'A' <= c && c <= 'F':
			canonical = false
		default:
			return false, false
		}
	}
	return true, canonical
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

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
	if len(text) != Length || !strings.EqualFold(text[:2], prefixes[kind]) {
		return "", false
	}
	ok, canonical := shape(text)
	switch {
	case !ok:
		return "", false
	case canonical:
		return text, true
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
