package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/traffic"
	"github.com/caddy-tollgate/tollgate/store"
)

// unusedPage has what tests read of a list of what is unused.
type unusedPage struct {
	WatchedSince string `json:"watched_since"`
	Unused       []struct {
		Account, Channel, Class, Stated, Place string
		Territories                            []struct{ Territory, Last string }
		Close                                  *struct {
			Method, Path string
			IfMatch      string `json:"if_match"`
			Body         json.RawMessage
		}
	}
	Next string
}

// lines are the lists as tests compare them.
func (p *unusedPage) lines() (lines []string) {
	for _, u := range p.Unused {
		line := strings.TrimSpace(u.Account+" "+u.Channel+" "+u.Class) + ":"
		for _, t := range u.Territories {
			line += " " + strings.TrimSuffix(t.Territory+"@"+t.Last, "@")
		}
		lines = append(lines, line)
	}
	return lines
}

// later is so long after the changes of a test that all that is open had time to be used.
const later = 100 * 24 * time.Hour

// record records traffic of some days ago, as seen from later.
func (m *managed) record(t *testing.T, account, channel, territory, class string, daysAgo int) {
	t.Helper()
	day := traffic.Day(time.Now().Add(later - time.Duration(daysAgo)*24*time.Hour))
	err := m.kept.Traffic().Record(t.Context(), traffic.Day(time.Now()), []store.LastSend{{Account: account, Channel: channel, Territory: territory, Class: class, Day: day}})
	if err != nil {
		t.Fatal(err)
	}
}

// travel sets the clock of the API to later.
func (m *managed) travel() { m.service.Now = func() time.Time { return time.Now().Add(later) } }

func TestWhatIsOpenAndNotUsedIsListedWithTheCallThatClosesIt(t *testing.T) {
	m := manage(t, "accounts:\n  - {id: filed, at: {twilio: "+sid(9)+"}, messaging: [GB, FR]}\n")
	m.must(t, "PUT", "/accounts/acme", `{"at": {"twilio": "`+sid(1)+`"}, "messaging": ["US", "CA", "UZ"], "voice": {"low_risk": ["US", "CA"], "high_risk_special": ["US"]}}`, nil)
	m.must(t, "PUT", "/accounts/sub", `{"parent": "acme", "at": {"twilio": "`+sid(2)+`"}}`, nil)
	m.must(t, "PUT", "/accounts/europe", `{"at": {"twilio": "`+sid(3)+`"}, "messaging": ["BENELUX", "US"], "whatsapp": ["US"]}`, nil)
	m.record(t, "acme", "messaging", "US", "", 3)
	m.record(t, "acme", "messaging", "CA", "", 50)
	m.record(t, "sub", "messaging", "UZ", "", 29) // which inherits
	m.record(t, "acme", "voice", "US", "low_risk", 0)
	m.record(t, "europe", "messaging", "NL", "", 1)
	m.record(t, "europe", "whatsapp", "US", "", 1)
	m.record(t, "filed", "rcs", "GB", "", 1) // by the list of messages
	m.travel()

	var page unusedPage
	m.must(t, "GET", "/unused", "", &page)
	want := []string{
		"acme messaging: CA@" + string(traffic.Day(time.Now().Add(later-50*24*time.Hour))),
		"acme voice low_risk: CA", "acme voice high_risk_special: US", "europe messaging: BE LU", "filed messaging: FR",
	}
	if got := page.lines(); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Fatalf("unused is\n%s\nand not\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	replaced := false
	for _, u := range page.Unused {
		if u.Account == "filed" {
			if u.Close != nil || u.Stated != "file" || !strings.HasSuffix(u.Place, "policy.yaml:3:5") {
				t.Errorf("of a file: %+v", u)
			}
			continue
		}
		if u.Close == nil {
			t.Fatalf("there is no call that closes %+v", u)
		}
		path, header := strings.TrimPrefix(u.Close.Path, "/tollgate/v1"), []string{}
		if u.Close.IfMatch != "" {
			header = []string{"If-Match", u.Close.IfMatch}
			if response, text := m.ask(t, owner, u.Close.Method, path, string(u.Close.Body), "If-Match", `"99"`); response.StatusCode != http.StatusPreconditionFailed {
				t.Errorf("of an account that was changed meanwhile it is answered %d %s", response.StatusCode, text)
			}
		}
		if response, text := m.ask(t, owner, u.Close.Method, path, string(u.Close.Body), header...); response.StatusCode != http.StatusOK {
			t.Errorf("it is answered %d %s", response.StatusCode, text)
		}
		replaced = replaced || u.Close.IfMatch != ""
	}
	if !replaced {
		t.Error("no list was replaced")
	}
	page = unusedPage{}
	m.must(t, "GET", "/unused", "", &page)
	if got := page.lines(); len(got) != 1 || got[0] != want[4] {
		t.Errorf("after the calls, unused is %q", got)
	}
	var account struct{ Messaging, WhatsApp []string }
	m.must(t, "GET", "/accounts/europe", "", &account)
	if got := fmt.Sprint(account); got != "{[US NL] [US]}" {
		t.Errorf("what is used stays, and it is %s", got)
	}
}

func TestWhatHadNoTimeToBeUsedIsNotListed(t *testing.T) {
	m := manage(t, "")
	m.must(t, "PUT", "/accounts/acme", `{"at": {"twilio": "`+sid(1)+`"}, "messaging": ["US"]}`, nil)
	var page unusedPage
	if m.must(t, "GET", "/unused", "", &page); len(page.Unused) != 0 || page.WatchedSince != "" {
		t.Errorf("before anything is watched: %+v", page)
	}
	m.record(t, "other", "messaging", "US", "", 0)
	if m.must(t, "GET", "/unused?days=1", "", &page); len(page.Unused) != 0 || page.WatchedSince == "" {
		t.Errorf("on the first day: %+v", page)
	}
	m.service.Now = func() time.Time { return time.Now().Add(48 * time.Hour) }
	if m.must(t, "GET", "/unused?days=1", "", &page); fmt.Sprint(page.lines()) != "[acme messaging: US]" {
		t.Errorf("two days later: %q", page.lines())
	}
	if m.must(t, "GET", "/unused?days=2", "", &page); len(page.Unused) != 0 {
		t.Errorf("when two days are asked for: %q", page.lines())
	}
	m.service.Now = time.Now
	watched := traffic.Day(time.Now().Add(-later))
	early := manage(t, "")
	if err := early.kept.Traffic().Record(t.Context(), watched, nil); err != nil {
		t.Fatal(err)
	}
	early.must(t, "PUT", "/accounts/acme", `{"at": {"twilio": "`+sid(1)+`"}, "messaging": ["US"]}`, nil)
	if early.must(t, "GET", "/unused", "", &page); len(page.Unused) != 0 {
		t.Errorf("an account that was created today: %q", page.lines())
	}
}

func TestWhatIsUnusedIsListedPageByPageForThoseWhoMay(t *testing.T) {
	m := manage(t, "")
	for i := range 5 {
		m.must(t, "PUT", fmt.Sprintf("/accounts/account-%d", i), `{"at": {"twilio": "`+sid(i)+`"}, "messaging": ["US"]}`, nil)
	}
	m.record(t, "account-1", "messaging", "US", "", 0)
	m.travel()
	var lines []string
	for next, pages := "", 0; ; pages++ {
		var page unusedPage
		m.must(t, "GET", "/unused?limit=2&cursor="+next, "", &page)
		lines = append(lines, page.lines()...)
		if next = page.Next; next == "" {
			if pages != 2 {
				t.Errorf("there were %d pages before the last", pages)
			}
			break
		}
	}
	if got := strings.Join(lines, ","); got != "account-0 messaging: US,account-2 messaging: US,account-3 messaging: US,account-4 messaging: US" {
		t.Errorf("the pages have %s", got)
	}
	limited := principal("bob", access.Viewer, "account-3")
	if _, text := m.ask(t, limited, "GET", "/unused", ""); strings.Count(text, `"account":`) != 1 || !strings.Contains(text, "account-3") {
		t.Errorf("one who may read one account gets %s", text)
	}
	for path, want := range map[string]int{"/unused?account=account-2": http.StatusForbidden, "/unused?account=account-3": http.StatusOK} {
		if response, text := m.ask(t, limited, "GET", path, ""); response.StatusCode != want {
			t.Errorf("%s: %s", path, text)
		}
	}
	if response, text := m.ask(t, owner, "GET", "/unused?account=unknown", ""); response.StatusCode != http.StatusNotFound {
		t.Errorf("of an account that is not defined: %s", text)
	}
}
