package handler

import (
	"fmt"

	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
	"github.com/caddy-tollgate/tollgate/policy"
)

// resolveAccount is the account that a handler states, with its placeholders
// replaced; empty if it states none.
func resolveAccount(ids policy.Identifiers, stated string) (string, error) {
	account, err := placeholder.Replace(stated)
	if err != nil {
		return "", fmt.Errorf("resolving account: %w", err)
	}
	if account == "" {
		return "", nil
	}
	return parseAccount(ids, account, stated)
}

// parseAccount reads the identifier of an account. The error names it as it was stated.
func parseAccount(ids policy.Identifiers, account, stated string) (id string, err error) {
	id, ok := ids.Canonical(policy.AccountID, account)
	if !ok {
		return "", fmt.Errorf("%q is not the identifier of an account: write %s", stated, ids.Form(policy.AccountID))
	}
	return id, nil
}
