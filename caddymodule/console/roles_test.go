package console_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// users have a role each, from the one that may least to the one that may all.
var users = []struct{ name, role string }{{"carol", "viewer"}, {"dave", "approver"}, {"bob", "admin"}, {"alice", "owner"}}

// offered are what pages offer, and to which role at least.
var offered = []struct {
	name string
	// page on which it is offered; %s is the object that it is about.
	page string
	// mark is in the page if it is offered.
	mark string
	// role that may do it, the least.
	role string
	// path and form by which it is done; %s is the object.
	path, form string
	// resource of the API that makes the object, and what it is asked for; empty is none.
	resource, body string
}{
	{"the accounts", "accounts/", "<h1>Accounts", "viewer", "", "", "", ""},
	{"the keys", "keys/", "<h1>Keys", "viewer", "", "", "", ""},
	{"the tokens", "keys/tokens/", "<h1>Tokens", "viewer", "", "", "", ""},
	{"the policy", "policy/", "<h1>Policy", "viewer", "", "", "", ""},
	{"to issue a key", "keys/", `keys/new"`, "admin", "keys/new", "once=%s&account=" + acme, "", ""},
	{"the form of a new key", "keys/new", `name="senders"`, "admin", "keys/new", "once=%s&account=" + acme, "", ""},
	{"to revoke a key", "keys/%s", `method="post"`, "admin", "keys/%s", "reason=a+test", "/keys", `{"account": "` + acme + `"}`},
	{"to create a token", "keys/tokens/", `tokens/new"`, "owner", "keys/tokens/new", "once=%s&name=a&role=viewer&expires=" + soon(), "", ""},
	{"the form of a new token", "keys/tokens/new", `name="role"`, "owner", "keys/tokens/new", "once=%s&name=a&role=viewer&expires=" + soon(), "", ""},
	{"to revoke a token", "keys/tokens/%s", `method="post"`, "owner", "keys/tokens/%s", "reason=a+test", "/tokens", `{"name": "a", "role": "viewer", "expires": "` + soon() + `"}`},
	{"to change the settings", "policy/settings", `method="post"`, "owner", "policy/settings", `step=commit&reason=a+test&match=&document={"national":"US"}`, "", ""},
	{"to delete a rule", "policy/blocks/%s", `method="post"`, "admin", "policy/blocks/%s", "reason=a+test", "/blocks", `{"block": "+1900", "reason": "premium"}`},
}

func TestPagesOfferWhatARolePermitsAndTheServerRefusesTheRest(t *testing.T) {
	tokens := formTokens(t)
	g := startGate(t)
	g.stated(t, "PUT", "/accounts/"+acme, `{"label": "Acme"}`)
	site := "http://" + g.site + pages
	for _, row := range offered {
		for i, user := range users {
			t.Run(row.name+" to the role "+user.role, func(t *testing.T) {
				object := fmt.Sprintf("%s-%d", url.QueryEscape(row.name), i)
				if row.resource != "" {
					object = g.makeObject(t, row.resource, row.body)
				}
				may := i >= slices.IndexFunc(users, func(u struct{ name, role string }) bool { return u.role == row.role })
				page := withObject(row.page, object)
				_, text := ask(t, "GET", site+page, "", header("X-User", user.name))
				if is := strings.Contains(text, row.mark); is != may {
					t.Errorf("%s offers it: %v\n%s", page, is, text)
				}
				if row.path == "" {
					return
				}
				form := withObject(row.form, object) + "&token=" + tokens[user.name]
				response, text := ask(t, "POST", site+withObject(row.path, object), form, formHeader("X-User", user.name))
				if done := response.StatusCode == 303 || response.StatusCode == 200; done != may {
					t.Errorf("the form is answered %d\n%s", response.StatusCode, text)
				}
				if !may && (response.StatusCode != 403 || !strings.Contains(text, "needs the role "+row.role)) {
					t.Errorf("the form is answered %d\n%s", response.StatusCode, text)
				}
			})
		}
	}
}

// withObject puts the object where a text has a place for it.
func withObject(text, object string) string { return strings.ReplaceAll(text, "%s", object) }

// formTokens are the tokens of the forms of all users, by their names: as of a page that each loaded
// before the role was taken away.
func formTokens(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	t.Run("pages that are loaded before", func(t *testing.T) {
		g := startGateOf(t, "owner *")
		for _, user := range users {
			_, text := ask(t, "GET", "http://"+g.site+pages+"keys/new", "", header("X-User", user.name))
			found[user.name] = tokenIn(t, text)
		}
	})
	return found
}

// makeObject asks the management API for an object, and returns its ID.
func (g *gate) makeObject(t *testing.T, path, body string) string {
	t.Helper()
	var made struct{ ID string }
	if err := json.Unmarshal([]byte(g.stated(t, "POST", path, body)), &made); err != nil {
		t.Fatal(err)
	}
	return made.ID
}
