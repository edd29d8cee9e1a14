package console_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

func TestThePolicySaysWhereEachPartIsStated(t *testing.T) {
	g := startGate(t)
	g.stated(t, "PUT", "/settings", `{"national": "US", "limits": [{"name": "day", "channel": "messaging", "amount": "100/1d", "per": ["account"]}]}`)
	made := g.stated(t, "POST", "/blocks", `{"block": "+99899394", "reason": "pumping"}`)
	var block struct{ ID string }
	if err := json.Unmarshal([]byte(made), &block); err != nil {
		t.Fatal(err)
	}
	b := openTab(t, "bob")
	site := "http://" + g.site + pages
	b.open(site + "policy/")
	for _, want := range []string{"+99899394", `"day"`, "1 account in files", "0 accounts in the store", "the store"} {
		if got := b.text("main"); !strings.Contains(got, want) {
			t.Errorf("the policy does not show %s:\n%s", want, got)
		}
	}
	b.follow(`a[href*="` + block.ID + `"]`)
	b.enter("reason", "the incident is over")
	b.follow("main form button")
	if got := b.text("main"); strings.Contains(got, "+99899394") {
		t.Errorf("after it was deleted, the rule is shown:\n%s", got)
	}
	response, text := ask(t, "GET", site+"policy/download", "", header("X-User", "carol"))
	var file struct {
		Version  int
		National string
	}
	if err := json.Unmarshal([]byte(text), &file); err != nil || file.Version != 1 || file.National != "US" {
		t.Errorf("the download is %s", text)
	}
	if got := response.Header.Get("Content-Disposition"); !strings.HasPrefix(got, `attachment; filename="policy-`) {
		t.Errorf("Content-Disposition: %s", got)
	}
	b.checkFaults()
	b.look(site+"policy/", "policy")
}

func TestSettingsAreChangedOnceOneHasSeenWhatThatChanges(t *testing.T) {
	g := startGate(t)
	site := "http://" + g.site + pages
	b := openTab(t, "alice")
	b.open(site + "policy/settings")
	other := openTab(t, "alice")
	other.open(site + "policy/settings")
	preview := `[name=step][value=preview]`

	b.enter("document", `{"default": {"messaging": ["US", "UX"]}}`)
	b.follow(preview)
	if got := b.text("[role=alert]"); !strings.Contains(got, `did you mean "UZ"?`) {
		t.Fatalf("a mistake is answered %s", b.text("main"))
	}
	b.enter("document", `{"default": {"messaging": ["US", "UZ"]}}`)
	b.follow(preview)
	if got := b.text("main"); !strings.Contains(got, "Opens") || !strings.Contains(got, "UZ") {
		t.Fatalf("the preview is %s", got)
	}
	b.look(evaluate[string](b, "location.href"), "settings")
	b.open(site + "policy/settings")
	b.enter("document", `{"default": {"messaging": ["US", "UZ"]}}`)
	b.follow(preview)
	b.follow(`[name=step][value=commit]`)
	if got := b.text("[role=alert]"); got != "Say why." {
		t.Errorf("without a reason, it is answered %s", b.text("main"))
	}
	b.enter("reason", "a market opens")
	b.do(chromedp.Click(chromedp.CSS("[name=acknowledged]")))
	b.follow(`[name=step][value=commit]`)
	if got := b.text("main"); !strings.Contains(got, `"UZ"`) {
		t.Errorf("after the change, the policy is %s", got)
	}

	other.enter("document", `{"default": {"messaging": ["DE"]}}`)
	other.follow(preview)
	if got := other.text("[role=alert]"); !strings.Contains(got, "Someone else") {
		t.Errorf("a change of older settings is answered %s", other.text("main"))
	}
	var settings struct{ Default struct{ Messaging []string } }
	g.listed(t, "/settings", &settings)
	if got := strings.Join(settings.Default.Messaging, " "); got != "US UZ" {
		t.Errorf("the settings open %s", got)
	}
	b.checkFaults()
	other.checkFaults()
}

func TestWithoutScriptsSettingsArePreviewedToo(t *testing.T) {
	g := startGate(t)
	at := "http://" + g.site + pages + "policy/settings"
	_, form := ask(t, "GET", at, "", header("X-User", "alice"))
	body := "step=preview&match=absent&document=%7B%22national%22%3A+%22US%22%7D&token=" + tokenIn(t, form)
	response, text := ask(t, "POST", at, body, formHeader("X-User", "alice"))
	if response.StatusCode != 200 || !strings.Contains(text, `value="commit"`) {
		t.Errorf("the preview is answered %d\n%s", response.StatusCode, text)
	}
	harness.Await(t, "nothing is stated", func() bool { return strings.TrimSpace(g.stated(t, "GET", "/settings", "")) == "{}" })
}

func TestSettingsAreChangedByFieldsWhichLeaveTheRestAsItIs(t *testing.T) {
	g := startGate(t)
	at := "http://" + g.site + pages + "policy/settings"
	g.stated(t, "PUT", "/settings", `{"national": "US", "stored": "deny", "unallocated": {"voice": "deny"}, "default": {"messaging": ["US"], "verify": {"messaging": ["GB"]}},
		"limits": [{"name": "day", "amount": "100/day", "per": ["account"]}]}`)
	_, text := ask(t, "GET", at, "", header("X-User", "alice"))
	for _, want := range []string{`name="national" value="US"`, `<option value="deny" selected>`, `name="messaging" value="US"`} {
		if !strings.Contains(text, want) {
			t.Errorf("the form lacks %s: %s", want, text)
		}
	}
	if strings.Contains(text, `<select id="unallocated"`) {
		t.Error("there is a field for what is stated by channel")
	}
	send := func(fields url.Values) string {
		fields["token"] = []string{tokenIn(t, text)}
		response, answer := ask(t, "POST", at, fields.Encode(), formHeader("X-User", "alice"))
		if response.StatusCode != 200 && response.StatusCode != 303 {
			t.Fatalf("it is answered %d %s", response.StatusCode, answer)
		}
		return answer
	}
	loaded := hiddenIn(text)
	text = send(url.Values{"step": {"fields"}, "match": loaded["match"], "stated": loaded["stated"], "national": {""}, "max_call": {"15m"}, "stored": {"allow"},
		"unscoped_service": {""}, "messaging_special": {"deny"}, "url_hosts": {"none"}, "messaging": {"US CA"}, "low_risk": {"US"}})
	if !strings.Contains(text, "CA") || !strings.Contains(text, `value="commit"`) {
		t.Fatalf("the preview is %s", text)
	}
	shown := hiddenIn(text)
	send(url.Values{"step": {"commit"}, "match": shown["match"], "document": shown["document"], "reason": {"a test"}, "acknowledged": {"yes"}})
	const want = `{"default":{"messaging":["US","CA"],"voice":{"low_risk":["US"]},"verify":{"messaging":["GB"]}},"stored":"allow","messaging_special":"deny",` +
		`"unallocated":{"voice":"deny"},"url_hosts":[],"limits":[{"name":"day","amount":"100/day","per":["account"]}],"max_call":"15m"}`
	if got := strings.TrimSpace(g.stated(t, "GET", "/settings", "")); got != want {
		t.Errorf("the settings are\n%s\nand not\n%s", got, want)
	}
	b := openTab(t, "alice")
	b.look(at, "settings fields")
}
