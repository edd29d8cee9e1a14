package console_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

func TestAccountsAreFoundAndOpened(t *testing.T) {
	g := startGate(t)
	g.stated(t, "PUT", "/accounts/"+acme, `{"label": "Acme <script>alert(1)</script>", "messaging": ["US", "CA"]}`)
	g.stated(t, "PUT", "/accounts/"+child, `{"label": "Acme Brazil", "parent": "`+acme+`"}`)
	g.stated(t, "PUT", "/suspensions/"+child, `{"reason": "leaked key"}`)

	b := openTab(t, "carol")
	b.open("http://" + g.site + pages + "accounts/")
	if got := b.text("tbody"); !strings.Contains(got, "Acme <script>alert(1)</script>") || !strings.Contains(got, "Stated in a file") {
		t.Errorf("the list shows %s", got)
	}
	b.press("/")
	b.do(chromedp.KeyEvent("brazil"))
	if _, err := chromedp.RunResponse(b, chromedp.KeyEvent(kb.Enter)); err != nil {
		t.Fatal(err)
	}
	if got := b.text("tbody"); !strings.Contains(got, "Acme Brazil") || strings.Contains(got, "script") || !strings.Contains(got, "Suspended") {
		t.Errorf("the list that is searched, at %s, shows %s", evaluate[string](b, "location.href"), got)
	}
	b.press("?")
	if evaluate[bool](b, `document.getElementById("shortcuts").open`) != true {
		t.Error("? does not show the keyboard")
	}
	b.checkFaults()
	b.look("http://"+g.site+pages+"accounts/", "accounts")
}

func TestAPageThatIsNotThereAndOneThatIsNotPermittedSaySo(t *testing.T) {
	g := startGate(t)
	b := openTab(t, "carol")
	b.open("http://" + g.site + pages + "nothing/here")
	if got := b.text("h1"); got != "Not found" {
		t.Errorf("the page says %s", got)
	}
	b.look("http://"+g.site+pages+"nothing", "error")
}

// linkOf asks the admin endpoint for a link, as the command does.
func linkOf(t *testing.T, g *gate) string {
	t.Helper()
	response, text := ask(t, "POST", "http://"+g.admin+"/tollgate/console/link", "{}", http.Header{"Content-Type": {"application/json"}})
	var made struct{ Links []string }
	if err := json.Unmarshal([]byte(text), &made); err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("asking for a link: %d %s", response.StatusCode, text)
	}
	for _, link := range made.Links {
		if strings.HasPrefix(link, "http://"+g.open+"/") {
			return link
		}
	}
	t.Fatalf("there is no link to %s in %s", g.open, text)
	return ""
}

func TestTheOperatorOfTheMachineSignsInOnceByALinkAndOutAgain(t *testing.T) {
	g := startGate(t)
	g.stated(t, "PUT", "/accounts/"+acme, `{"label": "Acme"}`)
	link := linkOf(t, g)
	b := openTab(t, "")
	b.look("http://"+g.open+pages, "sign in")
	if got := b.text("h1"); got != "Sign in" {
		t.Errorf("a client that is not known is shown %s", got)
	}
	b.open(link) // only to look at it does not use it up
	b.look(link, "link")
	b.follow("main button")
	if got := b.text(".identity"); !strings.Contains(got, "console link") || !strings.Contains(got, "owner") {
		t.Errorf("the session is that of %s", got)
	}
	for _, c := range b.cookies() {
		if !c.HttpOnly || c.Path != pages || c.Name != "tollgate-console" {
			t.Errorf("the cookie is %v", c)
		}
	}
	other := openTab(t, "")
	other.open(link)
	other.follow("main button")
	if got := other.text("[role=alert]"); !strings.Contains(got, "used before") {
		t.Errorf("the link that was used is answered with %s", got)
	}
	b.follow(".identity button")
	b.open("http://" + g.open + pages + "accounts/")
	if got := b.text("h1"); got != "Sign in" {
		t.Errorf("after signing out, the client is shown %s", got)
	}
	harness.Await(t, "the cookie is gone", func() bool { return len(b.cookies()) == 0 })
	b.checkFaults()
}
