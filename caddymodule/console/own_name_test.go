package console_test

import (
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// In an incident one has the id that the carrier shows: by that, no page says that there is nothing.
func TestAnAccountIsFoundByItsIDAtTheCarrier(t *testing.T) {
	g := startGate(t)
	g.stated(t, "PUT", "/accounts/initech", `{"at": {"twilio": "`+acme+`"}, "messaging": ["US"]}`)
	g.stated(t, "PUT", "/accounts/"+child, `{"messaging": ["US"]}`)
	g.stated(t, "POST", "/openings", `{"account": "initech", "channel": "messaging", "to": "CA", "until": "`+soon()+`", "reason": "a visit"}`)
	g.expectSend(t, acme, "+998901234567", 400)
	harness.Await(t, "the refusal is on record", func() bool {
		return strings.Contains(g.stated(t, "GET", "/audit/refusals", ""), "UZ")
	})
	b := openTab(t, "carol")
	for _, c := range []struct{ page, shows string }{
		{"now/?period=7d&account=", "Uzbekistan"},
		{"audit/?account=", "account.put"},
		{"audit/refusals/?account=", "UZ"},
		{"openings/?state=open&account=", "a visit"},
	} {
		at := "http://" + g.site + pages + c.page
		b.open(at + acme)
		if got := b.text("#content"); !strings.Contains(got, acme+" initech") || strings.Contains(got, c.shows) {
			t.Errorf("%s by the id at the carrier shows %s", c.page, got)
		}
		b.follow("#content > .note a")
		if got := b.text("#content"); !strings.Contains(got, c.shows) || strings.Contains(got, "The policy names") {
			t.Errorf("%s leads to %s, which shows %s", c.page, evaluate[string](b, "location.href"), got)
		}
		for _, other := range []string{child, "nothing", ""} {
			b.open(at + other)
			if got := b.text("#content"); strings.Contains(got, "The policy names") {
				t.Errorf("%s of %q shows %s", c.page, other, got)
			}
		}
	}
	b.open("http://" + g.site + pages + "accounts/" + acme + "?channel=voice")
	if got := evaluate[string](b, "location.pathname + location.search"); got != pages+"accounts/initech?channel=voice" {
		t.Errorf("the page of the account is at %s", got)
	}
	b.checkFaults()
}
