package permissions

import (
	"context"
	"fmt"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/store"
)

// Authenticate returns who has a token. The error says why it is refused, for the log: to a
// client, all that are refused are alike.
func (s *Service) Authenticate(ctx context.Context, text string) (access.Principal, error) {
	var failure error
	principal, refusal := access.VerifyToken(text, func(id string) *access.Token {
		found, err := s.get(ctx, store.Token, id)
		if err != nil || found == nil {
			failure = err
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
	case refusal != "":
		return access.Principal{}, fmt.Errorf("%w: the token is refused: %s", access.ErrNoAccess, refusal)
	}
	return principal, nil
}
