package reload

import (
	"fmt"
	"slices"

	"github.com/caddy-tollgate/tollgate/config"
)

// Stated returns the policy with the definition of what is stated, by the files and by the
// store: for all accounts, for the accounts of the files, and for accounts of the store that
// the caller has read, by their documents. Two policies are compared by it.
func (p *Loaded) Stated(carriers config.Carriers, accounts ...config.Account) (*Loaded, error) {
	c := p.combined
	if c == nil {
		return p.Unpack()
	}
	files, err := c.files.Unpack()
	if err != nil {
		return nil, err
	}
	stated := *p
	stated.text = nil
	stated.Document = config.Document{}
	if stated.Compiled, err = config.Compile(carriers, append(slices.Clone(c.operator), config.Source{Document: c.kept.operator()})...); err != nil {
		return nil, fmt.Errorf("reading what is stated for all accounts: %w", err)
	}
	compiled, err := config.CompileAccounts(carriers, p.Snapshot.IDOf, accounts...)
	if err != nil {
		return nil, fmt.Errorf("reading the accounts of the store: %w", err)
	}
	stated.Compiled.Definition.Accounts = slices.Concat(files.Compiled.Definition.Accounts, compiled)
	return &stated, nil
}
