package access

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// The errors of who may do something.
var (
	// ErrNoAccess is a client that is not known, or that has no role.
	ErrNoAccess = errors.New("no access")
	// ErrDenied is an action that needs another role, or another account.
	ErrDenied = errors.New("denied")
)

// Principal is a client that is known, with what it may do. The zero value may do nothing.
type Principal struct {
	Identity Identity
	Role     Role
	// Accounts to which it is limited, by their own IDs. Nil is all, and empty is none.
	Accounts []string
	// Person who answers for what it does: the identity itself, or for a token the person
	// who created it.
	Person string
}

// Author returns who does what the principal does.
func (p Principal) Author() Author { return Author{p.Identity.String(), p.Person} }

// Reaches reports whether the principal may be told of an account. A subaccount is not
// reached by its parent: each is named.
func (p Principal) Reaches(account string) bool {
	return p.Role > NoRole && (p.Accounts == nil || account != "" && slices.Contains(p.Accounts, account))
}

// Authorize returns an error unless the principal may do something to an account. Without
// one, an action is about all of them. A change that touches several accounts, such as one
// that gives an account another parent, must be asked for each.
func Authorize(p Principal, action Action, account string) error {
	row, ok := rowOf(action)
	switch {
	case !ok:
		return fmt.Errorf("%w: no role may do %q, which is not an action", ErrDenied, action)
	case p.Role == NoRole || p.Role > Owner || p.Identity.Name == "":
		return fmt.Errorf("%w: %s needs the role %s", ErrNoAccess, action, row.Least)
	case p.Role < row.Least:
		return fmt.Errorf("%w: %s needs the role %s: %s has the role %s", ErrDenied, action, row.Least, p.Identity, p.Role)
	case p.Accounts == nil:
		return nil
	case row.Reach == AllAccounts:
		return fmt.Errorf("%w: %s needs the role %s for all accounts: %s is limited to %s", ErrDenied, action, row.Least, p.Identity, accountsOf(p))
	case account == "":
		return fmt.Errorf("%w: %s must be asked for one account: %s is limited to %s", ErrDenied, action, p.Identity, accountsOf(p))
	case !p.Reaches(account):
		return fmt.Errorf("%w: %s needs the role %s for account %q: %s is limited to %s", ErrDenied, action, row.Least, account, p.Identity, accountsOf(p))
	}
	return nil
}

// ActionsOf lists what a principal may do, if only to the accounts that it is limited to.
func ActionsOf(p Principal) []Action {
	actions := []Action{}
	for _, row := range Actions {
		if p.Role >= row.Least && (p.Accounts == nil || row.Reach == OneAccount) {
			actions = append(actions, row.Action)
		}
	}
	return actions
}

// mostNamed is how many accounts an error names.
const mostNamed = 5

// accountsOf lists the accounts of a principal for people.
func accountsOf(p Principal) string {
	switch n := len(p.Accounts); {
	case n == 0:
		return "no account"
	case n > mostNamed:
		return fmt.Sprintf("%d accounts", n)
	}
	return strings.Join(p.Accounts, ", ")
}
