package permissions

import (
	"cmp"
	"slices"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/incident"
)

// ListIncidents returns those incidents that are of accounts which the caller may read:
// those that are open, the oldest first, and then the last ones that are closed.
func (s *Service) ListIncidents(by Caller) ([]incident.Incident, error) {
	if err := hasRole(by, access.Read); err != nil {
		return nil, err
	}
	if s.Incidents == nil {
		return nil, nil
	}
	// Administrators are limited to accounts by the names that the policy gives these.
	return slices.DeleteFunc(s.Incidents(), func(i incident.Incident) bool {
		return access.Authorize(by.Principal, access.Read, cmp.Or(i.Name, i.Account)) != nil
	}), nil
}
