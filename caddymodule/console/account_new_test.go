package console_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

func TestAnAccountIsCreatedAndItsPageIsShown(t *testing.T) {
	g := startGate(t)
	b := openTab(t, "bob")
	b.open("http://" + g.site + pages + "accounts/")
	b.follow(".heading a")
	b.enter("id", "globex")
	b.enter("at-twilio", acme)
	b.enter("label", "Globex")
	b.enter("parent", inFile)
	b.enter("reason", "signed up")
	b.follow("main form button")
	if got := b.text("h1"); got != "Globex globex" {
		t.Fatalf("one is led to %s: %s", got, b.text("main"))
	}
	if got := b.text("main"); !strings.Contains(got, "Inherited from the parent") {
		t.Errorf("its page says %s", got)
	}
	if stated := strings.TrimSpace(g.stated(t, "GET", "/accounts/globex", "")); stated != `{"id":"globex","at":{"twilio":"`+acme+`"},"label":"Globex","parent":"`+inFile+`"}` {
		t.Errorf("the account is %s", stated)
	}
	if record := g.stated(t, "GET", "/audit/changes?action=account.put", ""); !strings.Contains(record, `"signed up"`) || !strings.Contains(record, `"console"`) {
		t.Errorf("on record is %s", record)
	}
	b.checkFaults()
	b.look("http://"+g.site+pages+"accounts/new/", "account new")
	b.enter("id", "globex")
	b.enter("reason", "again")
	b.follow("main form button")
	if got := b.text("[role=alert]"); !strings.Contains(got, "There is an account globex already") {
		t.Errorf("of an account that exists it says %s", b.text("main"))
	}
	b.do(chromedp.Navigate("http://" + g.site + pages + "accounts/new"))
	if got := b.text("h1"); got != "Not found" {
		t.Errorf("the page of an account that is called new, and that is not there, is %s", got)
	}
}

// sidOf is the SID of an account that no other test has.
func sidOf(n int) string { return fmt.Sprintf("AC%032x", n) }

func TestTheFormOfANewAccountSaysWhatIsWrongAndKeepsWhatIsInIt(t *testing.T) {
	g := startGate(t)
	_, page := ask(t, "GET", "http://"+g.site+pages+"accounts/new/", "", header("X-User", "bob"))
	token := tokenIn(t, page)
	for _, test := range []struct {
		name   string
		fields url.Values
		status int
		shows  string // or what the account states
	}{
		{"an account at home", url.Values{"id": {sidOf(1)}, "home": {"GB"}}, 303, `"home":"GB"`},
		{"a trial account by the address of its client", url.Values{"id": {sidOf(2)}, "kind": {"trial"}, "client_ip": {"81.2.69.142"}, "verified": {"+447400123456, +447400123457"}}, 303,
			`"home":"GB","trial":["+447400123456","+447400123457"]`},
		{"an account without a reason", url.Values{"id": {"x"}, "reason": {""}}, 422, "Say why"},
		{"an account without a name", url.Values{"label": {"Globex"}}, 422, "Write the name"},
		{"an account of a file", url.Values{"id": {inFile}}, 409, "a file"},
		{"a trial account that exists", url.Values{"id": {sidOf(2)}, "kind": {"trial"}, "home": {"GB"}}, 409, "exists already"},
		{"an account without a trial, and with an address", url.Values{"id": {"x"}, "client_ip": {"81.2.69.142"}}, 422, "for a trial account"},
		{"a trial account without a home", url.Values{"id": {"x"}, "kind": {"trial"}}, 422, "the address of the client is missing"},
		{"a parent that is not there", url.Values{"id": {"x"}, "parent": {"nothing"}}, 422, "nothing"},
		{"a home of high risk", url.Values{"id": {sidOf(4)}, "home": {"PK"}}, 422, "high risk"},
		{"a home of high risk that is known", url.Values{"id": {sidOf(3)}, "home": {"PK"}, "acknowledged": {"true"}}, 303, `"home":"PK"`},
		{"a SID at the carrier that is none", url.Values{"id": {"x"}, "at-twilio": {"12"}}, 422, "12"},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.fields.Set("token", token)
			test.fields.Set("once", t.Name())
			if !test.fields.Has("reason") {
				test.fields.Set("reason", "signed up")
			}
			response, text := ask(t, "POST", "http://"+g.site+pages+"accounts/new/", test.fields.Encode(), formHeader("X-User", "bob"))
			if response.StatusCode != test.status {
				t.Fatalf("it is answered %d %s", response.StatusCode, text)
			}
			if test.status == 303 {
				id := test.fields.Get("id")
				if at := response.Header.Get("Location"); at != pages+"accounts/"+id {
					t.Errorf("one is led to %s", at)
				}
				text = g.stated(t, "GET", "/accounts/"+id, "")
			} else if !strings.Contains(text, `value="`+test.fields.Get("id")+`"`) {
				t.Errorf("what was in the form is lost: %s", text)
			}
			if !strings.Contains(text, test.shows) {
				t.Errorf("without %s: %s", test.shows, text)
			}
		})
	}
}
