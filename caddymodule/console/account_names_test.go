package console_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

func TestAFieldForAnAccountTakesItsLabel(t *testing.T) {
	g := attacked(t)
	g.stated(t, "POST", "/keys", `{"account": "`+acme+`", "name": "billing"}`)
	g.stated(t, "POST", "/openings", `{"account": "`+acme+`", "channel": "messaging", "to": "CA", "until": "`+soon()+`", "reason": "a test"}`)
	for _, c := range []struct{ says, path, want string }{
		{"what happens now", "now/?account=Acme", "Limits of Acme"},
		{"in any letter case", "now/?account=aCME", "Limits of Acme"},
		{"with space around it", "now/?account=+Acme+", "Limits of Acme"},
		{"why something is refused", "why/?account=Acme&channel=messaging&to=%2B998901234567", "territory_not_enabled"},
		{"keys", "keys/?account=Acme", "billing"},
		{"openings", "openings/?account=Acme", "a test"},
		{"changes", "audit/?account=Acme", "key.create"},
		{"refusals", "audit/refusals/?account=Acme", "limit_exceeded"},
		{"an export", "audit/refusals/export?account=Acme&format=csv", "limit_exceeded"},
	} {
		response, text := ask(t, "GET", "http://"+g.site+pages+c.path, "", header("X-User", "alice"))
		if response.StatusCode != 200 || !strings.Contains(text, c.want) {
			t.Errorf("%s: %d %s", c.says, response.StatusCode, text)
		}
	}
	response, text := form(t, g, "alice", "now/incident", url.Values{"do": {"suspend"}, "account": {"Acme"}, "reason": {"a test"}})
	if response.StatusCode != 200 || !strings.Contains(text, `name="account" value="`+acme+`"`) {
		t.Errorf("to suspend it is answered %d %s", response.StatusCode, text)
	}

	g.stated(t, "PUT", "/accounts/"+child, `{"label": "acme"}`)
	response, text = ask(t, "GET", "http://"+g.site+pages+"keys/?account=Acme", "", header("X-User", "alice"))
	if response.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text, acme+", "+child) {
		t.Errorf("a label of two accounts is answered %d %s", response.StatusCode, text)
	}
	if response, text = ask(t, "GET", "http://"+g.site+pages+"keys/?account="+acme, "", header("X-User", "alice")); response.StatusCode != 200 || !strings.Contains(text, "billing") {
		t.Errorf("the name of one of the two is answered %d %s", response.StatusCode, text)
	}
}

func TestWhyShowsWhatIsOnRecordOfARefusalThoughItsReasonIsGone(t *testing.T) {
	g := attacked(t)
	g.stated(t, "PATCH", "/accounts/"+acme, `{"messaging": ["MT"], "limits": null}`)
	b := openTab(t, "carol")
	b.open("http://" + g.site + pages + "audit/refusals/?reason=limit_exceeded")
	b.follow("tbody a[href*='/why/']")
	b.shows("Refused", "limit_exceeded", "account "+acme+" limit block", "What is in force now", "does not have US")
	if got := b.text("#record"); !strings.Contains(got, "***") {
		t.Errorf("on record is %s", got)
	}
	b.look(evaluate[string](b, "location.href"), "why on record")
}

func TestAChangeIsTurnedBackFromThePageThatConfirmsIt(t *testing.T) {
	g := startGate(t)
	g.stated(t, "PUT", "/accounts/"+acme, `{"label": "Acme", "messaging": ["US", "CA"]}`)
	b := openTab(t, "bob")
	b.open("http://" + g.site + pages + "accounts/" + acme)
	evaluate[bool](b, `["GB", "CA"].forEach((code) => document.querySelector("[value='messaging/low_risk/"+code+"']").click()) ?? true`)
	b.follow(".actions button.primary")
	b.write("reason", "a test")
	b.follow(".confirm button")
	if stated := g.stated(t, "GET", "/accounts/"+acme, ""); !strings.Contains(stated, `"messaging":["US","GB"]`) {
		t.Fatalf("the account is %s", stated)
	}
	b.look(evaluate[string](b, "location.href"), "account changed")
	b.follow(".note button")
	b.shows("Canada", "United Kingdom")
	b.write("reason", "it was a mistake")
	b.follow(".confirm button")
	if stated := g.stated(t, "GET", "/accounts/"+acme, ""); !strings.Contains(stated, `"messaging":["US","CA"]`) {
		t.Errorf("after it is turned back, the account is %s", stated)
	}
	b.checkFaults()
}

func TestAnOpeningForAnAccountThatIsNotThereKeepsWhatWasWritten(t *testing.T) {
	g := startGate(t)
	fields := url.Values{"once": {t.Name()}, "account": {"Acmee"}, "channel": {"messaging"}, "to": {"CA"}, "until": {soon()}, "reason": {"launch in Toronto"}}
	response, text := form(t, g, "bob", "openings/new", fields)
	if response.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text, `value="launch in Toronto"`) || !strings.Contains(text, "no such account") {
		t.Errorf("it is answered %d %s", response.StatusCode, text)
	}
}

func TestATimeInAFormMayBeHowLongFromNow(t *testing.T) {
	g := startGate(t)
	g.stated(t, "PUT", "/accounts/"+acme, `{"messaging": ["US"]}`)
	ends := func(path string) time.Time {
		found := regexp.MustCompile(`"until":"([^"]+)"`).FindStringSubmatch(g.stated(t, "GET", path, ""))
		if found == nil {
			t.Fatalf("%s has no end", path)
		}
		at, err := time.Parse(time.RFC3339, found[1])
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	within := func(at time.Time, length time.Duration) bool {
		left := time.Until(at)
		return left <= length && left > length-5*time.Minute
	}
	_, asked := form(t, g, "bob", "now/incident", url.Values{"do": {"suspend"}, "account": {acme}, "until": {"2h"}, "reason": {"a test"}})
	sure := url.Values{}
	for _, match := range hidden.FindAllStringSubmatch(asked, -1) {
		sure.Set(match[1], html.UnescapeString(match[2]))
	}
	if response, text := form(t, g, "bob", "now/incident", sure); response.StatusCode != 303 {
		t.Fatalf("to suspend it is answered %d %s", response.StatusCode, text)
	}
	if at := ends("/suspensions/" + acme); !within(at, 2*time.Hour) {
		t.Errorf("a suspension for 2h ends at %s", at)
	}
	if response, text := form(t, g, "bob", "openings/new", url.Values{"once": {t.Name()}, "account": {acme}, "channel": {"messaging"}, "to": {"CA"}, "until": {"7d"}, "reason": {"a test"}}); response.StatusCode != 303 {
		t.Fatalf("to open it is answered %d %s", response.StatusCode, text)
	}
	if at := ends("/openings"); !within(at, 7*24*time.Hour) {
		t.Errorf("an opening for 7d ends at %s", at)
	}
}

func TestTheBarWithTheWayOnCoversNothingUntilSomethingIsChanged(t *testing.T) {
	g := startGate(t)
	g.stated(t, "PUT", "/accounts/"+acme, `{"messaging": ["US"]}`)
	b := openTab(t, "bob")
	b.open("http://" + g.site + pages + "accounts/" + acme)
	const inSight = `document.querySelector(".actions").getBoundingClientRect().top < innerHeight`
	if evaluate[bool](b, inSight) {
		t.Error("the bar is over the first territories, and nothing is changed")
	}
	evaluate[bool](b, `document.querySelector("[role=switch]").click() ?? true`)
	if !evaluate[bool](b, inSight) {
		t.Error("something is changed, and the bar is not in sight")
	}
	if got := b.text("[data-turned]"); got != "1 change" {
		t.Errorf("the bar says %s", got)
	}
}

func TestAHoldLeadsToTheBlockOfWhatItHolds(t *testing.T) {
	g := attacked(t)
	b := openTab(t, "bob")
	b.open("http://" + g.site + pages + "now/")
	b.do(chromedp.EmulateViewport(1000, 620))
	if wide := evaluate[string](b, sideways); wide != "" {
		t.Errorf("in a small window, what is next is out of sight in %s", wide)
	}
	b.do(chromedp.ResetViewport())
	b.follow("[id^=hold-] a[href*=prefix]")
	if got := evaluate[string](b, `document.querySelector("#block-prefix").value`); got != "+12015550" {
		t.Errorf("the prefix is %s", got)
	}
	b.write("block-reason", "pumping")
	b.follow("form.card:has(#block-prefix) button")
	b.follow("main form button")
	b.shows("The prefix is blocked", "+12015550")
	harness.Await(t, "the prefix is blocked for all", func() bool {
		_, text := ask(t, "GET", "http://"+g.admin+"/tollgate/v1/blocks", "", nil)
		return strings.Contains(text, "+12015550")
	})
}

func TestTheAxisOfAChartHasHoursOfTheReader(t *testing.T) {
	g := attacked(t)
	b := openTab(t, "carol")
	b.open("http://" + g.site + pages + "now/")
	// The browser of the tests is in Tokyo, nine hours ahead of UTC.
	if got := evaluate[bool](b, `[...document.querySelectorAll("text[data-time]")].every((label) =>
		label.textContent === String((new Date(label.dataset.time).getUTCHours() + 9) % 24).padStart(2, "0") + ":00")`); !got {
		t.Errorf("the chart shows %s", b.text("svg.columns"))
	}
	b.open("http://" + g.site + pages + "now/?period=7d")
	if got := evaluate[string](b, `document.querySelector(".chart tbody th:last-child, .chart tbody th").textContent`); strings.Contains(got, ":") {
		t.Errorf("a day of the chart is called %s", got)
	}
}
