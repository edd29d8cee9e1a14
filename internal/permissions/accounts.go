package permissions

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
)

// Where an account is stated.
const (
	InStore = "store"
	InFile  = "file"
)

// Account is an account as it is stated.
type Account struct {
	// Object has its document. That of an account which a file states has no revision.
	store.Object
	// Stated is InStore, or InFile: then it is read-only, and Place is the file and the line.
	Stated, Place string
}

// Account returns an account of the store, or one that a file states.
func (s *Service) Account(ctx context.Context, by Caller, id string) (Account, error) {
	id = s.canonical(id)
	if err := access.Authorize(by.Principal, access.Read, id); err != nil {
		return Account{}, err
	}
	return s.statedAccount(ctx, id)
}

// statedAccount is an account as it is stated.
func (s *Service) statedAccount(ctx context.Context, id string) (Account, error) {
	if s.Policy.Current().IsStatedInFile(id) {
		return s.fileAccount(id)
	}
	found, err := s.get(ctx, store.Account, id)
	switch {
	case err != nil:
		return Account{}, err
	case found == nil:
		return Account{}, fmt.Errorf("reading account %s: %w", id, ErrNotFound)
	}
	return Account{Object: *found, Stated: InStore}, nil
}

func (s *Service) fileAccount(id string) (Account, error) {
	stated, err := s.Policy.FileAccount(id)
	if err != nil {
		return Account{}, fmt.Errorf("reading account %s: %w", id, err)
	}
	text, err := json.Marshal(&stated.Account)
	if err != nil {
		return Account{}, fmt.Errorf("writing account %s: %w", id, err)
	}
	return Account{store.Object{Kind: store.Account, ID: id, Document: text}, InFile, stated.Place}, nil
}

// PutAccount states an account, in place of what was stated of it before. The document is an
// account of the policy document, in JSON. Without an id in it, it is the one of that name.
func (s *Service) PutAccount(ctx context.Context, by Caller, terms Terms, id string, document []byte) (Result, error) {
	id = s.canonical(id)
	o := object{access.AccountPut, store.Account, id, id}
	return s.write(ctx, by, terms, o, func(*store.Object) (json.RawMessage, error) {
		return s.accountDocument(id, document)
	})
}

// DeleteAccount deletes an account.
func (s *Service) DeleteAccount(ctx context.Context, by Caller, terms Terms, id string) (Result, error) {
	id = s.canonical(id)
	o := object{access.AccountDelete, store.Account, id, id}
	return s.write(ctx, by, terms, o, func(before *store.Object) (json.RawMessage, error) {
		if before == nil {
			return nil, fmt.Errorf("deleting account %s: %w", id, ErrNotFound)
		}
		return nil, nil
	})
}

// canonical is the ID of an account as a store has it: carriers take other spellings of theirs.
func (s *Service) canonical(id string) string {
	if canonical, ok := s.Carriers.Canonical(policy.AccountID, id); ok {
		return canonical
	}
	return id
}

// accountDocument checks the document of an account and writes it in the one form that is
// stored.
func (s *Service) accountDocument(id string, document []byte) (json.RawMessage, error) {
	var a config.Account
	if err := config.DecodeJSON(document, &a); err != nil {
		return nil, reload.Invalid{Cause: fmt.Errorf("reading account %s: %w", id, err)}
	}
	if a.ID = s.canonical(a.ID); a.ID == "" {
		a.ID = id
	}
	if a.ID != id {
		return nil, reload.Invalid{Cause: fmt.Errorf("reading account %s: its document names %q: leave the id out, or name the same", id, a.ID)}
	}
	text, err := json.Marshal(&a)
	if err != nil {
		return nil, fmt.Errorf("writing account %s: %w", id, err)
	}
	return text, nil
}
