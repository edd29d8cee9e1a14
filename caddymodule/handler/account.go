package handler

import (
	"fmt"
	"strings"

	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
	"github.com/caddy-tollgate/tollgate/policy"
)

// resolveAccount is the account that a handler states, with its placeholders
// replaced; empty if it states none.
func resolveAccount(stated string) (string, error) {
	account, err := placeholder.Replace(stated)
	if err != nil {
		return "", fmt.Errorf("resolving account: %w", err)
	}
	if account == "" {
		return "", nil
	}
	return policy.CanonicalSID(account), checkAccount(account, stated)
}

// checkAccount checks that a text is the SID of an account. The error quotes it as it was
// stated.
func checkAccount(account, stated string) error {
	if sid := policy.CanonicalSID(account); !policy.IsSID(sid) || !strings.HasPrefix(sid, "AC") {
		return fmt.Errorf("%q is not the SID of an account: write AC and 32 hexadecimal digits", stated)
	}
	return nil
}
