package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/access"
)

func TestSettingsHoldForAllAccounts(t *testing.T) {
	m := manage(t, "")
	if response, text := m.ask(t, owner, "GET", "/settings", ""); response.StatusCode != 200 || strings.TrimSpace(text) != "{}" || response.Header.Get("ETag") != "" {
		t.Fatalf("%d %s", response.StatusCode, text)
	}
	m.must(t, "PUT", "/settings", `{"default": {"messaging": ["US"]}}`, nil)
	var verdict struct{ Verdict, Rule string }
	m.must(t, "POST", "/judge", `{"account": "`+sidThree+`", "channel": "messaging", "to": "+12025550123"}`, &verdict)
	if verdict.Verdict != "allow" || verdict.Rule != "default messaging" {
		t.Errorf("%+v", verdict)
	}
	if response, text := m.ask(t, owner, "GET", "/settings", ""); response.Header.Get("ETag") == "" || !strings.Contains(text, `"US"`) {
		t.Errorf("%d %s", response.StatusCode, text)
	}
}

func TestSettingsAreRefused(t *testing.T) {
	m := manage(t, "national: strict\n")
	for _, c := range []struct {
		name, body string
		by         access.Principal
		status     int
		says       string
	}{
		{"by one who is not an owner", `{}`, principal("bob", access.Admin), 403, "owner"},
		{"with accounts", `{"accounts": [{"id": "acme"}]}`, owner, 422, "body.accounts"},
		{"with prefix rules", `{"prefixes": [{"block": "+49", "reason": "fraud"}]}`, owner, 422, "body.prefixes"},
		{"with an unknown territory", `{"default": {"messaging": ["UX"]}}`, owner, 422, "body.default.messaging[0]"},
		{"with a placeholder", `{"national": "{env.HOME}"}`, owner, 422, "placeholder"},
		{"that a file states, too", `{"national": "US"}`, owner, 422, "already stated in"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if response, text := m.ask(t, c.by, "PUT", "/settings", c.body); response.StatusCode != c.status || !strings.Contains(text, c.says) {
				t.Errorf("%d %s", response.StatusCode, text)
			}
		})
	}
}

func TestTheRevisionSaysWhatIsInForce(t *testing.T) {
	m := manage(t, "")
	type state struct {
		Revision       string
		Store          int64
		Since, Contact time.Time
		InForce        bool `json:"in_force"`
	}
	var before, after state
	m.must(t, "GET", "/revision", "", &before)
	m.must(t, "PUT", "/accounts/"+sidOne, `{"messaging": ["US"]}`, nil)
	m.must(t, "GET", "/revision", "", &after)
	if !after.InForce || after.Store != before.Store+1 || after.Revision == before.Revision || !after.Since.After(before.Since) || after.Contact.Before(before.Contact) {
		t.Errorf("%+v, then %+v", before, after)
	}
	if response, _ := m.ask(t, principal("carol", access.Viewer, sidTwo), "GET", "/revision", ""); response.StatusCode != http.StatusOK {
		t.Errorf("a token for one account is answered %d", response.StatusCode)
	}
	if response, _ := m.ask(t, access.Principal{}, "GET", "/revision", ""); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("a client without access is answered %d", response.StatusCode)
	}
}
