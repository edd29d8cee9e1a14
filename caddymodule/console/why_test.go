package console_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// withoutScripts makes a tab one without JavaScript, from the next page on.
func (b *tab) withoutScripts() {
	b.t.Helper()
	command(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
}

func TestWhyShowsTheWayToTheVerdictAndLeadsToTheRule(t *testing.T) {
	g := startGate(t)
	g.stated(t, "PUT", "/settings", `{"limits": [{"name": "many", "amount": "4/1h", "per": ["account"]}]}`)
	g.stated(t, "PUT", "/accounts/"+acme, `{"label": "Acme <b>", "messaging": ["US", "GB"]}`)
	g.stated(t, "PUT", "/accounts/"+child, `{"label": "Acme Brazil", "parent": "`+acme+`"}`)
	g.stated(t, "POST", "/blocks", `{"block": "+44701", "reason": "personal numbers"}`)
	g.expectSend(t, acme, "+12025550123", 201)
	at := "http://" + g.site + pages + "why/"

	for _, user := range []string{"carol", "alice"} {
		b := openTab(t, user)
		b.withoutScripts()
		b.open(at)
		b.do(chromedp.SendKeys(chromedp.CSS("#to"), "+447012345678"), chromedp.SendKeys(chromedp.CSS("#account"), child))
		b.follow("main form button")
		if got := b.text("main"); !strings.Contains(got, "Denied") || !strings.Contains(got, "prefix_blocked · twilio error 21408") || !strings.Contains(got, `blocks +44701 "personal numbers"`) {
			t.Errorf("%s is shown %s", user, got)
		}
		b.follow(".verdict p a")
		b.shows("Prefix rule over all accounts", "+44701", "personal numbers")
		fromWhy := evaluate[string](b, "location.href")
		b.open("http://" + g.site + pages + "policy/")
		b.follow(`a[href*="/blocks/"]`)
		if got := evaluate[string](b, "location.href"); got != fromWhy {
			t.Errorf("the policy leads to %s, and the verdict to %s", got, fromWhy)
		}
		if user == "alice" {
			b.open("http://" + g.site + pages + "now/incident")
			b.follow(`a[href*="/blocks/"]`)
			if got := evaluate[string](b, "location.href"); got != fromWhy {
				t.Errorf("incident mode leads to %s, and the verdict to %s", got, fromWhy)
			}
		}
	}

	b := openTab(t, "carol")
	link := func(account, to, more string) string {
		return at + "?" + url.Values{"account": {account}, "channel": {"messaging"}, "to": {to}}.Encode() + more
	}
	for _, c := range []struct{ says, url, selector, want string }{
		{"how full a limit is", link(acme, "+12025550123", ""), ".fill", "1 of 4 used"},
		{"the account that decides, with what is in its label", link(acme, "+998901234567", ""), ".verdict", `"Acme <b>" states messaging: GB US`},
		{"the parent whose set it is", link(child, "+12025550123", ""), ".verdict", "parent " + acme},
		{"where a file states it", link(inFile, "+998901234567", ""), ".decides", "the configuration of the gate"},
		{"that a number is made up in part", link(acme, "+998901234000", "&masked=true"), ".note", "not on record"},
		{"that the policy is that of now", link(acme, "+12025550123", "&at=2026-01-01T00:00:00Z"), "main", "in force now"},
		{"what is wrong with a question", link("nonsense", "+12025550123", ""), ".problem", "not in the policy"},
	} {
		b.open(c.url)
		if got := b.text(c.selector); !strings.Contains(got, c.want) {
			t.Errorf("%s: %s", c.says, got)
		}
	}
	b.checkFaults()
	b.look(link(child, "+447012345678", ""), "why denied")
	b.look(link(acme, "+12025550123", ""), "why allowed")
}
