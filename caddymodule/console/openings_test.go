package console_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// write writes into the fields of a form, by their ids, in place of what is there.
func (b *tab) write(fields ...string) {
	b.t.Helper()
	for i := 0; i+1 < len(fields); i += 2 {
		field := chromedp.CSS("#" + fields[i])
		b.do(chromedp.Clear(field), chromedp.SendKeys(field, fields[i+1]))
	}
}

// shows fails unless the page has texts.
func (b *tab) shows(texts ...string) {
	b.t.Helper()
	got := b.text("main")
	for _, text := range texts {
		if !strings.Contains(got, text) {
			b.t.Errorf("the page has no %q:\n%s", text, got)
		}
	}
}

// has reports whether the page has an element.
func (b *tab) has(selector string) bool {
	b.t.Helper()
	return evaluate[bool](b, `document.querySelector("`+selector+`") !== null`)
}

func TestAnOpeningIsAskedForApprovedBySomeoneElseAndEnded(t *testing.T) {
	g := startGate(t)
	g.stated(t, "PUT", "/accounts/"+acme, `{"label": "Acme", "messaging": ["US"]}`)
	at := "http://" + g.site + pages + "openings/"

	bob := openTab(t, "bob")
	bob.withoutScripts()
	bob.open(at)
	bob.shows("no openings like that")
	bob.follow(".head a")
	bob.write("account", acme, "to", "Pakistann", "reason", "launch in Lahore", "ticket", "OPS-901")
	bob.follow("main form button")
	bob.shows("unknown territory")
	bob.write("to", "PK")
	bob.follow("main form button")
	bob.shows("acknowledge_high_risk: must be true")
	bob.do(chromedp.Click(chromedp.CSS("#acknowledged")))
	bob.follow("main form button")
	bob.shows("Waits for approval", "high risk", "launch in Lahore", "OPS-901", "0 of 1", "You cannot approve it", "someone else must approve it")
	if bob.has("form[action$=approve]") {
		t.Error("who asked for it is offered to approve it")
	}
	this := evaluate[string](bob, "location.href")

	carol := openTab(t, "carol")
	carol.open(this)
	carol.shows("Waits for approval")
	if carol.has("main form") {
		t.Error("a viewer is offered to change it")
	}
	carol.open(at)
	if carol.has(".head a") {
		t.Error("a viewer is offered to ask for one")
	}
	tokenOf := func(user, path string) string {
		_, text := ask(t, "GET", path, "", header("X-User", user))
		return tokenIn(t, text)
	}
	daves := tokenOf("dave", this) // an approver is offered to approve
	asked := url.Values{"account": {acme}, "channel": {"messaging"}, "to": {"CA"}, "until": {soon()}, "reason": {"mine"}, "token": {daves}}.Encode()
	for _, c := range []struct{ says, user, path, form, shows string }{
		{"a viewer has no form", "carol", this + "/approve", "token=x", "Load it again"},
		{"an approver ends nothing", "dave", this + "/end", "reason=mine&token=" + daves, "needs the role admin"},
		{"an approver asks for nothing", "dave", at + "new", asked, "needs the role admin"},
		{"nothing is ended without a reason", "alice", this + "/end", "token=" + tokenOf("alice", this), "reason"},
		{"what has changed is not approved", "alice", this + "/approve", "tag=%2299%22&token=" + tokenOf("alice", this), "read it again"},
		{"no one approves their own", "bob", this + "/approve", "token=" + tokenOf("bob", this), "someone else must approve it"},
	} {
		response, text := ask(t, "POST", c.path, c.form, formHeader("X-User", c.user))
		if response.StatusCode < 400 || !strings.Contains(text, c.shows) {
			t.Errorf("%s: is answered %d %s", c.says, response.StatusCode, text)
		}
	}

	openTab(t, "alice").look(this, "opening pending")
	alice := openTab(t, "alice")
	alice.withoutScripts()
	alice.open(this)
	alice.follow("form[action$=approve] button")
	alice.shows("Open", "1 of 1", "alice")
	g.expectSend(t, acme, "+923012345678", 201)
	alice.open("http://" + g.site + pages + "why/?" + url.Values{"account": {acme}, "channel": {"messaging"}, "to": {"+923012345678"}}.Encode())
	alice.follow(".verdict p a")
	if got := evaluate[string](alice, "location.href"); got != this {
		t.Errorf("the verdict leads to %s", got)
	}
	alice.write("reason", "launched")
	alice.follow("form[action$=end] button")
	alice.shows("Ended", "alice")
	g.expectSend(t, acme, "+923012345678", 400)
	if alice.has("form[action$=end]") {
		t.Error("what is over can be ended")
	}
	g.stated(t, "POST", "/openings", `{"account": "`+acme+`", "channel": "voice", "class": "high_risk_special", "to": "CA", "until": "`+soon()+`", "reason": "hotline", "acknowledge_high_risk": true}`)
	alice.checkFaults()
	openTab(t, "bob").look(at, "openings")
	openTab(t, "bob").look(at+"new?account="+acme, "opening request")
}
