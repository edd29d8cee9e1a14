package console_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// attacked is a gate with an account of which a block is held, and other traffic.
func attacked(t *testing.T) *gate {
	t.Helper()
	g := startGate(t)
	g.stated(t, "PUT", "/accounts/"+acme, `{"label": "Acme", "messaging": ["US", "MT"],
		"limits": [{"name": "block", "channel": "messaging", "amount": "2/1h", "per": ["account", "block:3"], "action": "deny", "for": "15m"},
			{"name": "total", "amount": "10/1h", "per": ["account"]}]}`)
	for i, want := range []int{201, 201, 400, 400} {
		if got := g.send(t, acme, fmt.Sprint("+1201555010", i)); got != want {
			t.Fatalf("message %d is answered %d", i, got)
		}
	}
	for _, to := range []string{"+998901234567", "+998901234568", "+35699123456", "+5069123", "+881612345678"} {
		g.send(t, acme, to)
	}
	harness.Await(t, "the refusals are in the store", func() bool {
		_, text := ask(t, "GET", "http://"+g.admin+"/tollgate/v1/audit/report?by=account", "", nil)
		return strings.Contains(text, `"count":5`) || strings.Contains(text, `"count":6`)
	})
	return g
}

func TestNowShowsWhatIsRefusedAndLetThrough(t *testing.T) {
	g := attacked(t)
	b := openTab(t, "bob")
	at := "http://" + g.site + pages + "now/"
	b.open(at)
	for selector, want := range map[string]string{
		"h1": "Now", "#content": "limit_exceeded", ".columns-3": "Uzbekistan", "#decisions": "UZ", ".map p": "Global Mobile Satellite System",
	} {
		if got := b.text(selector); !strings.Contains(got, want) {
			t.Errorf("%s shows %s, without %s", selector, got, want)
		}
	}
	if got := evaluate[string](b, `document.querySelector(".worldmap .step5 title").textContent`); !strings.Contains(got, ": 2") {
		t.Errorf("on the map most are of %s", got)
	}
	b.open(at + "?show=sent&account=" + acme)
	if got := evaluate[string](b, `[...document.querySelectorAll(".worldmap title")].map((t) => t.textContent).join()`); got != "United States: 2,Malta: 1" && got != "Malta: 1,United States: 2" {
		t.Errorf("on the map it was sent to %s", got)
	}
	if got := b.text("#content"); !strings.Contains(got, "Limits of Acme") || !strings.Contains(got, "3 of 10") {
		t.Errorf("the limits of the account are %s", got)
	}
	b.checkFaults()
	b.look(at+"?account="+acme, "now")
}

func TestTheTailShowsARefusalAsItHappens(t *testing.T) {
	g := startGate(t)
	g.stated(t, "PUT", "/accounts/"+acme, `{"messaging": ["US"]}`)
	b := openTab(t, "carol")
	b.open("http://" + g.site + pages + "now/")
	harness.Await(t, "the tail is live", func() bool { return b.text(".live .mark") == "live" })
	if status := g.send(t, acme, "+998901234567"); status != 400 {
		t.Fatalf("it is answered %d", status)
	}
	harness.Await(t, "the refusal is shown", func() bool { return strings.Contains(b.text("#decisions"), "territory_not_enabled") })
	if got := b.text("#decisions tr"); !strings.Contains(got, "UZ") || !strings.Contains(got, "***") || strings.Contains(got, "90123") {
		t.Errorf("the row is %s", got)
	}
	harness.Await(t, "the refusal is on record", func() bool {
		return strings.Contains(g.stated(t, "GET", "/audit/refusals", ""), "UZ")
	})
	const link = `document.querySelector("#decisions a").href`
	added := evaluate[string](b, link)
	b.open("http://" + g.site + pages + "now/")
	if got := evaluate[string](b, link); got != added || !strings.Contains(got, "/why/?account="+acme) {
		t.Errorf("the row that was added leads to %s, and that of the page to %s", added, got)
	}
	b.follow("#decisions a")
	b.shows("Closed", "does not have UZ")
	b.open("http://" + g.site + pages + "now/")
	harness.Await(t, "the tail is live", func() bool { return b.text(".live .mark") == "live" })
	evaluate[bool](b, `document.querySelector("[name=sends]").click() ?? true`)
	harness.Await(t, "the tail is live", func() bool { return b.text(".live .mark") == "live" })
	harness.Await(t, "what is let through is shown", func() bool {
		g.send(t, acme, "+12015550100")
		return strings.Contains(b.text("#decisions"), "allow")
	})
	evaluate[bool](b, `document.querySelector("[data-pause]").click() ?? true`)
	if got := b.text(".live"); !strings.Contains(got, "paused") || !strings.Contains(got, "Go on") {
		t.Errorf("once it is paused, it says %s", got)
	}
	b.checkFaults()
}

func TestAHoldIsReleasedByWhoMay(t *testing.T) {
	g := attacked(t)
	at := "http://" + g.site + pages + "now/"
	viewer := openTab(t, "carol")
	viewer.open(at)
	if got := viewer.text("#content"); !strings.Contains(got, "+12015550xxx") || strings.Contains(got, "Release") {
		t.Errorf("a viewer is shown %s", got)
	}
	b := openTab(t, "bob")
	b.open(at)
	b.follow("form.release button")
	if got := b.text("#content"); !strings.Contains(got, "The hold is released") || !strings.Contains(got, "Nothing is held") {
		t.Errorf("after the release the page shows %s", got)
	}
	if status := g.send(t, acme, "+12015550101"); status != 201 {
		t.Errorf("what was held is answered %d", status)
	}
	_, text := ask(t, "GET", "http://"+g.admin+"/tollgate/v1/audit/changes?action=hold.release", "", nil)
	if !strings.Contains(text, `"name":"bob"`) || !strings.Contains(text, "Released in the console") || !strings.Contains(text, `"through":"console"`) {
		t.Errorf("on record is %s", text)
	}
	b.checkFaults()
}

// Each measure is asked again, with what it does, and undone.
func TestIncidentModeTakesMeasuresAndUndoesThem(t *testing.T) {
	g := startGate(t)
	g.stated(t, "PUT", "/accounts/"+acme, `{"label": "Acme", "messaging": ["US", "UZ"]}`)
	if status := g.send(t, acme, "+998901234567"); status != 201 {
		t.Fatalf("before, it is answered %d", status)
	}
	b := openTab(t, "alice")
	at := "http://" + g.site + pages + "now/incident"
	for _, c := range []struct {
		says, form string
		fields     map[string]string
		shows      string
		done       string
		status     int
	}{
		{"suspending", "suspend", map[string]string{"account": acme, "reason": "leaked key"}, "UZ", "is suspended", 401},
		{"resuming", "resume", map[string]string{"reason": "new key"}, acme, "sends again", 201},
		{"blocking", "block", map[string]string{"prefix": "+99890", "reason": "pumping"}, "+99890", "is blocked", 400},
		{"deleting the block", "unblock", map[string]string{"reason": "over"}, "+99890", "is deleted", 201},
		{"panicking", "panic", map[string]string{"reason": "leaked keys"}, "UZ", "Everything is closed", 400},
		{"undoing the panic", "undo", map[string]string{"reason": "rotated"}, "rotated", "The panic is over", 201},
	} {
		b.open(at)
		form := fmt.Sprintf("form:has([name=do][value=%s])", c.form)
		for name, value := range c.fields {
			evaluate[bool](b, fmt.Sprintf(`(document.querySelector(%q).value = %q) !== null`, form+" [name="+name+"]", value))
		}
		b.follow(form + " button")
		if got := b.text("#content"); !strings.Contains(got, c.fields["reason"]) || !strings.Contains(got, c.shows) {
			t.Errorf("%s: one is asked %s", c.says, got)
		}
		b.follow("main form button")
		if got := b.text(".note"); !strings.Contains(got, c.done) {
			t.Errorf("%s: then the page says %s", c.says, got)
		}
		if status := g.send(t, acme, "+998901234567"); status != c.status {
			t.Errorf("%s: what is sent is answered %d and not %d", c.says, status, c.status)
		}
	}
	b.checkFaults()
	g.stated(t, "PUT", "/suspensions/"+acme, `{"reason": "leaked key", "until": "2099-01-01"}`)
	g.stated(t, "POST", "/blocks", `{"block": "+99890", "reason": "pumping"}`)
	b.look(at, "incident mode")
}

func TestIncidentModeOffersWhatIsPermittedAndSaysWhatIsWrong(t *testing.T) {
	g := startGate(t)
	viewer := openTab(t, "carol")
	viewer.open("http://" + g.site + pages + "now/incident")
	if forms := evaluate[float64](viewer, `document.querySelectorAll("main form").length`); forms != 0 {
		t.Errorf("a viewer is offered %v forms", forms)
	}
	admin := openTab(t, "bob")
	admin.open("http://" + g.site + pages + "now/incident")
	if got := admin.text("#content"); strings.Contains(got, "Panic") || !strings.Contains(got, "Block a prefix") {
		t.Errorf("an admin is offered %s", got)
	}
	evaluate[bool](admin, `document.querySelector("[name=prefix]").value = "99890", document.querySelector("#block-reason").value = "pumping", true`)
	admin.follow("form:has([value=block]) button")
	if got := admin.text("[role=alert]"); !strings.Contains(got, `"99890" is not a number`) {
		t.Errorf("of a prefix without a plus sign it says %s", got)
	}
	if got := evaluate[string](admin, `document.querySelector("#block-reason").value`); got != "pumping" {
		t.Errorf("what was in the form is lost: %q", got)
	}
	_, form := ask(t, "GET", "http://"+g.site+pages+"now/incident", "", header("X-User", "bob"))
	body := url.Values{"do": {"panic"}, "sure": {"yes"}, "reason": {"mine"}, "token": {tokenIn(t, form)}}.Encode()
	if response, text := ask(t, "POST", "http://"+g.site+pages+"now/incident", body, formHeader("X-User", "bob")); response.StatusCode != 403 {
		t.Errorf("a panic of an admin is answered %d %s", response.StatusCode, text)
	}
}

// What was shown is what is done: whatever has changed meanwhile is shown first.
func TestAMeasureIsTakenOnlyAsItWasShown(t *testing.T) {
	const fields = "do=%s&reason=incident+4712&account=" + acme + "&prefix=%%2B99890"
	for _, test := range []struct {
		name, measure string
		// before and meanwhile are asked of the API before the measure is shown, and after it: a
		// method, a path and a body each.
		before, meanwhile [3]string
		status            int
		// again says that the measure is taken once it was shown again.
		again bool
	}{
		{"a suspension, while nothing changes", "suspend", [3]string{}, [3]string{}, 303, false},
		{"a suspension of an account that someone else has suspended", "suspend", [3]string{},
			[3]string{"PUT", "/suspensions/" + acme, `{"reason": "theirs"}`}, 412, true},
		{"a suspension that someone else has lengthened", "suspend", [3]string{"PUT", "/suspensions/" + acme, `{"reason": "theirs", "until": "2098-01-01"}`},
			[3]string{"PUT", "/suspensions/" + acme, `{"reason": "theirs", "until": "2099-01-01"}`}, 412, true},
		{"a suspension of an account that was opened meanwhile", "suspend", [3]string{},
			[3]string{"PUT", "/accounts/" + acme, `{"messaging": ["US", "UZ", "MT"]}`}, 412, true},
		{"the end of a suspension", "resume", [3]string{"PUT", "/suspensions/" + acme, `{"reason": "theirs"}`}, [3]string{}, 303, false},
		{"the end of a suspension that has another reason now", "resume", [3]string{"PUT", "/suspensions/" + acme, `{"reason": "theirs"}`},
			[3]string{"PUT", "/suspensions/" + acme, `{"reason": "another key has leaked"}`}, 412, true},
		{"the end of a suspension that is over", "resume", [3]string{"PUT", "/suspensions/" + acme, `{"reason": "theirs"}`},
			[3]string{"DELETE", "/suspensions/" + acme + "?reason=over", ""}, 404, false},
		{"a block, while something else changes", "block", [3]string{}, [3]string{"PUT", "/accounts/" + child, `{"messaging": ["MX"]}`}, 303, false},
		{"a panic, while accounts change", "panic", [3]string{}, [3]string{"PUT", "/accounts/" + child, `{"messaging": ["MX"]}`}, 303, false},
		{"a panic that someone else has begun", "panic", [3]string{}, [3]string{"POST", "/panic", `{"reason": "theirs"}`}, 412, true},
		{"the end of a panic", "undo", [3]string{"POST", "/panic", `{"reason": "theirs"}`}, [3]string{}, 303, false},
		{"the end of a panic that has another reason now", "undo", [3]string{"POST", "/panic", `{"reason": "theirs"}`},
			[3]string{"POST", "/panic", `{"reason": "more keys have leaked"}`}, 412, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := startGate(t)
			g.stated(t, "PUT", "/accounts/"+acme, `{"messaging": ["US", "UZ"]}`)
			change := func(asked [3]string) {
				if asked[0] != "" {
					g.stated(t, asked[0], asked[1], asked[2])
				}
			}
			at := "http://" + g.site + pages + "now/incident"
			_, text := ask(t, "GET", at, "", header("X-User", "alice"))
			token := tokenIn(t, text)
			change(test.before)
			_, text = ask(t, "POST", at, fmt.Sprintf(fields, test.measure)+"&token="+token, formHeader("X-User", "alice"))
			if !strings.Contains(text, `name="sure"`) {
				t.Fatalf("one is not asked: %s", text)
			}
			change(test.meanwhile)
			count := func() int { return strings.Count(g.stated(t, "GET", "/audit/changes", ""), "incident 4712") }
			response, text := ask(t, "POST", at, hiddenIn(text).Encode(), formHeader("X-User", "alice"))
			if response.StatusCode != test.status || (count() > 0) != (test.status == 303) {
				t.Fatalf("it is answered %d, and %d are on record: %s", response.StatusCode, count(), text)
			}
			if test.again {
				if !strings.Contains(text, "Something has changed") {
					t.Errorf("it is not said that something has changed: %s", text)
				}
				response, text = ask(t, "POST", at, hiddenIn(text).Encode(), formHeader("X-User", "alice"))
				if response.StatusCode != 303 || count() == 0 {
					t.Errorf("shown again, it is answered %d: %s", response.StatusCode, text)
				}
			}
		})
	}
}

// A client that cannot follow now can once others have ended: the page goes on without being loaded again.
func TestTheTailComesAgainAfterItWasRefused(t *testing.T) {
	g := startGate(t)
	g.stated(t, "PUT", "/accounts/"+acme, `{"messaging": ["US"]}`)
	others, end := context.WithCancel(t.Context())
	defer end()
	for {
		r, err := http.NewRequestWithContext(others, "GET", "http://"+g.site+pages+"now/tail", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-User", "carol")
		response, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if response.StatusCode == http.StatusServiceUnavailable {
			break // there are as many as may be
		}
	}
	b := openTab(t, "carol")
	b.open("http://" + g.site + pages + "now/")
	harness.Await(t, "the browser was refused", func() bool {
		return b.text(".live .mark") == "not possible now"
	})
	end()
	harness.Await(t, "the tail is live", func() bool { return b.text(".live .mark") == "live" })
	g.expectSend(t, acme, "+998901234567", 400)
	harness.Await(t, "the refusal is shown", func() bool { return strings.Contains(b.text("#decisions"), "territory_not_enabled") })
	b.checkFaults()
}

// An attack on many numbers holds each: the newest are shown, and how many there are besides.
func TestOfManyHoldsTheNewestAreShown(t *testing.T) {
	g := startGate(t)
	g.stated(t, "PUT", "/accounts/"+acme, `{"messaging": ["US"],
		"limits": [{"name": "number", "channel": "messaging", "amount": "1/1h", "per": ["account", "number"], "action": "deny", "for": "15m"}]}`)
	const numbers = 103
	for i := range numbers {
		for range 2 {
			g.send(t, acme, fmt.Sprintf("+12015550%03d", i))
		}
	}
	var list struct{ Items []struct{} }
	harness.Await(t, "all are held", func() bool {
		g.listed(t, "/holds?limit=1000", &list)
		return len(list.Items) == numbers
	})
	_, page := ask(t, "GET", "http://"+g.site+pages+"now/", "", header("X-User", "carol"))
	_, holds, _ := strings.Cut(page, `id="holds"`)
	for number, shown := range map[string]bool{"12015550102<": true, "12015550003<": true, "12015550002<": false, "12015550000<": false} {
		if strings.Contains(holds, number) != shown {
			t.Errorf("of %s the page has %v\n%s", number, !shown, holds)
		}
	}
	if !strings.Contains(page, "3 older holds are not shown") {
		t.Error("the page does not say that there are more")
	}
}
