package app

import (
	"fmt"
	"sync/atomic"

	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/policy"
)

// brokeredNames are the accounts whose credentials are stated by the names that the policy gives
// them. The policy that is in force says which they are: one that only a store has is known once
// that was read, or once the account is made.
type brokeredNames struct {
	stated      []brokeredName
	credentials *reload.Credentials
	loaded      func() *reload.Loaded
	// resolved is made again once a request finds another policy in force.
	resolved atomic.Pointer[resolvedNames]
}

// brokeredName is the name that a credential states, and which of the credentials that is.
type brokeredName struct {
	credential int
	name       string
}

// resolvedNames is what the names stand for by one policy.
type resolvedNames struct {
	snapshot *policy.Snapshot
	names    map[string]string // by the account's id at the carrier
	failed   []error           // of names without an account
}

// newBrokeredNames finds the names among the accounts of credentials.
func newBrokeredNames(stated []reload.Credential, credentials *reload.Credentials, loaded func() *reload.Loaded) (*brokeredNames, error) {
	n := &brokeredNames{credentials: credentials, loaded: loaded}
	for i, c := range stated {
		account, err := placeholder.ReplaceRegular(c.Account)
		if err != nil {
			return nil, fmt.Errorf("reading the account of credential %d: %w", i+1, err)
		}
		if config.IsAccountName(carriers.All(), account) {
			n.stated = append(n.stated, brokeredName{i + 1, account})
		}
	}
	return n, nil
}

// any reports whether there are names at all.
func (n *brokeredNames) any() bool { return len(n.stated) > 0 }

// of returns the credential for an account that is stated by its name, nil if there is none.
func (n *brokeredNames) of(account string) *reload.Issued {
	if !n.any() {
		return nil
	}
	name, ok := n.current().names[account]
	if !ok {
		return nil
	}
	issued := n.credentials.Of(name)
	if issued == nil || issued.CheckFor(account) != nil { // the user may have been replaced since
		return nil
	}
	return issued
}

// current is what the names stand for by the policy in force.
func (n *brokeredNames) current() *resolvedNames {
	if !n.any() {
		return new(resolvedNames)
	}
	snapshot := n.loaded().Snapshot
	if resolved := n.resolved.Load(); resolved != nil && resolved.snapshot == snapshot {
		return resolved
	}
	resolved := &resolvedNames{snapshot: snapshot, names: make(map[string]string)}
	for _, stated := range n.stated {
		if err := n.resolve(resolved, stated); err != nil {
			resolved.failed = append(resolved.failed, err)
		}
	}
	n.resolved.Store(resolved)
	return resolved
}

// resolve adds the account of one credential.
func (n *brokeredNames) resolve(to *resolvedNames, stated brokeredName) error {
	if _, defined := to.snapshot.At(stated.name); !defined {
		// Its text might be a misplaced secret.
		return fmt.Errorf("the account of credential %d is not in the policy", stated.credential)
	}
	account, err := BrokeredAccount(to.snapshot, stated.name)
	if err != nil {
		return err
	}
	if n.credentials.Of(account) != nil || to.names[account] != "" {
		return fmt.Errorf("account %s has two credentials: write one alone", account)
	}
	if err := n.credentials.Of(stated.name).CheckFor(account); err != nil {
		return err
	}
	to.names[account] = stated.name
	return nil
}
