package console_test

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// listedOf are the territories of a list in force for an account.
func (g *gate) listedOf(t *testing.T, account, channel, class string) (codes []string) {
	t.Helper()
	var found struct {
		Lists []struct {
			Channel, Class string
			Territories    []struct {
				Territory string
				Listed    bool
			}
		}
	}
	if err := json.Unmarshal([]byte(g.stated(t, "GET", "/accounts/"+account+"/territories", "")), &found); err != nil {
		t.Fatal(err)
	}
	for _, l := range found.Lists {
		for _, listed := range l.Territories {
			if l.Channel == channel && l.Class == class && listed.Listed {
				codes = append(codes, listed.Territory)
			}
		}
	}
	return codes
}

func TestAWholeContinentIsOpenedAndClosedByAButton(t *testing.T) {
	for _, test := range []struct {
		name, channel, class string
		was, on              []string // the switches of the page
		whole                string   // the button
		acknowledge          bool
		has, lacks           []string // of the list then
	}{
		{"opened, without what is of high risk", "messaging", "", nil, nil, "open/messaging/low_risk/asia", false, []string{"US", "DE", "JP", "IN"}, []string{"PK", "IR"}},
		{"opened, with what is of high risk", "messaging", "", nil, nil, "open/messaging/low_risk/asia", true, []string{"US", "DE", "JP", "PK"}, []string{"IR", "FR"}},
		{"closed", "messaging", "", nil, nil, "close/messaging/low_risk/europe", false, []string{"US"}, []string{"DE"}},
		{"opened, with a switch that is turned elsewhere", "messaging", "", []string{"messaging/low_risk/US"}, []string{"messaging/low_risk/US", "messaging/low_risk/CA"},
			"open/messaging/low_risk/europe", false, []string{"US", "CA", "FR"}, []string{"MX"}},
		{"closed, with a switch of it that is turned", "messaging", "", nil, []string{"messaging/low_risk/FR"}, "close/messaging/low_risk/europe", false, []string{"US"}, []string{"DE", "FR"}},
		{"opened in one class of calls", "voice", "high_risk_special", nil, nil, "open/voice/high_risk_special/oceania", true, []string{"AU", "NZ"}, []string{"US"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := startGate(t)
			g.stated(t, "PUT", "/accounts/"+acme, `{"messaging": ["US", "DE"], "voice": {"low_risk": ["US"]}}`)
			response, shown := form(t, g, "bob", "accounts/"+acme+"/preview", url.Values{"channel": {test.channel}, "was": {strings.Join(test.was, " ")}, "on": test.on, "whole": {test.whole}})
			if response.StatusCode != 200 {
				t.Fatalf("it is shown as %d %s", response.StatusCode, shown)
			}
			make := hiddenIn(shown)
			make.Set("reason", "a test")
			if test.acknowledge {
				make.Set("acknowledge", "true")
				if !strings.Contains(shown, "only if acknowledged") {
					t.Errorf("what is of high risk is not marked: %s", shown)
				}
			}
			if response, text := form(t, g, "bob", "accounts/"+acme+"/edit", make); response.StatusCode != 303 {
				t.Fatalf("it is answered %d %s", response.StatusCode, text)
			}
			got := g.listedOf(t, acme, test.channel, test.class)
			for _, code := range test.has {
				if !slices.Contains(got, code) {
					t.Errorf("the list lacks %s: %s", code, got)
				}
			}
			for _, code := range test.lacks {
				if slices.Contains(got, code) {
					t.Errorf("the list has %s: %s", code, got)
				}
			}
		})
	}
}

func TestAContinentOfWhichNothingIsLeftIsNotChanged(t *testing.T) {
	g := startGate(t)
	g.stated(t, "PUT", "/accounts/"+acme, `{"messaging": ["US"]}`)
	if _, text := form(t, g, "bob", "accounts/"+acme+"/preview", url.Values{"channel": {"voice"}, "whole": {"open/voice/high_risk_tollfraud/oceania"}}); strings.Contains(text, `name="edit"`) || !strings.Contains(text, "only if acknowledged") {
		t.Errorf("ranges of toll fraud are shown as %s", text)
	}
	only := url.Values{"channel": {"messaging"}, "optional": {"open/messaging/low_risk/PK"}, "reason": {"a test"}}
	if response, text := form(t, g, "bob", "accounts/"+acme+"/edit", only); response.StatusCode != 422 || !strings.Contains(text, "All of it is risky") {
		t.Errorf("what is risky alone, and not acknowledged, is answered %d %s", response.StatusCode, text)
	}
	if response, text := form(t, g, "bob", "accounts/"+acme+"/preview", url.Values{"channel": {"messaging"}, "whole": {"open/messaging/low_risk/atlantis"}}); response.StatusCode != 303 {
		t.Errorf("a continent that is none is answered %d %s", response.StatusCode, text)
	}
	if stated := g.stated(t, "GET", "/accounts/"+acme, ""); !strings.Contains(stated, `"messaging":["US"]`) {
		t.Errorf("the account is %s", stated)
	}
}

func TestEnterOnASwitchReviewsItAlone(t *testing.T) {
	g := startGate(t)
	g.stated(t, "PUT", "/accounts/"+acme, `{"messaging": ["US"]}`)
	b := openTab(t, "bob")
	b.open("http://" + g.site + pages + "accounts/" + acme)
	b.do(chromedp.Click(chromedp.CSS(`[value="messaging/low_risk/CA"]`)))
	if _, err := chromedp.RunResponse(b, chromedp.KeyEvent(kb.Enter)); err != nil {
		t.Fatal(err)
	}
	if got := b.text("[aria-labelledby=opens] tbody"); !strings.Contains(got, "Canada") || strings.Count(got, "\n") > 0 {
		t.Errorf("at %s it opens %q", evaluate[string](b, "location.href"), got)
	}
	b.open("http://" + g.site + pages + "accounts/" + acme)
	b.withRules("the review of a continent", func() { b.follow(`[value="open/messaging/low_risk/asia"]`) })
	if got := b.text("[aria-labelledby=opens] tbody"); !strings.Contains(got, "Japan") || !strings.Contains(got, "Pakistan PK only if acknowledged") {
		t.Errorf("the review shows %s", got)
	}
	b.checkFaults()
}
