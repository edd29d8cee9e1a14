package review_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/internal/review"
	"github.com/caddy-tollgate/tollgate/policy"
)

func TestAnAccountIsFoundByWhateverNamesIt(t *testing.T) {
	p := stated(t, "d7b3deee4e0a", `{"accounts": [
		{"id": "acme", "at": {"twilio": "`+acme+`"}, "keys": ["`+key+`"]},
		{"id": "`+brazil+`"}
	]}`)
	for _, c := range []struct{ says, text, id, complaint string }{
		{"its name", "acme", acme, ""},
		{"its id", acme, acme, ""},
		{"its id in another spelling", "ac11111111111111111111111111111111", acme, ""},
		{"its key", key, acme, ""},
		{"an id in short", brazil, brazil, ""},
		{"an account that the policy does not name", other, other, ""},
		{"a key that the policy does not name", "SK99999999999999999999999999999999", "SK99999999999999999999999999999999", ""},
		{"a name that is mistyped", "acne", "", `account acne is not in the policy, did you mean "acme"?`},
		{"a name like no other", "zebra", "", "account zebra is not in the policy"},
		{"no name", "Acme", "", `"Acme" is not an account: write AC and 32 hexadecimal digits, or the name that the policy gives it, or SK and 32 hexadecimal digits for an API key`},
		{"nothing", "", "", "no account given: whose messages or calls are they?"},
	} {
		t.Run(c.says, func(t *testing.T) {
			text, err := review.ParseAccount(configtest.AsWritten, c.text)
			var found policy.CarrierAccount
			if err == nil {
				found, err = review.ResolveAccount(configtest.AsWritten, p.Snapshot, text)
			}
			if c.complaint != "" {
				if err == nil || err.Error() != c.complaint {
					t.Errorf("got %v", err)
				}
				return
			}
			if err != nil || found != at(c.id) {
				t.Errorf("found %v, %v", found, err)
			}
		})
	}
}

func TestAVerificationIsAskedForByItsChannel(t *testing.T) {
	q := review.Query{Account: acme, Channel: "verify"}
	if _, err := q.Question(configtest.AsWritten); err == nil || !strings.Contains(err.Error(), "--verification") {
		t.Errorf("of verify as a channel, it says: %v", err)
	}
}

func TestALabelIsKnownForWhatItIs(t *testing.T) {
	p := stated(t, "1", `{"accounts": [{"id": "acme", "at": {"twilio": "`+acme+`"}, "label": "Shop"}, {"id": "`+brazil+`", "label": "Both"}, {"id": "`+trial+`", "label": "both"}, {"id": "`+other+`"}]}`)
	for _, c := range []struct{ name, text, want string }{
		{"a label", "Shop", `"Shop" is the label of acme: name the account by that`},
		{"a label in other letters", "shop", `"shop" is the label of acme: name the account by that`},
		{"a label of two", "Both", `"Both" is the label of ` + brazil + ` and ` + trial + `: name the account by that`},
		{"another text", "Shops", ""},
		{"no text", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ""
			if err := review.LabelHint(&p.Compiled.Definition, c.text); err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestAnAccountAtSeveralCarriersIsOneAtEach(t *testing.T) {
	atBoth := []policy.CarrierAccount{{Carrier: "mirror", ID: acme}, at(brazil)}
	snapshot, err := policy.New(policy.Definition{Accounts: []policy.Account{{ID: "acme", At: atBoth}}})
	if err != nil {
		t.Fatal(err)
	}
	if found, err := review.ResolveAccounts(configtest.AsWritten, snapshot, "acme"); err != nil || !slices.Equal(found, atBoth) {
		t.Errorf("found %v, %v", found, err)
	}
	const want = "account acme is at several carriers: name it by its id at one, " + acme + " (mirror) or " + brazil + " (twilio)"
	if _, err := review.ResolveAccount(configtest.AsWritten, snapshot, "acme"); err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

func TestAnAccountWithANameOfItsOwnIsWrittenWithBoth(t *testing.T) {
	g := gateOf(stated(t, "d7b3deee4e0a", `{"accounts": [{"id": "acme", "at": {"twilio": "`+acme+`"}, "label": "Acme Corp", "messaging": ["US"]}]}`))
	got := explained(t, g, &gate.Question{Account: acme, To: "+447400123456"})
	for _, want := range []string{
		"because account acme \"Acme Corp\" states messaging: US; GB is not among them\n",
		"messaging from acme (" + acme + ") \"Acme Corp\", ",
		"rule in the logs: account acme messaging\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}
