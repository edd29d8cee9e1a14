package console_test

import (
	"crypto/md5"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
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
	// resource of the API that makes the object, with the method unless that is POST, and what it is
	// asked for; "hold" makes one by sends, "sid" names an account that is not
	// there, and empty is none.
	resource, body string
}{
	{"what happens now", "now/", "<h1>Now", "viewer", "", "", "", ""},
	{"why", "why/", "<h1>Why?", "viewer", "", "", "", ""},
	{"the openings", "openings/", "<h1>Openings", "viewer", "", "", "", ""},
	{"the changes", "audit/", "<h1>Audit", "viewer", "", "", "", ""},
	{"the refusals", "audit/refusals/", "<h1>Refusals", "viewer", "", "", "", ""},
	{"the proof", "audit/proof/", "<h1>Proof", "viewer", "", "", "", ""},
	{"incident mode", "now/", `now/incident"`, "admin", "", "", "", ""},
	{"to suspend an account", "now/incident", `value="suspend"`, "admin", "now/incident", "do=suspend&reason=a+test&account=" + child, "", ""},
	{"to resume an account", "now/incident", `value="resume"`, "admin", "now/incident", "do=resume&reason=a+test&account=" + child, "PUT /suspensions/" + child, `{"reason": "leaked key"}`},
	{"to block a prefix", "now/incident", `value="block"`, "admin", "now/incident", "do=block&reason=a+test&prefix=%2B1900", "", ""},
	{"to delete a rule in incident mode", "now/incident", `value="%s"`, "admin", "now/incident", "do=unblock&reason=a+test&id=%s", "/blocks", `{"block": "+1900", "reason": "premium"}`},
	{"to release a hold", "now/", `value="%s"`, "admin", "now/release", "reason=a+test&id=%s", "hold", ""},
	{"to ask for an opening", "openings/", `openings/new?"`, "admin", "openings/new", "account=" + acme + "&channel=messaging&to=CA&reason=a+test&until=" + soon(), "", ""},
	{"to approve an opening", "openings/%s", `/approve"`, "approver", "openings/%s/approve", "", "/openings", pending},
	{"to end an opening", "openings/%s", `/end"`, "admin", "openings/%s/end", "reason=a+test", "/openings", pending},
	{"the accounts", "accounts/", "<h1>Accounts", "viewer", "", "", "", ""},
	{"to create an account", "accounts/", `accounts/new/"`, "admin", "accounts/new/", "once=%s&reason=a+test&id=%s", "sid", ""},
	{"the form of a new account", "accounts/new/", `name="client_ip"`, "admin", "accounts/new/", "once=%s&reason=a+test&kind=trial&home=GB&id=%s", "sid", ""},
	{"the lists for verifications", verificationsOf, "<h1>Verifications", "viewer", "", "", "", ""},
	{"to change the lists for verifications", verificationsOf, `name="whatsapp"`, "admin", verificationsOf, "messaging=US", "", ""},
	{"the senders", "accounts/" + acme + "/senders", "<h1>Senders", "viewer", "", "", "", ""},
	{"to change a sender", "accounts/" + acme + "/senders", `name="sender"`, "admin", "accounts/" + acme + "/senders", "sender=ACME&messaging=US", "", ""},
	{"the prefix rules of an account", "accounts/" + acme + "/prefixes", "<h1>Prefix rules", "viewer", "", "", "", ""},
	{"to change a prefix rule of an account", "accounts/" + acme + "/prefixes", `name="effect"`, "admin", "accounts/" + acme + "/prefixes", "prefix=%2B1201&reason=a+test", "", ""},
	{"to put a part of an account in force", verificationsOf, `name="rcs"`, "admin", "accounts/" + acme + "/edit", `part=verifications&reason=a+test&patch={"label":"Acme"}`, "", ""},
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
	{"to change the settings by fields", "policy/settings", `name="max_call"`, "owner", "policy/settings", `step=fields&match=&stated={}&max_call=15m`, "", ""},
	{"to delete a rule", "policy/blocks/%s", `method="post"`, "admin", "policy/blocks/%s", "reason=a+test", "/blocks", `{"block": "+1900", "reason": "premium"}`},
	// The last one, as it closes what others go by.
	{"to panic", "now/incident", `value="panic"`, "owner", "now/incident", "do=panic&reason=a+test", "", ""},
}

// verificationsOf is the page of the lists for verifications.
const verificationsOf = "accounts/" + acme + "/verifications"

// pending is an opening that waits for approval.
var pending = `{"account": "` + acme + `", "channel": "voice", "class": "high_risk_special", "to": "CA", "until": "` + soon() + `", "reason": "hotline", "acknowledge_high_risk": true}`

func TestPagesOfferWhatARolePermitsAndTheServerRefusesTheRest(t *testing.T) {
	store := storeInUse(t)
	tokens := formTokens(t, store)
	g := startGateOn(t, store, team...)
	g.stated(t, "PUT", "/accounts/"+acme, `{"label": "Acme", "messaging": ["US"],
		"limits": [{"name": "block", "channel": "messaging", "amount": "2/1h", "per": ["account", "block:3"], "action": "deny", "for": "15m"}]}`)
	g.stated(t, "PUT", "/accounts/"+child, `{"label": "Acme Brazil"}`)
	site := "http://" + g.site + pages
	for _, row := range offered {
		for i, user := range users {
			t.Run(row.name+" to the role "+user.role, func(t *testing.T) {
				object := fmt.Sprintf("%s-%d", url.QueryEscape(row.name), i)
				switch row.resource {
				case "":
				case "sid":
					object = fmt.Sprintf("AC%x", md5.Sum([]byte(object)))
				case "hold":
					object = g.makeHold(t, i)
				default:
					object = g.makeObject(t, row.resource, row.body)
				}
				may := i >= slices.IndexFunc(users, func(u struct{ name, role string }) bool { return u.role == row.role })
				page := withObject(row.page, object)
				_, text := ask(t, "GET", site+page, "", header("X-User", user.name))
				if is := strings.Contains(text, withObject(row.mark, object)); is != may {
					t.Errorf("%s offers it: %v\n%s", page, is, text)
				}
				if row.path == "" {
					return
				}
				form := withObject(row.form, object) + "&token=" + tokens[user.name]
				response, text := ask(t, "POST", site+withObject(row.path, object), form, formHeader("X-User", user.name))
				if strings.Contains(text, `name="sure"`) { // whether one is sure, once one was shown what it does
					response, text = ask(t, "POST", site+withObject(row.path, object), hiddenIn(text).Encode(), formHeader("X-User", user.name))
				}
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
func formTokens(t *testing.T, store string) map[string]string {
	t.Helper()
	found := map[string]string{}
	t.Run("pages that are loaded before", func(t *testing.T) {
		g := startGateOn(t, store, "owner *")
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
	method := "POST"
	if before, after, found := strings.Cut(path, " "); found {
		method, path = before, after
	}
	var made struct{ ID string }
	if err := json.Unmarshal([]byte(g.stated(t, method, path, body)), &made); err != nil {
		t.Fatal(err)
	}
	return made.ID
}

// makeHold sends to a block of numbers, of which there are ten, until it is held, and returns the ID
// of the hold.
func (g *gate) makeHold(t *testing.T, block int) (id string) {
	t.Helper()
	for n := range 3 {
		g.send(t, acme, fmt.Sprintf("+1201555%d%03d", block, n))
	}
	harness.Await(t, "the block is held", func() bool {
		var list struct {
			Items []struct {
				ID     string
				Values map[string]string
			}
		}
		g.listed(t, "/holds", &list)
		for _, hold := range list.Items {
			for _, value := range hold.Values {
				if value == fmt.Sprintf("+1201555%dxxx", block) {
					id = hold.ID
				}
			}
		}
		return id != ""
	})
	return id
}
