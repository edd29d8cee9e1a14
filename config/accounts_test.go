package config_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/policy"
)

const (
	sidOne = "AC00000000000000000000000000000001"
	sidTwo = "AC00000000000000000000000000000002"
)

// resolveOne knows one account: acme, by its id at Twilio.
func resolveOne(a policy.CarrierAccount) (string, bool) {
	return "acme", a == policy.CarrierAccount{Carrier: "twilio", ID: sidOne}
}

func TestAccountsAreCompiledAsTheWholePolicyIs(t *testing.T) {
	source, err := config.ParseFile("policy.yaml", []byte(`version: 1
accounts:
  - {id: acme, at: {twilio: `+sidOne+`}, label: Acme, messaging: [US, ca], voice: {low_risk: [US]}, keys: [SK00000000000000000000000000000001]}
  - {id: `+sidTwo+`, prefixes: [{block: "+49", reason: fraud}], senders: {"+12025550123": {messaging: [US]}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	source.Document.Accounts[1].Parent = sidOne
	compiled, err := config.Compile(carriers, source)
	if err != nil {
		t.Fatal(err)
	}
	got, err := config.CompileAccounts(carriers, nil, source.Document.Accounts...)
	if err != nil || !reflect.DeepEqual(got, compiled.Definition.Accounts) {
		t.Errorf("both: got %+v, %v\nwant %+v", got, err, compiled.Definition.Accounts)
	}
	got, err = config.CompileAccounts(carriers, resolveOne, source.Document.Accounts[1])
	if err != nil || !reflect.DeepEqual(got, compiled.Definition.Accounts[1:]) {
		t.Errorf("the subaccount alone: got %+v, %v\nwant %+v", got, err, compiled.Definition.Accounts[1:])
	}
}

func TestAParentNamedByAnIDAtACarrier(t *testing.T) {
	child := config.Account{ID: sidTwo, Parent: sidOne}
	acmeElsewhere := config.Account{ID: "acme", At: config.At{"twilio": "AC00000000000000000000000000000003"}}
	for says, c := range map[string]struct {
		resolve func(policy.CarrierAccount) (string, bool)
		others  []config.Account
		want    string
	}{
		"is the account of the policy that has it":                      {resolve: resolveOne, want: "acme"},
		"is the account beside it that has it":                          {others: []config.Account{{ID: "beta", At: config.At{"twilio": sidOne}}}, resolve: resolveOne, want: "beta"},
		"is not the account that has another with the same change":      {others: []config.Account{acmeElsewhere}, resolve: resolveOne, want: sidOne},
		"remains as it is where no account has it, and With refuses it": {want: sidOne},
	} {
		got, err := config.CompileAccounts(carriers, c.resolve, append([]config.Account{child}, c.others...)...)
		if err != nil || got[0].Parent != c.want {
			t.Errorf("%s: got %+v, %v, want %s", says, got, err, c.want)
		}
	}
}

func TestMistakesInAccountsNameTheField(t *testing.T) {
	other := config.Account{ID: "beta", At: config.At{"twilio": sidTwo}}
	acme := func(change func(*config.Account)) []config.Account {
		a := config.Account{ID: "acme", At: config.At{"twilio": sidOne}}
		change(&a)
		return []config.Account{other, a}
	}
	for says, c := range map[string]struct {
		accounts []config.Account
		path     string
		message  string
	}{
		"an unknown territory": {acme(func(a *config.Account) { a.Voice = &config.Voice{LowRisk: config.Territories{"XX"}} }),
			"accounts[1].voice.low_risk[0]", `"XX"`},
		"a placeholder": {acme(func(a *config.Account) { a.Keys = []string{"{env.KEY}"} }),
			"accounts[1].keys[0]", "a store keeps no placeholders"},
		"a placeholder in the name of a sender": {acme(func(a *config.Account) { a.Senders = config.Senders{"{env.FROM}": {}} }),
			"accounts[1].senders", "a store keeps no placeholders"},
		"an id that the account beside it has": {acme(func(a *config.Account) { a.At = other.At }),
			"accounts[1].at.twilio", "already the id of account beta"},
		"an account that is its own parent": {acme(func(a *config.Account) { a.Parent = "acme" }),
			"accounts[1].parent", "its own parent"},
	} {
		_, err := config.CompileAccounts(carriers, nil, c.accounts...)
		var problem decode.Problem
		if !errors.As(err, &problem) || problem.Path != c.path || !strings.Contains(problem.Message, c.message) {
			t.Errorf("%s: got %v, want %s: … %s", says, err, c.path, c.message)
		}
	}
}

func TestConflictsWithAPolicyNameTheField(t *testing.T) {
	at := func(id string) []policy.CarrierAccount { return []policy.CarrierAccount{{Carrier: "twilio", ID: id}} }
	snapshot, err := policy.New(policy.Definition{Accounts: []policy.Account{
		{ID: "acme", At: at(sidOne), Keys: []string{"SK1"}, Credentials: []string{"OQ1"}},
		{ID: "child", At: at(sidTwo), Parent: "acme"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for says, c := range map[string]struct {
		update policy.Update
		want   string
	}{
		"an id of another account":        {policy.Update{Accounts: []policy.Account{{ID: "new", At: at(sidOne)}}}, "accounts[0].at.twilio"},
		"an id for a name":                {policy.Update{Accounts: []policy.Account{{ID: sidOne, At: at(sidOne)}}}, "accounts[0].id"},
		"a key of another account":        {policy.Update{Accounts: []policy.Account{{ID: "new", Keys: []string{"SK2", "SK1"}}}}, "accounts[0].keys[1]"},
		"a credential of another account": {policy.Update{Accounts: []policy.Account{{ID: "new", Credentials: []string{"OQ1"}}}}, "accounts[0].credentials[0]"},
		"an account that is stated twice": {policy.Update{Accounts: []policy.Account{{ID: "new"}, {ID: "new"}}}, "accounts[1].id"},
		"a parent that is not defined":    {policy.Update{Accounts: []policy.Account{{ID: "new", Parent: "none"}}}, "accounts[0].parent"},
		"a parent that is a subaccount":   {policy.Update{Accounts: []policy.Account{{ID: "new", Parent: "child"}}}, "accounts[0].parent"},
		"a sender that is stated twice":   {policy.Update{Accounts: []policy.Account{{ID: "new", Senders: []policy.Sender{{ID: "a"}, {ID: "a"}}}}}, "accounts[0].senders"},
		"a parent that is removed":        {policy.Update{Removed: []string{"acme"}}, ""},
	} {
		_, err := snapshot.With(c.update)
		var conflict policy.Conflict
		if !errors.As(err, &conflict) {
			t.Errorf("%s: got %v, want a conflict", says, err)
			continue
		}
		if got := config.ConflictProblem(conflict, c.update.Accounts); got.Path != c.want || got.Message != err.Error() {
			t.Errorf("%s: got %v at %q, want %q", says, got, got.Path, c.want)
		}
	}
}
