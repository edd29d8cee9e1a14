package permissions

import (
	"context"
	"fmt"
	"slices"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/policy"
)

// mostAllowedPrefixes bounds how many rules of that kind an account may have, since each is a part
// of its document. An operator may state more of them by other ways.
const mostAllowedPrefixes = 1000

// AllowPrefix adds a rule to an account that allows a prefix, such as a whole number, with "+", on
// all channels and for good, or removes the rules that do no more than that. Removing one that is
// not there is ErrNotFound. One beyond the first thousand is invalid.
func (s *Service) AllowPrefix(ctx context.Context, by Caller, terms Terms, account EditedAccount, prefix string, allow bool) (Result, error) {
	return s.editAccount(ctx, by, terms, account, func(a *config.Account, _ *policy.Subject) (changed bool, err error) {
		isRule := func(p config.Prefix) bool { return p.Allow == prefix && onlyAllows(&p) }
		has := slices.ContainsFunc(a.Prefixes, isRule)
		switch {
		case allow && has:
			return false, nil
		case allow && allowedPrefixes(a) >= mostAllowedPrefixes:
			return false, reload.Invalid{Cause: fmt.Errorf("changing account %s: it allows %d numbers and prefixes already, and no more: remove some first", account.ID, mostAllowedPrefixes)}
		case allow:
			a.Prefixes = append(a.Prefixes, config.Prefix{Allow: prefix, Reason: terms.Reason})
		case !has:
			return false, fmt.Errorf("removing the rule of account %s that allows %s: %w", account.ID, prefix, ErrNotFound)
		default:
			a.Prefixes = slices.DeleteFunc(a.Prefixes, isRule)
		}
		return true, nil
	})
}

// onlyAllows reports whether a rule allows a prefix on all channels and for good.
func onlyAllows(p *config.Prefix) bool {
	return p.Allow != "" && p.Channel == "" && len(p.Except) == 0 && p.From == "" && p.Until == ""
}

func allowedPrefixes(a *config.Account) (n int) {
	for i := range a.Prefixes {
		if onlyAllows(&a.Prefixes[i]) {
			n++
		}
	}
	return n
}
