package gate_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/policy"
)

// perUser lets each user that a header names send once.
var perUser = policy.Limit{Name: "l", Amount: 1, Window: time.Minute, Per: []policy.Dimension{{By: policy.ByHeader, Header: "X-User-Id"}}}

func TestUsersAreCountedByTheHeaderThatNamesThem(t *testing.T) {
	const other = "AC22222222222222222222222222222222"
	long := strings.Repeat("a", 257)
	for _, c := range []struct {
		name          string
		first, second []string
		account       string // of the second
		outcome       policy.Outcome
	}{
		{"one user", []string{"7"}, []string{"7"}, benchAccount, policy.Deny},
		{"of another account, which no dimension tells apart", []string{"7"}, []string{"7"}, other, policy.Deny},
		{"two users", []string{"7"}, []string{"8"}, benchAccount, policy.Allow},
		{"users in another letter case", []string{"a"}, []string{"A"}, benchAccount, policy.Allow},
		{"the longest ids", []string{long[:256]}, []string{long[:255] + "b"}, benchAccount, policy.Allow},
		{"none", nil, nil, benchAccount, policy.Deny},
		{"none, of another account", nil, nil, other, policy.Allow},
		{"none and a user with the account's id", nil, []string{benchAccount}, benchAccount, policy.Allow},
		{"none and an empty one", nil, []string{""}, benchAccount, policy.Deny},
		{"none and two", nil, []string{"7", "8"}, benchAccount, policy.Deny},
		{"none and the same twice", nil, []string{"7", "7"}, benchAccount, policy.Deny},
		{"none and one that is too long", nil, []string{long}, benchAccount, policy.Deny},
	} {
		g := limitedGate(t, perUser)
		of := func(account string, ids []string) *http.Request {
			r := bulk("SMS", "+12015550101")
			r.SetBasicAuth(account, "secret")
			r.Header["X-User-Id"] = ids
			return r
		}
		g.Judge(of(benchAccount, c.first))
		if d := g.Judge(of(c.account, c.second)); d.Outcome != c.outcome {
			t.Errorf("%s: %s %s", c.name, d.Outcome, d.Reason)
		}
	}
}

// A question without the header says nothing of how full the limit is.
func TestExplainTellsUsersApartByTheHeaderOfTheQuestion(t *testing.T) {
	g := limitedGate(t, perUser)
	r := bulk("SMS", "+12015550101")
	r.Header.Set("X-User-Id", "7")
	g.Judge(r)
	for _, c := range []struct {
		header  http.Header
		outcome policy.Outcome
		says    string
	}{
		{nil, policy.Allow, "limit l allows 1 send within 1m per header:X-User-Id"},
		{http.Header{"X-User-Id": {"7"}}, policy.Deny, "limit l allows 1 send within 1m per header:X-User-Id, of which 1 is used"},
		{http.Header{"X-User-Id": {"8"}}, policy.Allow, "limit l allows 1 send within 1m per header:X-User-Id, of which 0 are used"},
	} {
		e := g.Explain(&gate.Question{Account: benchAccount, To: "+12015550101", Header: c.header})
		if last := e.Steps[len(e.Steps)-1]; e.Outcome != c.outcome || last.Text != c.says {
			t.Errorf("%v: %s, %q", c.header, e.Outcome, last.Text)
		}
	}
}
