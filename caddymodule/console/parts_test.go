package console_test

import (
	"html"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

func TestPartsOfAnAccountAreChangedOnceOneHasSeenWhatThatChanges(t *testing.T) {
	const prefixes = `"prefixes": [{"block": "+1900", "reason": "premium"}, {"allow": "+99890", "reason": "SafeList", "until": "2099-01-01"}]`
	for _, test := range []struct {
		name, part string
		// before is what the account states, besides its messaging.
		before string
		// query of the page with the form, and what is written into it.
		query  string
		fields url.Values
		// shows is what the review says.
		shows       string
		acknowledge bool
		// states is what the account states then, and lacks what it does not.
		states, lacks string
	}{
		{"verifications are stated", "verifications", ``, "", url.Values{"messaging": {"GB, CA"}, "low_risk": {"US"}, "rcs": {"none"}}, "United Kingdom", false,
			`"verify":{"messaging":["GB","CA"],"voice":{"low_risk":["US"]},"rcs":[]}`, "high_risk_special"},
		{"one list for verifications is stated no more", "verifications", `, "verify": {"messaging": ["GB"], "whatsapp": ["BR"]}`, "",
			url.Values{"messaging": {"GB"}}, "Brazil", false, `"verify":{"messaging":["GB"]}`, "whatsapp"},
		{"verifications go as all other messages", "verifications", `, "verify": {"messaging": ["GB"]}`, "", url.Values{}, "United Kingdom", false, `"messaging":["US"]`, "verify"},
		{"verifications to what is of high risk", "verifications", ``, "", url.Values{"messaging": {"PK"}}, "marks as high risk", true, `"verify":{"messaging":["PK"]}`, ""},
		{"a sender is added", "senders", ``, "", url.Values{"sender": {"+14155550100"}, "messaging": {"none"}}, "+14155550100", false, `"senders":{"+14155550100":{"messaging":[]}}`, ""},
		{"a sender is changed", "senders", `, "senders": {"ACME": {"messaging": ["US"], "voice": {"low_risk": ["US"]}}, "+14155550100": {"messaging": []}}`, "?sender=ACME",
			url.Values{"sender": {"ACME"}, "messaging": {"CA"}}, "ACME", false, `"ACME":{"messaging":["CA"]}`, "low_risk"},
		{"a sender is deleted", "senders", `, "senders": {"ACME": {"messaging": ["CA"]}, "+14155550100": {"messaging": []}}`, "?sender=ACME",
			url.Values{"sender": {"ACME"}, "delete": {"true"}}, "ACME", false, `"+14155550100":{"messaging":[]}`, "ACME"},
		{"the last sender is deleted", "senders", `, "senders": {"ACME": {"messaging": ["CA"]}}`, "?sender=ACME",
			url.Values{"sender": {"ACME"}, "delete": {"true"}}, "ACME", false, `"messaging":["US"]`, "senders"},
		{"a number is allowed until a day", "prefixes", ``, "", url.Values{"prefix": {"+998901234567"}, "reason": {"our own phone"}, "until": {"2099-01-01"}, "channel": {"messaging"}},
			"+998901234567", false, `"prefixes":[{"allow":"+998901234567","channel":"messaging","reason":"our own phone","until":"2099-01-01"}]`, ""},
		{"a prefix is blocked except a longer one", "prefixes", ", " + prefixes, "", url.Values{"effect": {"block"}, "prefix": {"+1201"}, "except": {"+1201555 +1201556"}, "reason": {"pumping"}},
			"+1201", false, `"until":"2099-01-01"},{"block":"+1201","except":["+1201555","+1201556"],"reason":"pumping"}]`, ""},
		{"a rule is deleted", "prefixes", ", " + prefixes, "", url.Values{"remove": {"0"}}, "+1900", false, `"prefixes":[{"allow":"+99890","reason":"SafeList","until":"2099-01-01"}]`, "+1900"},
		{"the last rule is deleted", "prefixes", `, "prefixes": [{"block": "+1900", "reason": "premium"}]`, "", url.Values{"remove": {"0"}}, "+1900", false, `"messaging":["US"]`, "prefixes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := startGate(t)
			g.stated(t, "PUT", "/accounts/"+acme, `{"messaging": ["US"]`+test.before+`}`)
			at := "accounts/" + acme + "/" + test.part
			_, page := ask(t, "GET", "http://"+g.site+pages+at+test.query, "", header("X-User", "bob"))
			fields := url.Values{"token": {tokenIn(t, page)}, "match": {hiddenIn(page).Get("match")}}
			for name, values := range test.fields {
				fields[name] = values
			}
			response, shown := form(t, g, "bob", at, fields)
			if response.StatusCode != 200 || !strings.Contains(html.UnescapeString(shown), test.shows) {
				t.Fatalf("it is shown as %d, without %s: %s", response.StatusCode, test.shows, shown)
			}
			make := hiddenIn(shown)
			make.Set("reason", "OPS-900")
			if test.acknowledge {
				response, text := form(t, g, "bob", "accounts/"+acme+"/edit", make)
				if response.StatusCode != 422 || !strings.Contains(text, "high risk") {
					t.Errorf("not acknowledged, it is answered %d %s", response.StatusCode, text)
				}
				make.Set("acknowledge", "true")
			}
			response, text := form(t, g, "bob", "accounts/"+acme+"/edit", make)
			if response.StatusCode != 303 {
				t.Fatalf("it is answered %d %s", response.StatusCode, text)
			}
			if stated := g.stated(t, "GET", "/accounts/"+acme, ""); !strings.Contains(stated, test.states) || test.lacks != "" && strings.Contains(stated, test.lacks) {
				t.Errorf("the account is %s", stated)
			}
			to := response.Header.Get("Location")
			if _, text := ask(t, "GET", "http://"+g.site+to, "", header("X-User", "bob")); !strings.HasPrefix(to, pages+at) || !strings.Contains(text, "The change is in force") {
				t.Errorf("one is led to %s: %s", to, text)
			}
			if record := g.stated(t, "GET", "/audit/changes?action=account.patch", ""); !strings.Contains(record, "OPS-900") {
				t.Errorf("on record is %s", record)
			}
		})
	}
}

func TestAPartOfAnAccountThatSomeoneElseHasChangedIsNotChanged(t *testing.T) {
	g := startGate(t)
	const rules = `{"messaging": ["US"], "prefixes": [{"block": "+1900", "reason": "premium"}, {"block": "+1901", "reason": "premium"}]}`
	g.stated(t, "PUT", "/accounts/"+acme, rules)
	at := "accounts/" + acme + "/prefixes"
	_, page := ask(t, "GET", "http://"+g.site+pages+at, "", header("X-User", "bob"))
	remove := url.Values{"match": {hiddenIn(page).Get("match")}, "remove": {"0"}}
	_, shown := form(t, g, "bob", at, remove)
	// The first rule is another one by now.
	const theirs = `{"messaging":["US"],"prefixes":[{"block":"+1901","reason":"premium"}]}`
	g.stated(t, "PUT", "/accounts/"+acme, theirs)
	for name, answer := range map[string]func() (int, string){
		"a form that was loaded before": func() (int, string) {
			response, text := form(t, g, "bob", at, remove)
			return response.StatusCode, text
		},
		"a change that was shown before": func() (int, string) {
			make := hiddenIn(shown)
			make.Set("reason", "a test")
			response, text := form(t, g, "bob", "accounts/"+acme+"/edit", make)
			return response.StatusCode, text
		},
	} {
		if status, text := answer(); status != 412 || !strings.Contains(text, "Someone else has changed") || strings.Contains(text, `name="reason"`) {
			t.Errorf("%s is answered %d %s", name, status, text)
		}
	}
	if stated := g.stated(t, "GET", "/accounts/"+acme, ""); !strings.Contains(stated, theirs[1:]) {
		t.Errorf("the account is %s", stated)
	}
}

func TestFormsOfPartsOfAnAccountSayWhatIsWrong(t *testing.T) {
	g := startGate(t)
	g.stated(t, "PUT", "/accounts/"+acme, `{"messaging": ["US"]}`)
	for _, test := range []struct {
		name, part string
		fields     url.Values
		shows      string
	}{
		{"a territory that is none", "verifications", url.Values{"messaging": {"UX"}}, "unknown territory"},
		{"a sender without a name", "senders", url.Values{"messaging": {"US"}}, "Write the sender"},
		{"a sender without a list", "senders", url.Values{"sender": {"ACME"}}, "State a list"},
		{"a territory of a sender that is none", "senders", url.Values{"sender": {"ACME"}, "voice": {"US"}, "low_risk": {"UX"}}, "unknown territory"},
		{"a rule without a prefix", "prefixes", url.Values{"reason": {"a test"}}, "Write the prefix"},
		{"a rule without a reason", "prefixes", url.Values{"prefix": {"+1201"}}, "Say why"},
		{"a prefix that is none", "prefixes", url.Values{"prefix": {"1201"}, "reason": {"a test"}}, "is not a number"},
		{"a rule that is over", "prefixes", url.Values{"prefix": {"+1201"}, "reason": {"a test"}, "until": {"soon"}}, "until"},
		{"a rule that is gone", "prefixes", url.Values{"remove": {"0"}}, "There is no such rule"},
	} {
		t.Run(test.name, func(t *testing.T) {
			response, text := form(t, g, "bob", "accounts/"+acme+"/"+test.part, test.fields)
			if response.StatusCode != 422 || !strings.Contains(text, test.shows) {
				t.Errorf("it is answered %d, without %s: %s", response.StatusCode, test.shows, text)
			}
		})
	}
}

func TestPagesOfPartsOfAnAccountAreForAll(t *testing.T) {
	g := startGate(t)
	g.stated(t, "PUT", "/accounts/"+acme+"?acknowledge_high_risk=true", `{"label": "Acme", "messaging": ["*"], "verify": {"whatsapp": ["BR"]}, "senders": {"ACME": {"messaging": ["US"]}},
		"prefixes": [{"block": "+1900", "reason": "premium"}]}`)
	b := openTab(t, "bob")
	at := "http://" + g.site + pages + "accounts/" + acme
	b.open(at)
	b.follow(".kinds a:nth-child(2)")
	if got := b.text("main"); !strings.Contains(got, "and ") || !strings.Contains(got, "BR") {
		t.Errorf("the lists for verifications are shown as %s", got)
	}
	b.look(at+"/verifications", "verifications")
	b.look(at+"/senders?sender=ACME", "senders")
	b.look(at+"/prefixes", "prefixes of an account")
	b.enter("prefix", "+998901234567")
	b.enter("reason", "our own phone")
	b.withRules("the review of a prefix", func() { b.follow("form.written button") })
	b.do(chromedp.SendKeys(chromedp.CSS("#ticket"), "OPS-1"))
	b.follow(".confirm button")
	if got := b.text("[role=status]"); !strings.Contains(got, "in force") {
		t.Errorf("then the page at %s says %s", evaluate[string](b, "location.href"), b.text("main"))
	}
	g.expectSend(t, acme, "+998901234567", 201)
	b.checkFaults()
	viewer := openTab(t, "carol")
	viewer.open("http://" + g.site + pages + "accounts/" + inFile + "/prefixes")
	if got := viewer.text("main"); !strings.Contains(got, "A file states this account") {
		t.Errorf("of an account of a file it says %s", got)
	}
}
