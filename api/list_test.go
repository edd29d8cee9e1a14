package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/access"
)

// page has what tests read of a list.
type page struct {
	Accounts []struct {
		ID, Label, Parent, Stated string
		Revision                  int
		Suspended                 bool
	}
	Next string
}

func (p *page) ids() (ids []string) {
	for _, a := range p.Accounts {
		ids = append(ids, a.ID)
	}
	return ids
}

// sid is an id of an account at the carrier.
func sid(n int) string { return fmt.Sprintf("AC%032d", n) }

// fiveAccounts are one of a file and four of the store.
func fiveAccounts(t *testing.T) *managed {
	m := manage(t, "accounts:\n  - {id: filed, at: {twilio: "+sid(9)+"}, label: Filed, messaging: [GB]}\n")
	m.must(t, "PUT", "/accounts/acme", `{"label": "Acme Ltd", "at": {"twilio": "`+sidOne+`"}, "messaging": ["US"]}`, nil)
	m.must(t, "PUT", "/accounts/acme-calls", `{"parent": "`+sidOne+`", "at": {"twilio": "`+sid(2)+`"}, "voice": {"high_risk_special": ["FR"]}}`, nil)
	m.must(t, "PUT", "/accounts/beta", `{"suspended": true, "at": {"twilio": "`+sid(3)+`"}, "messaging": ["US"]}`, nil)
	m.must(t, "PUT", "/accounts/beta-sub", `{"parent": "beta", "at": {"twilio": "`+sid(4)+`"}}`, nil)
	return m
}

func TestAccountsAreListedByFilters(t *testing.T) {
	m := fiveAccounts(t)
	for _, c := range []struct{ name, query, want string }{
		{"all", "", "acme acme-calls beta beta-sub filed"},
		{"by a part of the label", "contains=ltd", "acme"},
		{"by a part of the id", "contains=BETA", "beta beta-sub"},
		{"subaccounts", "parent=beta", "beta-sub"},
		{"subaccounts of an id at a carrier", "parent=" + sidOne, "acme-calls"},
		{"those that are suspended, or whose parent is", "suspended=true", "beta beta-sub"},
		{"those that are not", "suspended=false", "acme acme-calls filed"},
		{"those of files", "stated=file", "filed"},
		{"those of the store", "stated=store", "acme acme-calls beta beta-sub"},
		{"those that reach a territory", "territory=us&channel=messaging", "acme acme-calls"},
		{"those that reach it in some class", "territory=FR&channel=voice", "acme-calls"},
		{"several filters at once", "stated=store&contains=acme&territory=US&channel=messaging", "acme acme-calls"},
		{"none", "contains=nothing", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got page
			m.must(t, "GET", "/accounts?"+c.query, "", &got)
			if ids := strings.Join(got.ids(), " "); ids != c.want || got.Next != "" || got.Accounts == nil {
				t.Errorf("%s, want %s; next %q", ids, c.want, got.Next)
			}
		})
	}
}

func TestAListSaysWhereAccountsAreStated(t *testing.T) {
	m := fiveAccounts(t)
	var got page
	m.must(t, "GET", "/accounts", "", &got)
	acme, calls, filed := got.Accounts[0], got.Accounts[1], got.Accounts[4]
	if acme.Label != "Acme Ltd" || acme.Stated != "store" || acme.Revision != 1 || calls.Parent != "acme" || calls.Revision != 2 {
		t.Errorf("%+v, %+v", acme, calls)
	}
	if filed.Stated != "file" || filed.Revision != 0 {
		t.Errorf("%+v", filed)
	}
	var account struct{ Messaging []string }
	response := m.must(t, "GET", "/accounts/filed", "", &account)
	if response.Header.Get("Tollgate-Stated") != "file" || !strings.HasSuffix(response.Header.Get("Tollgate-Stated-At"), "policy.yaml:3:5") ||
		response.Header.Get("ETag") != "" || !slices.Equal(account.Messaging, []string{"GB"}) {
		t.Errorf("%v %+v", response.Header, account)
	}
	for _, method := range []string{"PUT", "PATCH", "DELETE"} {
		body := "{}"
		if method == "DELETE" {
			body = ""
		}
		if response, text := m.ask(t, owner, method, "/accounts/filed", body); response.StatusCode != 409 || !strings.Contains(text, "policy.yaml:3:5") {
			t.Errorf("%s: %d %s", method, response.StatusCode, text)
		}
	}
}

func TestPagesHaveEveryAccountOnceWhateverChanges(t *testing.T) {
	m := manage(t, "")
	var want, got []string
	for i := range 10 {
		id := fmt.Sprintf("account-%02d", i)
		m.must(t, "PUT", "/accounts/"+id, `{"at": {"twilio": "`+sid(i)+`"}}`, nil)
		want = append(want, id)
	}
	cursor := ""
	for range len(want) {
		var p page
		m.must(t, "GET", "/accounts?limit=3&cursor="+cursor, "", &p)
		got = append(got, p.ids()...)
		if cursor = p.Next; cursor == "" {
			break
		}
		// The last of the page goes, and one before it comes.
		m.must(t, "DELETE", "/accounts/"+got[len(got)-1], "", nil)
		m.must(t, "PUT", "/accounts/"+fmt.Sprintf("a-%d", len(got)), `{"at": {"twilio": "`+sid(100+len(got))+`"}}`, nil)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestAListIsRefused(t *testing.T) {
	m := fiveAccounts(t)
	for _, c := range []struct{ name, query, says string }{
		{"with a territory and no channel", "territory=US", "go together"},
		{"with an unknown territory", "territory=UX&channel=voice", "UX"},
		{"with an unknown channel", "territory=US&channel=fax", "fax"},
		{"with a page that is too long", "limit=1001", "limit"},
		{"with a page of none", "limit=0", "limit"},
		{"with another cursor", "cursor=***", "cursor"},
		{"with an unknown place", "stated=paper", "stated"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if response, text := m.ask(t, owner, "GET", "/accounts?"+c.query, ""); response.StatusCode != 422 || !strings.Contains(text, c.says) {
				t.Errorf("%d %s", response.StatusCode, text)
			}
		})
	}
}

func TestOneWhoIsLimitedToAccountsListsThose(t *testing.T) {
	m := fiveAccounts(t)
	for _, c := range []struct {
		by   access.Principal
		want string
	}{
		{principal("carol", access.Viewer, "beta", "unknown"), "beta"},
		{principal("dave", access.Viewer), "acme acme-calls beta beta-sub filed"},
	} {
		_, text := m.ask(t, c.by, "GET", "/accounts", "")
		for _, id := range strings.Fields("acme acme-calls beta beta-sub filed") {
			if listed := strings.Contains(text, `"id":"`+id+`"`); listed != slices.Contains(strings.Fields(c.want), id) {
				t.Errorf("%s: %s is listed: %v", c.by.Identity, id, listed)
			}
		}
	}
	if response, _ := m.ask(t, access.Principal{}, "GET", "/accounts", ""); response.StatusCode != 401 {
		t.Errorf("one without access is answered %d", response.StatusCode)
	}
}
