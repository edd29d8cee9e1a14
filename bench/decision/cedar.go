package main

import (
	"context"

	"github.com/cedar-policy/cedar-go"
)

// cedarPolicy permits what the account's own set has.
const cedarPolicy = `permit (principal, action == Action::"messaging", resource)
when { principal.messaging.contains(resource) };`

func prepareCedar(_ context.Context, accounts int) (decider, error) {
	policies, err := cedar.NewPolicySetFromBytes("gate.cedar", []byte(cedarPolicy))
	if err != nil {
		return nil, err
	}
	territories := cedar.NewSet(cedar.NewEntityUID("Territory", "US"), cedar.NewEntityUID("Territory", "CA"))
	entities := cedar.EntityMap{}
	for i := range accounts {
		uid := cedar.NewEntityUID("Account", cedar.String(accountID(i)))
		entities[uid] = cedar.Entity{UID: uid, Attributes: cedar.NewRecord(cedar.RecordMap{"messaging": territories})}
	}
	action := cedar.NewEntityUID("Action", "messaging")
	return func(account, territory string) bool {
		decision, _ := cedar.Authorize(policies, entities, cedar.Request{Principal: cedar.NewEntityUID("Account", cedar.String(account)),
			Action: action, Resource: cedar.NewEntityUID("Territory", cedar.String(territory)), Context: cedar.NewRecord(nil)})
		return decision == cedar.Allow
	}, nil
}
