package main

import (
	"context"

	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
)

// regoPolicy looks a territory up in the account's set: a path into the data, which takes
// no longer with more accounts.
const regoPolicy = `package gate

default allow := false

allow if data.accounts[input.account][input.channel][input.territory]
`

func prepareOPA(ctx context.Context, accounts int) (decider, error) {
	data := map[string]any{}
	for i := range accounts {
		data[accountID(i)] = map[string]any{"messaging": map[string]any{"US": true, "CA": true}}
	}
	query, err := rego.New(rego.Query("data.gate.allow"), rego.Module("gate.rego", regoPolicy),
		rego.Store(inmem.NewFromObject(map[string]any{"accounts": data}))).PrepareForEval(ctx)
	if err != nil {
		return nil, err
	}
	return func(account, territory string) bool {
		answer, err := query.Eval(ctx, rego.EvalInput(map[string]any{"account": account, "channel": "messaging", "territory": territory}))
		return err == nil && answer.Allowed()
	}, nil
}
