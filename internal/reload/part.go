package reload

import (
	"fmt"
	"slices"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Part returns what is stated for all accounts, and for some of them: those of the store by
// their documents, and those that files state by their own IDs. What the store adds to them
// is in it. It is what a change of these accounts is compared by, since a policy with a store
// has no definition of them all.
func (l *Loader) Part(p *Loaded, documents []config.Account, inFiles ...string) (config.Compiled, error) {
	c, carriers := p.combined, l.resolver.Carriers
	if c == nil {
		return config.Compiled{}, ErrNoStore
	}
	compiled, err := config.Compile(carriers, append(slices.Clone(c.operator), config.Source{Document: c.kept.operator()})...)
	if err != nil {
		return config.Compiled{}, err
	}
	accounts, err := config.CompileAccounts(carriers, p.Snapshot.IDOf, documents...)
	if err != nil {
		return config.Compiled{}, err
	}
	if len(inFiles) > 0 {
		files, err := c.files.Unpack()
		if err != nil {
			return config.Compiled{}, err
		}
		for i := range files.Compiled.Definition.Accounts {
			if a := &files.Compiled.Definition.Accounts[i]; slices.Contains(inFiles, a.ID) {
				accounts = append(accounts, *a)
			}
		}
	}
	for i := range accounts {
		attachment, err := c.kept.attachment(carriers, accounts[i].ID)
		if err != nil {
			return config.Compiled{}, fmt.Errorf("reading what the store adds to account %s: %w", accounts[i].ID, err)
		}
		attach(&accounts[i], &attachment)
	}
	compiled.Definition.Accounts = accounts
	return compiled, nil
}

// attach states in an account what the store adds to it.
func attach(a *policy.Account, attachment *policy.Attachment) {
	if attachment.Suspended.On {
		a.Suspended = attachment.Suspended
	}
	a.Openings = append(a.Openings[:len(a.Openings):len(a.Openings)], attachment.Openings...)
}
