package permissions

import (
	"context"
	"fmt"

	"github.com/caddy-tollgate/tollgate/audit/refusals"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/store"
)

// Refusal returns a refusal of an account by its ID. One that does not exist is not found, and
// that of another account is denied.
func (s *Service) Refusal(ctx context.Context, by Caller, account, id string) (found refusals.Refusal, err error) {
	kept, err := s.auditOf(by, account)
	if err != nil {
		return found, err
	}
	// All IDs are of one length: before a longer one, the first is this one, if it exists.
	q := store.RefusalQuery{Before: id + "0", Limit: 1}
	err = kept.Refusals().Query(ctx, q, func(r refusals.Refusal) error {
		found = r
		return nil
	})
	switch {
	case err != nil:
		return refusals.Refusal{}, err
	case found.ID != id:
		return refusals.Refusal{}, fmt.Errorf("reading refusal %s: %w", id, ErrNotFound)
	case found.Account != account:
		return refusals.Refusal{}, fmt.Errorf("reading refusal %s: %w", id, access.ErrDenied)
	}
	return found, nil
}
