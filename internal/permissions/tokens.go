package permissions

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/store"
)

// Authenticate returns who has a token. The error says why it is refused, for the log: to a
// client, all that are refused are alike. An error that is not access.ErrNoAccess says that it
// is unknown whether the token is valid.
func (s *Service) Authenticate(text string) (access.Principal, error) {
	if _, err := s.Policy.Store(); err != nil {
		return access.Principal{}, err
	}
	var failure error
	issued := s.Policy.Current().Access
	principal, refusal := access.VerifyToken(text, func(id string) *access.Token {
		found, ok := issued.Get(store.Token, id)
		if !ok {
			return nil
		}
		token, err := access.ParseToken(found.Document)
		if err != nil {
			failure = fmt.Errorf("reading token %s: %w", id, err)
			return nil
		}
		return token
	}, s.Now())
	switch {
	case failure != nil:
		return access.Principal{}, failure
	case refusal != access.Accepted:
		return access.Principal{}, fmt.Errorf("%w: the token is refused: %s", access.ErrNoAccess, refusal)
	}
	return principal, nil
}

// Recheck returns an error once the token by which a caller is known is refused: of one who is told
// something over some time. Every other caller stays as the configuration has it.
func (s *Service) Recheck(by Caller) error {
	if by.Identity.Kind != access.BearerToken {
		return nil
	}
	found, ok := s.Policy.Current().Access.Get(store.Token, by.Identity.Name)
	if !ok {
		return fmt.Errorf("%w: there is no token %s", access.ErrNoAccess, by.Identity.Name)
	}
	token, err := readToken(found)
	if err != nil {
		return err
	}
	if refusal := token.RefusedAt(s.Now()); refusal != access.Accepted {
		return fmt.Errorf("%w: the token is refused: %s", access.ErrNoAccess, refusal)
	}
	return nil
}

// Token is one of the store, with the revision that wrote it.
type Token struct {
	*access.Token
	Revision store.Revision
}

// Tokens lists all tokens, by their IDs, with those that expired or were revoked.
func (s *Service) Tokens(by Caller) ([]Token, error) {
	if err := access.Authorize(by.Principal, access.Read, ""); err != nil {
		return nil, err
	}
	if _, err := s.Policy.Store(); err != nil {
		return nil, err
	}
	objects := s.Policy.Current().Access.List(store.Token)
	tokens := make([]Token, 0, len(objects))
	for _, o := range objects {
		token, err := readToken(o)
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, token)
	}
	return tokens, nil
}

// Token returns a token.
func (s *Service) Token(by Caller, id string) (Token, error) {
	if err := access.Authorize(by.Principal, access.Read, ""); err != nil {
		return Token{}, err
	}
	if _, err := s.Policy.Store(); err != nil {
		return Token{}, err
	}
	found, ok := s.Policy.Current().Access.Get(store.Token, id)
	if !ok {
		return Token{}, fmt.Errorf("reading token %s: %w", id, ErrNotFound)
	}
	return readToken(found)
}

func readToken(o store.Object) (Token, error) {
	token, err := access.ParseToken(o.Document)
	if err != nil {
		return Token{}, fmt.Errorf("reading token %s: %w", o.ID, err)
	}
	return Token{token, o.Revision}, nil
}

// CreateToken creates a token as it is asked for: its name, role, accounts and expiry. The text
// is what the client presents. It is nowhere else, and empty if the change is only tried.
func (s *Service) CreateToken(ctx context.Context, by Caller, terms Terms, asked access.Token) (token *access.Token, text string, result Result, err error) {
	// Before what is asked for is looked at: to one who may not, it makes no difference.
	if err := access.Authorize(by.Principal, access.TokenCreate, ""); err != nil {
		return nil, "", Result{}, err
	}
	token, text, err = access.NewToken(asked, by.Principal, s.Now())
	if err != nil {
		return nil, "", Result{}, reload.Invalid{Cause: err}
	}
	o := object{access.TokenCreate, store.Token, token.ID, ""}
	result, err = s.write(ctx, by, terms, o, func(*store.Object) (json.RawMessage, error) { return token.Document() })
	if err != nil {
		return nil, "", Result{}, err
	}
	if terms.DryRun {
		text = ""
	}
	return token, text, result, nil
}

// RevokeToken revokes a token, which is refused from then on. It stays in the list. One that was
// revoked before keeps its time.
func (s *Service) RevokeToken(ctx context.Context, by Caller, terms Terms, id string) (*access.Token, Result, error) {
	var token *access.Token
	o := object{access.TokenRevoke, store.Token, id, ""}
	result, err := s.write(ctx, by, terms, o, func(before *store.Object) (_ json.RawMessage, err error) {
		if before == nil {
			return nil, fmt.Errorf("revoking token %s: %w", id, ErrNotFound)
		}
		if token, err = access.ParseToken(before.Document); err != nil {
			return nil, fmt.Errorf("revoking token %s: %w", id, err)
		}
		if !token.Revoked.IsZero() {
			return before.Document, nil
		}
		token.Revoked = s.Now().UTC().Truncate(time.Second)
		return token.Document()
	})
	return token, result, err
}
