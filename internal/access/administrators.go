package access

import (
	"errors"
	"fmt"
)

// Administrators says who has which role. A pattern is the name of a user as the
// authentication in front states it, in which one "*" stands for any characters. One that
// begins with `cert:` is for the common name of a client certificate, and `cert:*` for any.
// No other pattern stands for a certificate. Of several roles, the highest counts.
type Administrators struct {
	// Who may also change settings, tokens and all that there is.
	Owner []string `json:"owner,omitzero"`
	// Who may change accounts, rules, suspensions and keys, and request openings.
	Admin []string `json:"admin,omitzero"`
	// Who may approve openings that others requested.
	Approver []string `json:"approver,omitzero"`
	// Who may read.
	Viewer []string `json:"viewer,omitzero"`
}

// of lists the patterns of a role.
func (a *Administrators) of(role Role) []string {
	switch role {
	case Owner:
		return a.Owner
	case Admin:
		return a.Admin
	case Approver:
		return a.Approver
	case Viewer:
		return a.Viewer
	}
	return nil
}

// Check names every pattern that is not one.
func (a *Administrators) Check() error {
	var mistakes []error
	for _, role := range Roles {
		for i, pattern := range a.of(role) {
			if err := checkPattern(pattern); err != nil {
				mistakes = append(mistakes, fmt.Errorf("%s[%d]: %w", role, i, err))
			}
		}
	}
	return errors.Join(mistakes...)
}

// Replaced returns the administrators with the placeholders in their patterns replaced.
func (a *Administrators) Replaced(replace func(text string) (string, error)) (*Administrators, error) {
	replaced := new(Administrators)
	for _, role := range []struct {
		name string
		from []string
		into *[]string
	}{
		{"owner", a.Owner, &replaced.Owner},
		{"admin", a.Admin, &replaced.Admin},
		{"approver", a.Approver, &replaced.Approver},
		{"viewer", a.Viewer, &replaced.Viewer},
	} {
		for i, pattern := range role.from {
			text, err := replace(pattern)
			if err != nil {
				return nil, fmt.Errorf("%s[%d]: %w", role.name, i, err)
			}
			*role.into = append(*role.into, text)
		}
	}
	return replaced, replaced.Check()
}

// RoleOf returns the highest role that an identity is given. Tokens are given none: theirs
// is in the token.
func (a *Administrators) RoleOf(id Identity) Role {
	for role := Owner; role > NoRole; role-- {
		for _, pattern := range a.of(role) {
			if standsFor(pattern, id) {
				return role
			}
		}
	}
	return NoRole
}

// standsFor reports whether a pattern stands for an identity.
func standsFor(pattern string, id Identity) bool {
	name, isCertificate := cutCertificate(pattern)
	switch id.Kind {
	case Authentication:
		// A pattern for certificates would match only a name that no user may have.
		return !isReserved(id.Name) && matches(pattern, id.Name)
	case Certificate:
		return isCertificate && matches(name, id.Name)
	}
	return false
}

// Principal returns an identity with its role. Without a role it is an error.
func (a *Administrators) Principal(id Identity) (Principal, error) {
	role := a.RoleOf(id)
	if role == NoRole {
		return Principal{}, fmt.Errorf("%w: %q is none of the administrators", ErrNoAccess, id)
	}
	return Principal{Identity: id, Role: role, Person: id.String()}, nil
}
