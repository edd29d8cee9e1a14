package keys

import (
	"crypto/sha256"
	"slices"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/policy"
)

// Key is a key that the gate issued, without its secret. It acts for an account
// within limits. In each of them, nil permits all, and an empty list nothing.
type Key struct {
	// SID names the key as the carrier's own keys are named, since its libraries accept
	// nothing else.
	SID string
	// Account that the key is for, canonical as the name of the key is.
	Account string
	// Name for people, or empty.
	Name string
	// Channels that the key may send on.
	Channels []policy.Channel
	// Operations that it may ask for, by the names that the carrier's table has
	// for them ("messages.create"), or all that begin alike ("messages.*").
	Operations []string
	// Senders that it may send from, each as address.Reader.ReadSender names it first.
	Senders []string

	Created time.Time
	// Expires is the moment from which the key is refused; zero is never.
	Expires time.Time
	// Revoked is when the key was withdrawn; zero is not.
	Revoked time.Time

	// sum is the SHA-256 of the secret. A slow hash is for secrets that people think of,
	// which can be guessed. This one has 256 random bits: trying them all is out of reach
	// however fast the hash is, and there is no other way from the sum to the secret.
	// Every request is verified, so the hash must be fast.
	sum [sha256.Size]byte
}

// AllowsChannel reports whether the key may send on a channel. Messaging is all messages.
func (k *Key) AllowsChannel(channel policy.Channel) bool {
	return k.Channels == nil || slices.ContainsFunc(k.Channels, func(c policy.Channel) bool { return c.Covers(channel) })
}

// AllowsOperation reports whether the key may ask for an operation, by the name that the
// carrier's table has for it.
func (k *Key) AllowsOperation(name string) bool {
	if k.Operations == nil {
		return true
	}
	for _, operation := range k.Operations {
		family, isFamily := strings.CutSuffix(operation, "*")
		if operation == name || isFamily && strings.HasPrefix(name, family) {
			return true
		}
	}
	return false
}

// AllowsSender reports whether the key may send from one sender, by all the names that
// address.Reader.ReadSender gives it. A number may be named with its scheme or without;
// where a text can be read as several numbers, the key must allow each. Without a name
// there is no sender, which only a key for all senders allows.
func (k *Key) AllowsSender(names []string) bool {
	if k.Senders == nil {
		return true
	}
	for _, name := range names {
		if !slices.Contains(k.Senders, name) && !slices.ContainsFunc(names, func(other string) bool {
			return differOnlyByScheme(name, other) && slices.Contains(k.Senders, other)
		}) {
			return false
		}
	}
	return len(names) > 0
}

// differOnlyByScheme reports whether one name is the other after a scheme, such as
// "whatsapp:".
func differOnlyByScheme(a, b string) bool {
	return strings.HasSuffix(a, ":"+b) || strings.HasSuffix(b, ":"+a)
}

// Refusal is why a key is not accepted.
type Refusal string

// The refusals. They are for logs and lists: to an application they all look the
// same.
const (
	Accepted    Refusal = ""
	Unknown     Refusal = "unknown"
	WrongSecret Refusal = "wrong_secret"
	Expired     Refusal = "expired"
	Revoked     Refusal = "revoked"
)

// RefusedAt returns why the key is not accepted at a time, whatever client presents it. A
// revoked key is never accepted, even if the clock of the process that revoked it was ahead.
func (k *Key) RefusedAt(now time.Time) Refusal {
	switch {
	case !k.Revoked.IsZero():
		return Revoked
	case !k.Expires.IsZero() && !now.Before(k.Expires):
		return Expired
	}
	return Accepted
}
