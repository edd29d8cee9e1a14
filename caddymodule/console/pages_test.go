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
	rows := evaluate[float64](b, `document.querySelectorAll("tbody tr").length`)
	if got := b.text("tbody"); rows != 1 || !strings.Contains(got, "Acme Brazil") || !strings.Contains(got, "Suspended") {
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
		if !c.HttpOnly || c.Path != pages || c.Name != "tollgate-console-"+harness.Port(g.open) {
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

func TestTerritoriesAreOpenedAndClosedBySwitches(t *testing.T) {
	g := startGate(t)
	g.stated(t, "PUT", "/accounts/"+acme, `{"label": "Acme", "messaging": ["US", "CA"], "voice": {"low_risk": ["US", "DE"]}}`)
	at := "http://" + g.site + pages + "accounts/" + acme
	b := openTab(t, "bob")
	b.open(at)
	b.shows("Nothing was sent in the last 30 days")
	for range 2 {
		g.expectSend(t, acme, "+14165550123", 201)
	}
	harness.Await(t, "what was sent is counted", func() bool {
		return strings.Contains(g.stated(t, "GET", "/traffic?by=territory", ""), `"count":2`)
	})
	b.open(at)
	if got := strings.Join(strings.Fields(b.text(`[data-words^="Canada"]`)), " "); !strings.Contains(got, "2 sent in the last 30 days") {
		t.Errorf("beside the switch of what was sent to is %q", got)
	}
	if got := b.text(`[data-words^="United States US"]`); got == "" || strings.Contains(got, "sent") {
		t.Errorf("beside the switch of what was not sent to is %q", got)
	}
	b.look(at, "account")
	b.look(at+"?channel=voice", "account voice")
	b.open(at)
	toggle := func(territory string) {
		b.do(chromedp.Click(chromedp.CSS(`[value="messaging/low_risk/` + territory + `"]`)))
	}
	toggle("GB")
	toggle("PK")
	toggle("CA")
	if got := b.text("[data-turned]"); got != "3 changes" {
		t.Errorf("the page counts %s", got)
	}
	b.withRules("preview", func() { b.follow("#territories .actions button") })
	if opens, closes := b.text("[aria-labelledby=opens] tbody"), b.text("[aria-labelledby=closes] tbody"); !strings.Contains(opens, "United Kingdom") ||
		!strings.Contains(opens, "Pakistan") || !strings.Contains(opens, "+44") || !strings.Contains(closes, "Canada") {
		t.Errorf("the change opens\n%s\nand closes\n%s", opens, closes)
	}
	if got := b.text("[aria-labelledby=closes] td.number"); got != "2" {
		t.Errorf("of what closes, the review says that %q were sent", got)
	}
	if b.has("[aria-labelledby=opens] td.number") {
		t.Error("the review counts what was sent to what opens")
	}
	b.picture("preview")
	b.do(chromedp.Click(chromedp.CSS("[name=acknowledge]")), chromedp.SendKeys(chromedp.CSS("#reason"), "launch in Lahore"))
	b.follow(".confirm button")
	if got := b.text("[role=status]"); !strings.HasPrefix(got, "In force") {
		t.Errorf("after the change, the page at %s says %q: %s", evaluate[string](b, "location.href"), got, b.text("[role=alert]"))
	}
	_, text := ask(t, "GET", "http://"+g.admin+"/tollgate/v1/accounts/"+acme, "", nil)
	if !strings.Contains(text, `"messaging":["US","GB","PK"]`) && !strings.Contains(text, `"messaging":["US","PK","GB"]`) {
		t.Errorf("the account is %s", text)
	}
	_, text = ask(t, "GET", "http://"+g.admin+"/tollgate/v1/audit/changes?limit=1", "", nil)
	if !strings.Contains(text, `"launch in Lahore"`) || !strings.Contains(text, `"bob"`) || !strings.Contains(text, `"console"`) {
		t.Errorf("the record is %s", text)
	}
	b.checkFaults()
	b.look("http://"+g.site+pages+"territories/GB", "territory")
	if got := b.text("main"); !strings.Contains(got, "+44") || !strings.Contains(got, "Special numbers") || !strings.Contains(got, "+4484") {
		t.Errorf("the page of a territory shows %s", got)
	}
}
