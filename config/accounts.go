package config

import (
	"errors"
	"fmt"

	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/policy"
)

// CompileAccounts compiles accounts without the rest of their policy, in their order, as
// policy.Snapshot.With takes them, or names every mistake in them. Resolve finds the own ID
// of an account of the policy by its id at a carrier, for parents that are named so. The
// values are literal: a text with a placeholder is a mistake. A parent that is not among the
// accounts may be undefined: With finds that out, and what else other accounts conflict with.
func CompileAccounts(carriers Carriers, resolve func(policy.CarrierAccount) (id string, ok bool), accounts ...Account) ([]policy.Account, error) {
	document := Document{Accounts: accounts}
	if _, _, err := Resolve(&document, refusePlaceholder); err != nil {
		return nil, err
	}
	c := newCompiler(carriers)
	c.more, c.elsewhere = true, resolve
	c.sources([]Source{{Document: document}})
	if err := c.problems.Err(); err != nil {
		return nil, err
	}
	return c.compiled.Definition.Accounts, nil
}

func refusePlaceholder(string) (string, error) {
	return "", errors.New("a store keeps no placeholders: write the value itself, without a brace")
}

// ConflictProblem is a conflict of accounts that CompileAccounts compiled, with the path of
// the value at fault. A conflict of another account has none.
func ConflictProblem(conflict policy.Conflict, accounts []policy.Account) decode.Problem {
	problem := decode.Problem{Message: conflict.Error(), Cause: conflict}
	if conflict.Account == policy.Outside {
		return problem
	}
	path, a := fmt.Sprintf("accounts[%d]", conflict.Account), &accounts[conflict.Account]
	switch conflict.Kind {
	case policy.AccountTwice:
		problem.Path = path + ".id"
	case policy.CarrierAccountTwice:
		problem.Path = pathOfID(path, a.ID, a.At[conflict.Index])
	case policy.KeyTwice:
		problem.Path = fmt.Sprintf("%s.keys[%d]", path, conflict.Index)
	case policy.CredentialTwice:
		problem.Path = fmt.Sprintf("%s.credentials[%d]", path, conflict.Index)
	case policy.SenderTwice:
		problem.Path = path + ".senders"
	case policy.ParentUndefined, policy.ParentOfItself, policy.ParentIsSubaccount:
		problem.Path = path + ".parent"
	}
	return problem
}

// pathOfID is the path of an id at a carrier in the account at a path.
func pathOfID(path, id string, at policy.CarrierAccount) string {
	if id == at.ID {
		return path + ".id"
	}
	return path + ".at." + at.Carrier
}
