package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/access"
)

func TestThePartsOfThePolicySayWhereTheyAreStated(t *testing.T) {
	m := manage(t, `limits:
  - {name: hour, amount: 100/1h, per: [account]}
  - {name: day, amount: 1000/24h, per: [account]}
prefixes: [{block: "+99899394", reason: pumping}]
accounts: [{id: `+sidOne+`}]
`)
	m.must(t, "PUT", "/settings", `{"national": "US", "limits": [{"name": "minute", "amount": "10/1m", "per": ["account"]}]}`, nil)
	m.must(t, "PUT", "/accounts/"+sidTwo, `{}`, nil)
	var block struct{ ID string }
	m.must(t, "POST", "/blocks", `{"block": "+1900", "reason": "premium"}`, &block)

	var got struct {
		Parts []struct {
			Member, Stated, Place, Block string
			Value                        json.RawMessage
		}
		Accounts struct{ File, Store int }
		Next     string
	}
	m.must(t, "GET", "/policy/parts", "", &got)
	var lines []string
	for _, p := range got.Parts {
		place := strings.TrimPrefix(p.Place, m.file)
		lines = append(lines, strings.Join([]string{p.Member, p.Stated, place, p.Block, string(p.Value)}, " "))
	}
	want := []string{
		`limits file :3:5  {"name":"hour","amount":"100/1h","per":["account"]}`,
		`limits file :4:5  {"name":"day","amount":"1000/24h","per":["account"]}`,
		`prefixes file :5:12  {"block":"+99899394","reason":"pumping"}`,
		`national store   "US"`,
		`limits store   {"name":"minute","amount":"10/1m","per":["account"]}`,
		`prefixes store  ` + block.ID + ` {"block":"+1900","reason":"premium"}`,
	}
	if strings.Join(lines, "\n") != strings.Join(want, "\n") {
		t.Errorf("the parts are\n%s\nand not\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
	if got.Accounts.File != 1 || got.Accounts.Store != 1 {
		t.Errorf("the accounts are %+v", got.Accounts)
	}
	first := got.Parts[0].Value
	m.must(t, "GET", "/policy/parts?limit=4", "", &got)
	if len(got.Parts) != 4 || string(got.Parts[0].Value) != string(first) {
		t.Errorf("the first page is %v", got.Parts)
	}
	m.must(t, "GET", "/policy/parts?limit=4&cursor="+got.Next, "", &got)
	if len(got.Parts) != 2 || got.Parts[1].Block != block.ID {
		t.Errorf("the second page is %v", got.Parts)
	}
	if response, text := m.ask(t, principal("token", access.Viewer, sidOne), "GET", "/policy/parts", ""); response.StatusCode != 403 {
		t.Errorf("one who may read one account is answered %d %s", response.StatusCode, text)
	}
}

// A policy of many accounts is kept packed.
func TestThePartsOfALargePolicyAreThoseOfASmallOne(t *testing.T) {
	var accounts strings.Builder
	for i := range 1001 {
		fmt.Fprintf(&accounts, "  - {id: AC%032d}\n", i)
	}
	m := manage(t, "national: US\naccounts:\n"+accounts.String()+"prefixes: [{block: \"+1900\", reason: premium}]\n")
	var got struct {
		Parts []struct{ Member, Place string }
	}
	m.must(t, "GET", "/policy/parts", "", &got)
	if len(got.Parts) != 2 || !strings.HasSuffix(got.Parts[0].Place, ":2:11") || !strings.HasSuffix(got.Parts[1].Place, ":1005:12") {
		t.Errorf("the parts are %+v", got.Parts)
	}
}
