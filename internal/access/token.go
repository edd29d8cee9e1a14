package access

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"time"
)

// LongestToken is how long a token is valid at most: a year.
const LongestToken = 365 * 24 * time.Hour

// Token is a bearer token of the management API, without its secret.
type Token struct {
	// ID of the token, which is a part of its text. It is not a secret.
	ID string
	// Name for people: what the token is for.
	Name string
	Role Role
	// Accounts to which it is limited, by their own IDs. Nil is all. A token with an empty
	// list is refused, since it may have been meant as either.
	Accounts []string
	Created  time.Time
	// CreatedBy is the person who answers for what is done with it.
	CreatedBy string
	// Expires is the moment from which it is refused.
	Expires time.Time
	// Revoked is when it was withdrawn; zero is not.
	Revoked time.Time

	// sum is the SHA-256 of the secret, which has 256 random bits: a slow hash would
	// protect it no better.
	sum [sha256.Size]byte
}

// NewToken makes a token as it is asked for: its name, role, accounts and expiry. It returns
// the text that the client presents, which is nowhere else and cannot be made again. Whether
// the principal may create tokens is for Authorize.
func NewToken(asked Token, by Principal, now time.Time) (token *Token, text string, err error) {
	text, id, secret := newTokenText()
	t := Token{
		ID:        id,
		Name:      asked.Name,
		Role:      asked.Role,
		Accounts:  slices.Clone(asked.Accounts),
		Created:   now.UTC().Truncate(time.Second),
		CreatedBy: by.Person,
		Expires:   asked.Expires.UTC().Truncate(time.Second),
		sum:       sha256.Sum256([]byte(secret)),
	}
	if !t.Expires.After(t.Created) {
		return nil, "", errors.New("creating a token: it must expire in the future")
	}
	if err := t.check(); err != nil {
		return nil, "", fmt.Errorf("creating a token: %w", err)
	}
	return &t, text, nil
}

// Refusal is why a token is not accepted.
type Refusal string

// The refusals. They are for logs: to a client they all look the same.
const (
	Accepted    Refusal = ""
	Malformed   Refusal = "malformed"
	Unknown     Refusal = "unknown"
	WrongSecret Refusal = "wrong_secret"
	Expired     Refusal = "expired"
	Revoked     Refusal = "revoked"
)

// ErrToken is what every client is told whose token is not accepted.
var ErrToken = errors.New("the token is not valid")

// RefusedAt returns why the token is not accepted at a time, whatever secret comes with it.
// A revoked token is never accepted, even if the clock of the gate that revoked it was ahead.
func (t *Token) RefusedAt(now time.Time) Refusal {
	switch {
	case !t.Revoked.IsZero():
		return Revoked
	case !now.Before(t.Expires):
		return Expired
	}
	return Accepted
}

// Principal returns what the token may do. A client that presents it must be verified first.
func (t *Token) Principal() Principal {
	return Principal{
		Identity: Identity{BearerToken, t.ID},
		Role:     t.Role,
		Accounts: t.Accounts,
		Person:   t.CreatedBy,
	}
}

// VerifyToken returns the principal of the token that a client presents, or why there is
// none. Find returns the token with an ID, or nil.
func VerifyToken(text string, find func(id string) *Token, now time.Time) (Principal, Refusal) {
	id, secret, ok := parseTokenText(text)
	if !ok {
		return Principal{}, Malformed
	}
	token := find(id)
	if token == nil || token.ID != id {
		return Principal{}, Unknown
	}
	sum := sha256.Sum256([]byte(secret))
	if subtle.ConstantTimeCompare(sum[:], token.sum[:]) != 1 {
		return Principal{}, WrongSecret
	}
	if refusal := token.RefusedAt(now); refusal != Accepted {
		return Principal{}, refusal
	}
	return token.Principal(), Accepted
}
