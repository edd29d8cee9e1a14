package config

import "github.com/caddy-tollgate/tollgate/policy"

// CompileAttached compiles what a store adds to an account beside what that states: its
// suspension and its openings. All else in the account is ignored.
func CompileAttached(carriers Carriers, a *Account) (policy.Attachment, error) {
	document := Document{Accounts: []Account{{Suspended: a.Suspended, Openings: a.Openings}}}
	if _, _, err := Resolve(&document, refusePlaceholder); err != nil {
		return policy.Attachment{}, err
	}
	c := newCompiler(carriers)
	attachment := policy.Attachment{
		Suspended: c.turned("suspended", a.Suspended),
		Openings:  c.openings("openings", a.Openings),
	}
	return attachment, c.problems.Err()
}
