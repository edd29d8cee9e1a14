package permissions

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
)

// AccountChanges returns the records of changes of an account whose index is less than before, the
// newest first, so many at most.
func (s *Service) AccountChanges(ctx context.Context, by Caller, account string, before int64, limit int) (found []audit.Record, err error) {
	kept, err := s.auditOf(by, account)
	if err != nil {
		return nil, err
	}
	err = kept.Log().LeavesOf(ctx, account, before, limit, appendTo(&found))
	if err != nil {
		return nil, fmt.Errorf("reading the changes of account %s: %w", account, err)
	}
	return found, nil
}

// AccountChange returns the record of a change of an account by its index. One that does not exist
// is not found, and that of another account is denied.
func (s *Service) AccountChange(ctx context.Context, by Caller, account string, index int64) (*audit.Record, error) {
	kept, err := s.auditOf(by, account)
	if err != nil {
		return nil, err
	}
	var found []audit.Record
	err = kept.Log().Leaves(ctx, index, index+1, appendTo(&found))
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading record %d: %w", index, err)
	case len(found) == 0:
		return nil, fmt.Errorf("reading record %d: %w", index, ErrNotFound)
	case found[0].Account != account:
		return nil, fmt.Errorf("reading record %d: %w", index, access.ErrDenied)
	}
	return &found[0], nil
}

// appendTo parses leaves to the end of a list.
func appendTo(found *[]audit.Record) func(store.Leaf) error {
	return func(l store.Leaf) error {
		r, err := audit.ParseLeaf(l.Text, l.Personal, l.Key)
		if err == nil {
			*found = append(*found, *r)
		}
		return err
	}
}

// Stated are the permission sets that the document of an account states, as it is in a record:
// its parent, for example, may not exist any more. One without a document states none.
func (s *Service) Stated(document json.RawMessage) (policy.Account, error) {
	if document == nil {
		return policy.Account{}, nil
	}
	var a config.Account
	if err := config.DecodeJSON(document, &a); err != nil {
		return policy.Account{}, fmt.Errorf("reading an account: %w", err)
	}
	sets := config.Account{ID: a.ID, At: a.At, Permissions: a.Permissions, Verify: a.Verify, Home: a.Home}
	compiled, err := config.CompileAccounts(s.Carriers, s.Policy.Current().Snapshot.IDOf, sets)
	if err != nil {
		return policy.Account{}, fmt.Errorf("reading account %s: %w", a.ID, err)
	}
	return compiled[0], nil
}
