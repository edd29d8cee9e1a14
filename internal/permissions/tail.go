package permissions

import (
	"fmt"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/tail"
)

// ErrNoTail is a gate that tells of nothing.
var ErrNoTail = fmt.Errorf("%w: decisions cannot be followed here", ErrNotFound)

// Follow begins to tell of decisions of this gate: of an account and a reason, if they are named,
// and only of accounts that the caller may read.
func (s *Service) Follow(by Caller, filter tail.Filter) (*tail.Follower, error) {
	if err := access.Authorize(by.Principal, access.AuditRead, filter.Account); filter.Account != "" && err != nil {
		return nil, err
	}
	if err := hasRole(by, access.AuditRead); err != nil {
		return nil, err
	}
	if s.Tail == nil {
		return nil, ErrNoTail
	}
	filter.Reaches = by.Reaches
	follower, err := s.Tail.Follow(filter)
	if err != nil {
		return nil, fmt.Errorf("following decisions: %w", err)
	}
	return follower, nil
}
