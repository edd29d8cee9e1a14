package api_test

import (
	"net/http"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/access"
)

// least is the smallest role that each request needs, and whether a token for its account is
// enough.
var least = []struct {
	method, path, body string
	role               access.Role
	ofOneAccount       bool
}{
	{"GET", "/accounts", "", access.Viewer, true},
	{"GET", "/accounts/acme", "", access.Viewer, true},
	{"PUT", "/accounts/acme", `{"at": {"twilio": "` + sidOne + `"}}`, access.Admin, true},
	{"PATCH", "/accounts/acme", `{"label": "Acme"}`, access.Admin, true},
	{"POST", "/accounts/acme/territories/add", `{"channel": "messaging", "territories": ["US"]}`, access.Admin, true},
	{"POST", "/accounts/acme/territories/remove", `{"channel": "messaging", "territories": ["US"]}`, access.Admin, true},
	{"POST", "/accounts/acme/territories/replace", `{"channel": "messaging", "territories": ["US"]}`, access.Admin, true},
	{"DELETE", "/accounts/acme", "", access.Admin, true},
	{"GET", "/settings", "", access.Viewer, false},
	{"PUT", "/settings", `{}`, access.Owner, false},
	{"GET", "/revision", "", access.Viewer, true},
	{"GET", "/effective?account=acme&channel=voice", "", access.Viewer, true},
	{"POST", "/judge", `{"account": "acme", "channel": "voice", "to": "+12025550123"}`, access.Viewer, true},
	{"POST", "/conversions", `{"account": "acme", "number": "+12025550123"}`, access.Admin, true},
	{"GET", "/policy", "", access.Viewer, false},
	{"POST", "/policy/push?dry_run=true", `{"version": 1}`, access.Admin, false},
	{"GET", "/tokens", "", access.Viewer, false},
	{"GET", "/keys?account=acme", "", access.Viewer, true},
	{"GET", "/openings?account=acme", "", access.Viewer, true},
	{"GET", "/suspensions", "", access.Viewer, false},
	{"GET", "/blocks", "", access.Viewer, false},
	{"GET", "/holds?account=acme", "", access.Viewer, true},
	{"GET", "/holds", "", access.Viewer, false},
	{"GET", "/audit/changes?account=acme", "", access.Viewer, true},
	{"GET", "/audit/refusals?account=acme", "", access.Viewer, true},
	{"GET", "/audit/report?account=acme&by=territory", "", access.Viewer, true},
	{"GET", "/audit/changes", "", access.Viewer, false},
	{"POST", "/audit/forget", `{"account": "acme"}`, access.Owner, false},
}

func TestEveryRequestNeedsARole(t *testing.T) {
	m := manage(t, "")
	account := `{"at": {"twilio": "` + sidOne + `"}, "messaging": ["US"]}`
	for _, c := range least {
		t.Run(c.method+" "+c.path, func(t *testing.T) {
			ask := func(by access.Principal) int {
				m.must(t, "PUT", "/accounts/acme", account, nil)
				response, _ := m.ask(t, by, c.method, c.path, c.body)
				return response.StatusCode
			}
			if status := ask(access.Principal{}); status != http.StatusUnauthorized {
				t.Errorf("one without access is answered %d", status)
			}
			for _, role := range access.Roles {
				want := http.StatusForbidden
				if role >= c.role {
					want = http.StatusOK
				}
				if status := ask(principal("bob", role)); status != want && !(want == http.StatusOK && status == http.StatusCreated) {
					t.Errorf("the role %s is answered %d, want %d", role, status, want)
				}
			}
			if status := ask(principal("carol", access.Owner, "acme")); (status < 300) != c.ofOneAccount {
				t.Errorf("an owner of the account is answered %d", status)
			}
			if status := ask(principal("dave", access.Owner, "other")); status != http.StatusForbidden && c.path != "/accounts" && c.path != "/revision" {
				t.Errorf("an owner of another account is answered %d", status)
			}
		})
	}
}

func FuzzTheBodyOfAPatch(f *testing.F) {
	for _, body := range []string{`{}`, `{"label": null}`, `{"voice": {"low_risk": ["US"]}}`, `{"messaging": ["UX"]}`, `[]`, `{"a": {"b": 1, "b": 2}}`, `{"id": 1e999}`, "{\"label\": \"\xff\"}"} {
		f.Add(body)
	}
	m := manage(f, "")
	f.Fuzz(func(t *testing.T, body string) {
		m.must(t, "PUT", "/accounts/"+sidOne, `{"label": "Acme", "messaging": ["US"]}`, nil)
		response, text := m.ask(t, owner, "PATCH", "/accounts/"+sidOne, body)
		if response.StatusCode >= 500 {
			t.Fatalf("%d %s", response.StatusCode, text)
		}
		// What is kept can be read, and stated again as it is.
		_, document := m.ask(t, owner, "GET", "/accounts/"+sidOne, "")
		var again difference
		m.must(t, "PUT", "/accounts/"+sidOne, document, &again)
		if again.Changed {
			t.Errorf("%s changes by being stated again", document)
		}
	})
}
