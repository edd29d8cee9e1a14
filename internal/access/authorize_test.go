package access_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// principal is one with a role, limited to accounts if there are any.
func principal(role access.Role, accounts ...string) access.Principal {
	return access.Principal{
		Identity: access.Identity{Kind: access.Authentication, Name: "alice"},
		Role:     role, Accounts: accounts, Person: "alice",
	}
}

func TestWhatAPrincipalMayDoIsListed(t *testing.T) {
	for _, role := range append([]access.Role{access.NoRole}, access.Roles...) {
		for _, p := range []access.Principal{principal(role), principal(role, "acme")} {
			listed := map[access.Action]bool{}
			for _, action := range access.ActionsOf(p) {
				listed[action] = true
			}
			for _, row := range access.Actions {
				if may := access.Authorize(p, row.Action, "acme") == nil; may != listed[row.Action] {
					t.Errorf("%s, limited to %v: %s is listed: %v, and permitted: %v", role, p.Accounts, row.Action, listed[row.Action], may)
				}
			}
		}
	}
}

// The golden file is the matrix that a reader checks: every action, by every role, with and
// without a limit to accounts, and by no one.
func TestTheMatrixOfActionsAndRolesIsTheReviewedOne(t *testing.T) {
	var matrix strings.Builder
	columns := []struct {
		title    string
		accounts []string
		account  string
	}{
		{"all accounts", nil, "acme"},
		{"limited to acme, for acme", []string{"acme"}, "acme"},
		{"limited to acme, for zeta", []string{"acme"}, "zeta"},
		{"limited to acme, for none", []string{"acme"}, ""},
	}
	fmt.Fprintf(&matrix, "%-18s %-4s", "", "none")
	for _, column := range columns {
		fmt.Fprintf(&matrix, " | %-29s", column.title)
	}
	fmt.Fprintf(&matrix, "\n%-18s %-4s", "", "")
	for range columns {
		matrix.WriteString(" | viewer approver admin owner  ")
	}
	matrix.WriteString("\n")
	mark := func(p access.Principal, action access.Action, account string) string {
		if access.Authorize(p, action, account) == nil {
			return "yes"
		}
		return "-"
	}
	for _, row := range access.Actions {
		fmt.Fprintf(&matrix, "%-18s %-4s", row.Action, mark(access.Principal{}, row.Action, "acme"))
		for _, column := range columns {
			cell := func(role access.Role) string {
				return mark(principal(role, column.accounts...), row.Action, column.account)
			}
			fmt.Fprintf(&matrix, " | %-6s %-8s %-5s %-7s", cell(access.Viewer), cell(access.Approver), cell(access.Admin), cell(access.Owner))
		}
		matrix.WriteString("\n")
	}
	var text strings.Builder
	for line := range strings.Lines(matrix.String()) {
		text.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	harness.Golden(t, "testdata/matrix.txt", text.String())
}

func TestAGreaterRoleMayDoAllThatASmallerOneMayAndALimitNeverAdds(t *testing.T) {
	for _, row := range access.Actions {
		for _, account := range []string{"", "acme", "zeta"} {
			for i, role := range access.Roles {
				unlimited := access.Authorize(principal(role), row.Action, account) == nil
				limited := access.Authorize(principal(role, "acme"), row.Action, account) == nil
				if limited && !unlimited {
					t.Errorf("%s %q: %s may only if limited", row.Action, account, role)
				}
				if i > 0 && !unlimited && access.Authorize(principal(access.Roles[i-1]), row.Action, account) == nil {
					t.Errorf("%s %q: %s may not, and a smaller role may", row.Action, account, role)
				}
			}
			if access.Authorize(principal(access.Owner), row.Action, account) != nil {
				t.Errorf("%s %q: an owner may not", row.Action, account)
			}
		}
	}
}

func TestADenialSaysWhatIsNeeded(t *testing.T) {
	limitedToNone := principal(access.Owner)
	limitedToNone.Accounts = []string{}
	noName := principal(access.Owner)
	noName.Identity.Name = ""
	for _, c := range []struct {
		says      string
		principal access.Principal
		action    access.Action
		account   string
		err       error
		want      string
	}{
		{"no one", access.Principal{}, access.Read, "", access.ErrNoAccess, "no access: read needs the role viewer"},
		{"an owner without a name", noName, access.Read, "", access.ErrNoAccess, "no access: read needs the role viewer"},
		{"a role that does not exist", principal(access.Owner + 1), access.Read, "", access.ErrNoAccess, "no access: read needs the role viewer"},
		{"a role too small", principal(access.Viewer), access.AccountPut, "acme", access.ErrDenied, "denied: account.put needs the role admin: alice has the role viewer"},
		{"an action that does not exist", principal(access.Owner), "account.steal", "acme", access.ErrDenied, `denied: no role may do "account.steal", which is not an action`},
		{"another account", principal(access.Owner, "acme", "bolt"), access.AccountPut, "zeta", access.ErrDenied, `denied: account.put needs the role admin for account "zeta": alice is limited to acme, bolt`},
		{"the accounts of another letter case", principal(access.Owner, "acme"), access.AccountPut, "Acme", access.ErrDenied, `for account "Acme"`},
		{"all accounts", principal(access.Owner, "acme"), access.Panic, "acme", access.ErrDenied, "denied: panic needs the role owner for all accounts: alice is limited to acme"},
		{"no account", principal(access.Viewer, "acme"), access.AuditRead, "", access.ErrDenied, "denied: audit.read must be asked for one account: alice is limited to acme"},
		{"many accounts", principal(access.Viewer, "1", "2", "3", "4", "5", "6"), access.Read, "7", access.ErrDenied, "limited to 6 accounts"},
		{"a limit to no account", limitedToNone, access.Read, "acme", access.ErrDenied, "limited to no account"},
	} {
		err := access.Authorize(c.principal, c.action, c.account)
		if !errors.Is(err, c.err) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s:\ngot  %v\nwant %s", c.says, err, c.want)
		}
	}
}

func TestAPrincipalIsToldOfItsAccountsAlone(t *testing.T) {
	for _, c := range []struct {
		says      string
		principal access.Principal
		account   string
		want      bool
	}{
		{"an unlimited viewer, of any", principal(access.Viewer), "acme", true},
		{"a limited one, of its own", principal(access.Viewer, "acme"), "acme", true},
		{"a limited one, of another", principal(access.Viewer, "acme"), "zeta", false},
		{"a limited one, of all", principal(access.Viewer, "acme"), "", false},
		{"a limited one with an account without a name, of all", principal(access.Viewer, ""), "", false},
		{"no one", access.Principal{}, "acme", false},
	} {
		if got := c.principal.Reaches(c.account); got != c.want {
			t.Errorf("%s: %v", c.says, got)
		}
	}
}
