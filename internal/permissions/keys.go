package permissions

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/keys"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
)

// Key is one that the gate issued to an application, with the revision that wrote it.
type Key struct {
	*keys.Key
	Revision store.Revision
}

// Keys lists the keys of an account, or all without one, with those that expired or were
// revoked. Those of a key file are not among them.
func (s *Service) Keys(by Caller, account string) ([]Key, error) {
	at, err := s.authorizeKeys(by, access.Read, account)
	if err != nil {
		return nil, err
	}
	if _, err := s.Policy.Store(); err != nil {
		return nil, err
	}
	found := make([]Key, 0)
	for _, o := range s.Policy.Current().Access.List(store.Key) {
		key, err := s.readKey(o)
		if err != nil {
			return nil, err
		}
		if account == "" || s.ownerOf(key.Account) == at.own {
			found = append(found, key)
		}
	}
	return found, nil
}

// Key returns a key.
func (s *Service) Key(by Caller, sid string) (Key, error) {
	found, ok := s.Policy.Current().Access.Get(store.Key, sid)
	if !ok {
		return Key{}, s.noKey(by, access.Read, sid)
	}
	key, err := s.readKey(found)
	if err != nil {
		return Key{}, err
	}
	return key, access.Authorize(by.Principal, access.Read, s.ownerOf(key.Account))
}

// noKey is why a key is not answered that does not exist. One who may do something to the keys
// of certain accounts alone is not told which others exist.
func (s *Service) noKey(by Caller, action access.Action, sid string) error {
	if err := access.Authorize(by.Principal, action, ""); err != nil {
		return err
	}
	if _, err := s.Policy.Store(); err != nil {
		return err
	}
	return fmt.Errorf("reading key %s: %w", sid, ErrNotFound)
}

func (s *Service) readKey(o store.Object) (Key, error) {
	key, err := keys.ParseKey(o.Document, s.Carriers)
	if err != nil {
		return Key{}, fmt.Errorf("reading key %s: %w", o.ID, err)
	}
	return Key{key, o.Revision}, nil
}

// CreateKey issues a key for an account, which is named as the policy does or by its id at the
// carrier, with the limits that are stated. The secret is nowhere else, and empty if the change
// is only tried.
func (s *Service) CreateKey(ctx context.Context, by Caller, terms Terms, stated keys.Key) (key *keys.Key, secret string, result Result, err error) {
	at, err := s.authorizeKeys(by, access.KeyCreate, stated.Account)
	if err != nil {
		return nil, "", Result{}, err
	}
	stated.Account = at.id
	if key, secret, err = keys.New(s.Carriers, stated, s.Now()); err != nil {
		return nil, "", Result{}, reload.Invalid{Cause: fmt.Errorf("creating a key: %w", err)}
	}
	o := object{access.KeyCreate, store.Key, key.SID, at.own}
	result, err = s.write(ctx, by, terms, o, func(*store.Object) (json.RawMessage, error) { return key.Document() })
	if err != nil {
		return nil, "", Result{}, err
	}
	if terms.DryRun {
		secret = ""
	}
	return key, secret, result, nil
}

// RevokeKey revokes a key, which is refused from then on. It stays in the list. One that was
// revoked before keeps its time.
func (s *Service) RevokeKey(ctx context.Context, by Caller, terms Terms, sid string) (*keys.Key, Result, error) {
	issued, ok := s.Policy.Current().Access.Get(store.Key, sid)
	if !ok {
		return nil, Result{}, s.noKey(by, access.KeyRevoke, sid)
	}
	found, err := s.readKey(issued)
	if err != nil {
		return nil, Result{}, err
	}
	var key *keys.Key
	o := object{access.KeyRevoke, store.Key, sid, s.ownerOf(found.Account)}
	result, err := s.write(ctx, by, terms, o, func(before *store.Object) (json.RawMessage, error) {
		if before == nil {
			return nil, fmt.Errorf("revoking key %s: %w", sid, ErrNotFound)
		}
		was, err := s.readKey(*before)
		if err != nil {
			return nil, err
		}
		if key = was.Key; !key.Revoked.IsZero() {
			return before.Document, nil
		}
		key = key.WithRevocation(s.Now())
		return key.Document()
	})
	return key, result, err
}

// authorizeKeys asks whether the caller may do something to the keys of an account; of all
// without one. To one who may not, it makes no difference which accounts exist.
func (s *Service) authorizeKeys(by Caller, action access.Action, named string) (at keyAccount, err error) {
	if named != "" {
		at, err = s.keyAccount(named)
	}
	if err != nil {
		at.own = named
	}
	if denied := access.Authorize(by.Principal, action, at.own); denied != nil {
		return keyAccount{}, denied
	}
	return at, err
}

// keyAccount is the account of a key: by its own ID, and by that at the carrier, which a key
// states.
type keyAccount struct{ own, id string }

// keyAccount finds the account that a key is for. One that the policy does not name is known by
// its id at the carrier.
func (s *Service) keyAccount(named string) (found keyAccount, err error) {
	var ids []string
	snapshot := s.Policy.Current().Snapshot
	at, defined := snapshot.At(named)
	for _, account := range at {
		if _, ok := s.Carriers.NewKey(account.ID); ok {
			ids = append(ids, account.ID)
		}
	}
	if id, ok := s.Carriers.Canonical(policy.AccountID, named); ok && !defined {
		return keyAccount{s.ownerOf(id), id}, nil
	}
	switch {
	case !defined:
		err = fmt.Errorf("account: %q is not in the policy", named)
	case len(ids) == 0:
		err = fmt.Errorf("account: %s is at no carrier for which the gate can issue keys", named)
	case len(ids) > 1:
		err = fmt.Errorf("account: the gate can issue keys for %s at several carriers: name it by its id at one, %s", named, strings.Join(ids, " or "))
	default:
		return keyAccount{named, ids[0]}, nil
	}
	return keyAccount{}, reload.Invalid{Cause: err}
}

// ownerOf is the own ID of the account with an id at a carrier; the id itself if the policy does
// not name it.
func (s *Service) ownerOf(id string) string {
	for _, carrier := range config.CarriersOf(s.Carriers, policy.AccountID, id) {
		if own, ok := s.Policy.Current().Snapshot.IDOf(policy.CarrierAccount{Carrier: carrier, ID: id}); ok {
			return own
		}
	}
	return id
}
