package policy_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/policy"
)

func TestConflictsAreNamedByTheirAccountsAndNewRefusesThem(t *testing.T) {
	const third = "AC99999999999999999999999999999999"
	twilios, other := []policy.CarrierAccount{{Carrier: "twilio", ID: company}}, []policy.CarrierAccount{{Carrier: "telnyx", ID: company}}
	senders := []policy.Sender{{ID: "ACME"}, {ID: "OTHER"}, {ID: "ACME"}}
	for _, c := range []struct {
		name       string
		definition policy.Definition
		want       policy.Conflict
		says       string
	}{
		{"an account twice", policy.Definition{Accounts: []policy.Account{{ID: company}, {ID: sub}, {ID: company}}},
			policy.Conflict{Kind: policy.AccountTwice, Account: 2}, "is defined twice"},
		{"an id at a carrier of two accounts", policy.Definition{Accounts: []policy.Account{{ID: "acme", At: twilios}, {ID: sub, At: slices.Concat(other, twilios)}}},
			policy.Conflict{Kind: policy.CarrierAccountTwice, Account: 1, Index: 1}, company + " is the id of both account acme and account " + sub},
		{"a key of two accounts", policy.Definition{Accounts: []policy.Account{{ID: company, Keys: []string{key}}, {ID: sub, Keys: []string{"SK0", key}}}},
			policy.Conflict{Kind: policy.KeyTwice, Account: 1, Index: 1}, "belongs to both " + company + " and " + sub},
		{"a credential twice in one account", policy.Definition{Accounts: []policy.Account{{ID: company, Credentials: []string{client, client}}}},
			policy.Conflict{Kind: policy.CredentialTwice, Index: 1}, "belongs to both"},
		{"a sender twice", policy.Definition{Accounts: []policy.Account{{ID: sub}, {ID: company, Senders: senders}}},
			policy.Conflict{Kind: policy.SenderTwice, Account: 1, Index: 2}, "defines sender ACME twice"},
		{"a parent that is not defined", policy.Definition{Accounts: []policy.Account{{ID: sub, Parent: company}}},
			policy.Conflict{Kind: policy.ParentUndefined}, "which is not defined"},
		{"a parent of itself", policy.Definition{Accounts: []policy.Account{{ID: company}, {ID: sub, Parent: sub}}},
			policy.Conflict{Kind: policy.ParentOfItself, Account: 1}, "is its own parent"},
		{"a parent that is a subaccount", policy.Definition{Accounts: []policy.Account{{ID: third}, {ID: company, Parent: sub}, {ID: sub, Parent: third}}},
			policy.Conflict{Kind: policy.ParentIsSubaccount, Account: 1}, "which is a subaccount itself"},
	} {
		t.Run(c.name, func(t *testing.T) {
			conflicts := c.definition.Conflicts(nil)
			if len(conflicts) != 1 {
				t.Fatalf("found %v", conflicts)
			}
			got := conflicts[0]
			if got.Kind != c.want.Kind || got.Account != c.want.Account || got.Index != c.want.Index || got.First != c.want.First {
				t.Errorf("found %+v, want %+v", got, c.want)
			}
			if _, err := policy.New(c.definition); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("New says %v, want %s", err, c.says)
			}
		})
	}
}

func TestNamesThatAreNotKnownYetAreNotInConflict(t *testing.T) {
	d := policy.Definition{Accounts: []policy.Account{
		{ID: "{env.A}", Keys: []string{key}}, {ID: "{env.A}", Parent: "{env.B}"},
		{ID: sub, Keys: []string{"{env.K}", "{env.K}"}},
	}}
	unknown := func(name string) bool { return strings.HasPrefix(name, "{") }
	if conflicts := d.Conflicts(unknown); len(conflicts) > 0 {
		t.Errorf("found %v", conflicts)
	}
}
