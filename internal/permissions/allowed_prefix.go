package permissions

import (
	"context"
	"fmt"
	"slices"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/policy"
)

// AllowPrefix adds a rule to an account that allows a prefix, such as a whole number, with "+", on
// all channels and for good, or removes the rules that do no more than that. Removing one that is
// not there is ErrNotFound.
func (s *Service) AllowPrefix(ctx context.Context, by Caller, terms Terms, target Target, prefix string, allow bool) (Result, error) {
	return s.editAccount(ctx, by, terms, target, func(a *config.Account, _ *policy.Subject) error {
		isRule := func(p config.Prefix) bool {
			return p.Allow == prefix && p.Channel == "" && len(p.Except) == 0 && p.From == "" && p.Until == ""
		}
		has := slices.ContainsFunc(a.Prefixes, isRule)
		switch {
		case allow && !has:
			a.Prefixes = append(a.Prefixes, config.Prefix{Allow: prefix, Reason: terms.Reason})
		case !allow && !has:
			return fmt.Errorf("removing the rule of account %s that allows %s: %w", target.ID, prefix, ErrNotFound)
		case !allow:
			a.Prefixes = slices.DeleteFunc(a.Prefixes, isRule)
		}
		return nil
	})
}
