package keys

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/policy"
)

// New makes a key for what is stated of it, its account and its limits, and returns it with
// its secret, which nothing can show again.
func New(carriers Carriers, stated Key, now time.Time) (key *Key, secret string, err error) {
	created := stated
	secret = newSecret()
	created.sum = sha256.Sum256([]byte(secret))
	created.Created, created.Revoked = now.UTC().Truncate(time.Second), time.Time{}
	if !created.Expires.IsZero() {
		created.Expires = created.Expires.UTC().Truncate(time.Second)
		if !created.Expires.After(now) {
			return nil, "", errors.New("the key would have expired already: write a later time")
		}
		if created.Expires.Year() > 9999 {
			return nil, "", errors.New("a key cannot expire after the year 9999: leave it out for never")
		}
	}
	if _, ok := carriers.Canonical(policy.AccountID, created.Account); !ok {
		return nil, "", errors.New("account: must be " + carriers.Form(policy.AccountID))
	}
	var ok bool
	if created.SID, ok = carriers.NewKey(created.Account); !ok {
		return nil, "", errors.New("account: its carrier has no keys, and so the gate cannot issue any")
	}
	if err := inWords(append(created.check(carriers), newOperationNames(carriers).unknown(&created)...)); err != nil {
		return nil, "", err
	}
	return &created, secret, nil
}

// inWords is one error of all mistakes, nil without any.
func inWords(mistakes []mistake) error {
	var all []error
	for _, m := range mistakes {
		all = append(all, fmt.Errorf("%s: %s", m.member, m.message))
	}
	return errors.Join(all...)
}

// ParseKey reads the document of one key, which is what a key file has of it. As in a file, an
// operation that the carrier does not have allows nothing.
func ParseKey(document []byte, carriers config.Carriers) (*Key, error) {
	var e entry
	if err := decode.JSON(document, &e, nil); err != nil {
		return nil, err
	}
	key, mistakes := e.key(carriers)
	if err := inWords(mistakes); err != nil {
		return nil, err
	}
	return &key, nil
}

// Document writes a key as ParseKey reads it.
func (k *Key) Document() (json.RawMessage, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(k.entry()); err != nil {
		return nil, fmt.Errorf("writing a key: %w", err)
	}
	return bytes.TrimSpace(text.Bytes()), nil
}

// WithRevocation returns the key as it is once it was revoked. One that is revoked already
// stays as it is.
func (k *Key) WithRevocation(now time.Time) *Key {
	revoked := *k
	if revoked.Revoked.IsZero() {
		revoked.Revoked = now.UTC().Truncate(time.Second)
	}
	return &revoked
}
