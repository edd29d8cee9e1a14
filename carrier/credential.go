package carrier

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
)

// ErrCredential is a credential that cannot be decoded, or that two readers could read
// differently.
var ErrCredential = errors.New("credential cannot be decoded")

// ErrSigned is a request whose client has signed its body, which can therefore not be changed.
var ErrSigned = errors.New("the client has signed the request")

// Credential is what a request authenticates with, as far as it is known
// without asking the carrier: nothing here is verified.
type Credential struct {
	// User name of Basic authentication.
	User string
	// Token of a bearer.
	Token string
}

// ReadCredential reads an Authorization header. An empty one holds no credential. It
// returns ErrCredential for another scheme than Basic and Bearer, and for a header that
// lenient and strict readers could read differently.
//
// Most clients authenticate as the account in the path. Where the user name is the one
// expected, that text is returned and not copied.
func ReadCredential(authorization, expected string) (Credential, error) {
	authorization = strings.TrimSpace(authorization)
	if encoded, ok := cutScheme(authorization, "basic"); ok {
		user, err := lenientBasicUser(encoded, expected)
		return Credential{User: user}, err
	}
	if token, ok := cutScheme(authorization, "bearer"); ok {
		token, err := bearerToken(token)
		return Credential{Token: token}, err
	}
	if authorization != "" {
		return Credential{}, ErrCredential
	}
	return Credential{}, nil
}

// bearerToken is the one token behind white space (RFC 6750, section 2.1).
func bearerToken(rest string) (string, error) {
	token := strings.TrimLeft(rest, " \t")
	bare := strings.TrimRight(token, "=")
	if len(token) == len(rest) || bare == "" {
		return "", ErrCredential
	}
	for i := range len(bare) {
		if c := bare[i]; !isAlphanumeric(c) && strings.IndexByte("-._~+/", c) < 0 {
			return "", ErrCredential
		}
	}
	return token, nil
}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// LongestToken is how much of a token is looked into, in bytes. Carriers' own have
// one or two thousand; no known one is longer.
const LongestToken = 8 << 10

// TokenClaims are the texts among the claims of a token that is a JWT
// (RFC 7519), without repetition and sorted. They are what its maker says, and
// only the carrier can verify that it made the token itself. Any other token has
// none.
func TokenClaims(token string) []string {
	if len(token) > LongestToken {
		return nil
	}
	parts := strings.SplitN(token, ".", 4)
	if len(parts) != 3 {
		return nil
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return nil
	}
	var claims map[string]any
	if json.Unmarshal(payload, &claims) != nil {
		return nil
	}
	texts := make(map[string]bool)
	for _, claim := range claims {
		if text, ok := claim.(string); ok {
			texts[text] = true
		}
	}
	return slices.Sorted(maps.Keys(texts))
}
