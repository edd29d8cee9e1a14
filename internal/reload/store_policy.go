package reload

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
)

// chunk is how many accounts of a store are compiled at once as a gate starts. It bounds the
// memory for what is compiled and not yet in the snapshot.
const chunk = 1 << 14

// combined is a policy of files and of a store.
type combined struct {
	*Loaded
	// files is what the files state by themselves.
	files *Loaded
	// operator are the sources of what is stated for all accounts, without accounts.
	operator []config.Source
	store    store.Store
	kept     *kept
}

// combine reads all of a store and adds it to what the files state.
func (r Resolver) combine(ctx context.Context, files *Loaded, sources []config.Source, s store.Store, now func() time.Time) (*combined, error) {
	c := &combined{Loaded: files, files: files, operator: withoutAccounts(sources), store: s, kept: newKept(now)}
	var accounts, subaccounts, others []store.Object
	// All as of one revision, and parents before their subaccounts.
	version, err := s.Read(ctx, func(o store.Object) error {
		if o.Kind != store.Account {
			others = append(others, o)
			return nil
		}
		if isSubaccount(o) {
			subaccounts = append(subaccounts, o)
			return nil
		}
		if accounts = append(accounts, o); len(accounts) < chunk {
			return nil
		}
		var err error
		c, err = r.with(c, accounts, store.Version{})
		accounts = accounts[:0]
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the store: %w", err)
	}
	for part := range slices.Chunk(slices.Concat(accounts, subaccounts), chunk) {
		if c, err = r.with(c, part, store.Version{}); err != nil {
			return nil, fmt.Errorf("reading the store: %w", err)
		}
	}
	if c, err = r.with(c, others, version); err != nil {
		return nil, fmt.Errorf("reading the store: %w", err)
	}
	c.Snapshot = c.Snapshot.Folded()
	return c, nil
}

// isSubaccount reports whether the document of an account may state a parent. More than those
// may wait for the others.
func isSubaccount(o store.Object) bool { return bytes.Contains(o.Document, []byte(`"parent"`)) }

// withoutAccounts are the sources of what is stated for all accounts.
func withoutAccounts(sources []config.Source) []config.Source {
	operator := slices.Clone(sources)
	for i := range operator {
		operator[i].Document.Accounts = nil
	}
	return operator
}

// with returns the policy once some objects of a store were written or deleted. Accounts that
// are not among them are not compiled again.
func (r Resolver) with(c *combined, objects []store.Object, version store.Version) (*combined, error) {
	update := policy.Update{Revision: fmt.Sprintf("%s.%d", c.files.Snapshot.Revision(), version.Revision)}
	var accounts []config.Account
	var others []store.Object
	added := 0
	for _, o := range objects {
		if o.Kind != store.Account {
			others = append(others, o)
			continue
		}
		if _, inFile := c.files.Snapshot.At(o.ID); inFile {
			return nil, fmt.Errorf("account %s: %w", o.ID, ErrStatedInFile)
		}
		_, existed := c.Snapshot.At(o.ID)
		if o.Document == nil {
			if existed {
				update.Removed = append(update.Removed, o.ID)
				added--
			}
			continue
		}
		a, err := accountOf(r.Carriers, o)
		if err != nil {
			return nil, err
		}
		accounts = append(accounts, a)
		if !existed {
			added++
		}
	}
	var err error
	if update.Accounts, err = config.CompileAccounts(r.Carriers, c.Snapshot.IDOf, accounts...); err != nil {
		return nil, err
	}
	next, t, err := c.kept.with(others)
	if err != nil {
		return nil, err
	}
	next.version, next.accounts = version, c.kept.accounts+added
	for _, account := range slices.Sorted(maps.Keys(t.accounts)) {
		attachment, err := next.attachment(r.Carriers, account)
		if err != nil {
			return nil, fmt.Errorf("reading what the store adds to account %s: %w", account, err)
		}
		update.Attached = append(update.Attached, attachment)
	}
	if t.panic {
		update.Panic = &next.panic
	}
	var ranges []numbering.Range
	if t.operator {
		compiled, err := config.Compile(r.Carriers, append(slices.Clone(c.operator), config.Source{Document: next.operator()})...)
		if err != nil {
			return nil, err
		}
		update.Operator, ranges = &compiled.Definition, compiled.Ranges
	}
	given, err := c.Access.with(others, version.Revision, r.Carriers)
	if err != nil {
		return nil, err
	}
	updated, err := c.updated(update, next, ranges)
	if err != nil {
		return nil, err
	}
	updated.Access = given
	return updated, nil
}

// updated is the policy with an update of its snapshot.
func (c *combined) updated(update policy.Update, next *kept, ranges []numbering.Range) (*combined, error) {
	snapshot, err := c.Snapshot.With(update)
	if conflict := (policy.Conflict{}); errors.As(err, &conflict) {
		return nil, config.ConflictProblem(conflict, update.Accounts)
	}
	if err != nil {
		return nil, err
	}
	loaded := *c.Loaded
	loaded.Snapshot = snapshot
	loaded.Accounts = c.files.Accounts + next.accounts
	loaded.StoreRevision, loaded.At = next.version.Revision, time.Now()
	if update.Operator != nil {
		loaded.Plan = numbering.Extend(loaded.Numbering.Plan(), ranges, numbering.DefaultTollFraud())
	}
	if err := loaded.checkRates(); err != nil {
		return nil, err
	}
	loaded.combined = &combined{Loaded: &loaded, files: c.files, operator: c.operator, store: c.store, kept: next}
	return loaded.combined, nil
}

// accountOf reads the document of an account. Its ID is the object's, in the spelling in which
// the snapshot has it: otherwise the object would not be found again when it is deleted.
func accountOf(carriers config.Carriers, o store.Object) (a config.Account, err error) {
	if id, ok := carriers.Canonical(policy.AccountID, o.ID); ok && id != o.ID {
		return a, fmt.Errorf("account %s: write its id as %s", o.ID, id)
	}
	if err := config.DecodeJSON(o.Document, &a); err != nil {
		return a, fmt.Errorf("reading account %s: %w", o.ID, err)
	}
	if a.ID != o.ID {
		return a, fmt.Errorf("reading account %s: its document names %q", o.ID, a.ID)
	}
	return a, nil
}
