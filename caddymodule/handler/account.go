package handler

import (
	"fmt"

	"github.com/caddy-tollgate/tollgate/caddymodule/app"
	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/policy"
)

// provisionAccount resolves the account that the handler states, if it states one. A name
// of the policy's must be that of an account at the handler's carrier. Its id there is
// looked up for each request, since a policy can be loaded again.
func (h *Handler) provisionAccount(a *app.App) error {
	account, err := placeholder.Replace(h.Account)
	if err != nil {
		return fmt.Errorf("resolving account: %w", err)
	}
	if account == "" {
		return nil
	}
	if h.gate.Account, h.gate.AccountName, err = parseAccount(h.gate.Carrier.Identifiers(), account, h.Account); err != nil {
		return err
	}
	if h.gate.AccountName != "" {
		_, err = a.AccountAt(h.gate.AccountName, h.gate.Carrier.Name())
	}
	if err != nil && account != h.Account {
		return fmt.Errorf("the policy has no account %s at %s", h.Account, h.gate.Carrier.Name()) // as it was stated
	}
	return err
}

// parseAccount reads an account: its id at a carrier, or the name that the policy gives it.
// The error names it as it was stated.
func parseAccount(ids policy.Identifiers, account, stated string) (id, name string, err error) {
	if id, ok := ids.Canonical(policy.AccountID, account); ok {
		return id, "", nil
	}
	if config.IsAccountName(carriers.All(), account) {
		return "", account, nil
	}
	return "", "", fmt.Errorf("%q is not the identifier of an account: write %s, or the name that the policy gives it", stated, ids.Form(policy.AccountID))
}
