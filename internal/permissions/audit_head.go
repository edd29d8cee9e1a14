package permissions

import (
	"context"
	"errors"
	"fmt"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/store"
)

// errNoSigningKey is a gate that signs nothing.
var errNoSigningKey = errors.New("this gate has no key that signs heads")

// Head signs the head that the log of changes has now.
func (s *Service) Head(ctx context.Context, by Caller) ([]byte, error) {
	kept, key, err := s.signing(by)
	if err != nil {
		return nil, err
	}
	signed, _, err := audit.SignLog(ctx, kept.Log(), key.Signer)
	return signed, err
}

// HeadKey returns the public key that heads are verified with.
func (s *Service) HeadKey(by Caller) (string, error) {
	_, key, err := s.signing(by)
	if err != nil {
		return "", err
	}
	return key.Public, nil
}

// Prove returns the proof that a record is in the log of changes, by a head that is signed now.
func (s *Service) Prove(ctx context.Context, by Caller, index int64) (*audit.Proof, error) {
	kept, key, err := s.signing(by)
	if err != nil {
		return nil, err
	}
	signed, head, err := audit.SignLog(ctx, kept.Log(), key.Signer)
	if err != nil {
		return nil, err
	}
	if index < 0 || index >= head.Size {
		return nil, fmt.Errorf("record %d: %w: the log has %d", index, ErrNotFound, head.Size)
	}
	return audit.Prove(ctx, kept.Log(), index, signed, key.Verifier)
}

// signing is the store of a caller who may read the whole log, and the key that signs.
func (s *Service) signing(by Caller) (store.Store, *audit.SigningKey, error) {
	kept, err := s.auditOf(by, "")
	if err != nil {
		return nil, nil, err
	}
	if s.SigningKey == nil {
		return nil, nil, errNoSigningKey
	}
	key, err := s.SigningKey()
	return kept, key, err
}
