package main

import (
	"context"
	"fmt"
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// destinations are numbers of the territories, for the gate, which judges numbers.
var destinations = map[string]string{"US": "12015550123", "CA": "16135550123", "GB": "447400123456"}

func prepareGate(_ context.Context, accounts int) (decider, error) {
	territories, sends := map[string]numbering.Territory{}, map[string]policy.Send{}
	for name, digits := range destinations {
		territory, ok := numbering.ParseTerritory(name)
		if !ok {
			return nil, fmt.Errorf("unknown territory %s", name)
		}
		territories[name] = territory
		sends[name] = policy.Send{Channel: policy.Messaging, Senders: []string{"+12025550199"},
			Destination: address.Reading{Meaning: address.Numbers, Numbers: address.ListOf(address.Number{Digits: digits,
				Assignment: numbering.Assignment{Territories: []numbering.Territory{territory}, Kinds: numbering.Kinds(numbering.Mobile), Listed: true}})}}
	}
	set := policy.SetOf(territories["US"], territories["CA"])
	grant := &policy.Grant{Set: set, Outright: set}
	var definition policy.Definition
	for i := range accounts {
		id := accountID(i)
		definition.Accounts = append(definition.Accounts, policy.Account{ID: id, At: []policy.CarrierAccount{{Carrier: "twilio", ID: id}},
			Permissions: policy.Permissions{Messaging: grant}})
	}
	snapshot, err := policy.New(definition)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	return func(account, territory string) bool {
		subject := snapshot.Subject(policy.Claim{Carrier: "twilio", Account: account, Holder: account})
		send := sends[territory]
		return subject.Judge(&send, now).Outcome == policy.Allow
	}, nil
}
