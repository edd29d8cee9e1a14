package access

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// IdentityKind is how a client proved who it is.
type IdentityKind uint8

// The kinds of identities.
const (
	// Authentication is a user whom the authentication in front names.
	Authentication IdentityKind = iota
	// Certificate is a client certificate, by the common name of its subject.
	Certificate
	// BearerToken is a token of the gate's own, by its ID.
	BearerToken
	// CarrierCredential is a credential of the carrier's, by the name that policies write: of
	// an account itself, or one of its keys.
	CarrierCredential
)

// The beginnings of the names of identities that are not users. No user may have a name
// that begins so, in any letter case: it could be taken for one of these.
const (
	certificateBeginning = "cert:"
	tokenBeginning       = "token:"
	carrierBeginning     = "carrier:"
)

// Identity is who a client is. NewIdentity makes one; the zero value is no one.
type Identity struct {
	Kind IdentityKind
	// Name within the kind.
	Name string
}

// longestIdentity is how many bytes the name of an identity may have.
const longestIdentity = 255

// NewIdentity returns the identity of a name that was proven. A name that could be taken
// for another one in a log or in the configuration is an error. Certificates must have been
// verified: the name in one that was only presented proves nothing.
func NewIdentity(kind IdentityKind, name string) (Identity, error) {
	switch {
	case name == "":
		return Identity{}, errors.New("reading an identity: the name is empty")
	case len(name) > longestIdentity:
		return Identity{}, fmt.Errorf("reading an identity: the name is longer than %d bytes", longestIdentity)
	case !isPlain(name):
		return Identity{}, fmt.Errorf("reading the identity %q: the name has characters that cannot be seen, or a space at an end", name)
	case kind == Authentication && isReserved(name):
		return Identity{}, fmt.Errorf("reading the identity %q: the name of a user must not begin with %q, %q or %q", name, certificateBeginning, tokenBeginning, carrierBeginning)
	}
	return Identity{kind, name}, nil
}

// String returns the identity as records and openings write it, "cert:" and the name for a
// certificate, "token:" and the ID for a token, "carrier:" and the name for a credential of the
// carrier's. No two identities are written alike.
func (i Identity) String() string {
	switch i.Kind {
	case Certificate:
		return certificateBeginning + i.Name
	case BearerToken:
		return tokenBeginning + i.Name
	case CarrierCredential:
		return carrierBeginning + i.Name
	}
	return i.Name
}

// isPlain reports whether a text can be seen as it is.
func isPlain(s string) bool {
	return utf8.ValidString(s) && strings.TrimSpace(s) == s &&
		!strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

// isReserved reports whether a name begins as those of identities that are not users do.
func isReserved(name string) bool {
	for _, beginning := range []string{certificateBeginning, tokenBeginning, carrierBeginning} {
		if len(name) >= len(beginning) && strings.EqualFold(name[:len(beginning)], beginning) {
			return true
		}
	}
	return false
}
