package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/access"
)

// shownLists are the lists of an account, as the API shows them.
type shownLists struct {
	Stated    string
	Suspended bool
	Parent    string
	Lists     []struct {
		Channel, Class, By, For string
		Territories             []struct {
			Territory, Reason, Rule string
			Listed, Open            bool
			Until                   time.Time
		}
	}
}

// words are what a list says of a territory.
func (s *shownLists) words(channel, class, territory string) string {
	for _, l := range s.Lists {
		if l.Channel != channel || l.Class != class {
			continue
		}
		for _, t := range l.Territories {
			if t.Territory == territory {
				return fmt.Sprintf("%s for %s: listed %v, open %v, %s", l.By, l.For, t.Listed, t.Open, t.Reason)
			}
		}
		return fmt.Sprintf("%s for %s: nothing", l.By, l.For)
	}
	return "no list"
}

func TestTheListsInForceForAnAccountSayWhoseTheyAreAndWhatElseDecides(t *testing.T) {
	m := manage(t, "default: {messaging: [GB]}\nunsupported: {messaging: [IR]}\nby_request: {voice: [SG]}\n")
	m.must(t, "PUT", "/accounts/"+sidOne, `{"label": "Acme", "messaging": ["US", "IR"], "voice": {"low_risk": ["US", "ASIA"], "high_risk_special": ["US"]}}`, nil)
	m.must(t, "PUT", "/accounts/"+sidTwo, `{"parent": "`+sidOne+`", "rcs": ["FR"], "openings": [{"territory": "DE", "channel": "messaging", "until": "2099-01-01", "reason": "launch"}]}`, nil)
	m.must(t, "PUT", "/accounts/"+sidThree, `{"messaging": ["US"]}`, nil)
	m.must(t, "PUT", "/suspensions/"+sidThree, `{"reason": "leaked key"}`, nil)
	for _, test := range []struct{ name, account, channel, class, territory, want string }{
		{"its own", sidOne, "messaging", "", "US", "own for messaging: listed true, open true, enabled"},
		{"its own, that the carrier does not serve", sidOne, "messaging", "", "IR", "own for messaging: listed false, open false, unsupported"},
		{"by a group", sidOne, "voice", "low_risk", "JP", "own for voice: listed true, open true, enabled"},
		{"by a group, and by request only", sidOne, "voice", "low_risk", "SG", "own for voice: listed false, open false, by_request"},
		{"another class", sidOne, "voice", "high_risk_special", "JP", "own for voice: nothing"},
		{"messages by an app", sidOne, "whatsapp", "", "US", "own for messaging: listed true, open true, enabled"},
		{"inherited", sidTwo, "messaging", "", "US", "parent for messaging: listed true, open true, enabled"},
		{"inherited, by an app", sidTwo, "whatsapp", "", "US", "parent for messaging: listed true, open true, enabled"},
		{"an app's own", sidTwo, "rcs", "", "FR", "own for rcs: listed true, open true, enabled"},
		{"opened for a time", sidTwo, "messaging", "", "DE", "parent for messaging: listed false, open true, opening"},
		{"suspended", sidThree, "messaging", "", "US", "own for messaging: listed true, open false, account_suspended"},
		{"nothing stated", sidThree, "voice", "low_risk", "US", "none for voice: listed false, open false, account_suspended"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var shown shownLists
			m.must(t, "GET", "/accounts/"+test.account+"/territories", "", &shown)
			if got := shown.words(test.channel, test.class, test.territory); got != test.want {
				t.Errorf("%s %s %s is %s, not %s", test.channel, test.class, test.territory, got, test.want)
			}
			if (test.account == sidTwo) != (shown.Parent == sidOne) || (test.account == sidThree) != shown.Suspended || shown.Stated != "store" {
				t.Errorf("the account is %+v", shown)
			}
		})
	}
	var shown shownLists
	m.must(t, "PUT", "/accounts/AC00000000000000000000000000000004", `{}`, nil)
	m.must(t, "GET", "/accounts/AC00000000000000000000000000000004/territories", "", &shown)
	if got := shown.words("messaging", "", "GB"); got != "default for messaging: listed true, open true, enabled" {
		t.Errorf("what the default opens is %s", got)
	}
}

func TestTerritoriesAreEditedInSeveralListsAtOnce(t *testing.T) {
	for _, test := range []struct {
		name, before, edits string
		status              int
		want                string // what the account states then, or the detail
	}{
		{"opened and closed", `"messaging":["US","CA"],"voice":{"low_risk":["US"]}`,
			`{"edits": [{"channel": "messaging", "territory": "CA", "open": false}, {"channel": "voice", "class": "high_risk_special", "territory": "GB", "open": true}]}`,
			200, `"messaging":["US"],"voice":{"low_risk":["US"],"high_risk_special":["GB"]}`},
		{"a group is taken apart", `"messaging":["BENELUX"]`,
			`{"edits": [{"channel": "messaging", "territory": "LU", "open": false}]}`, 200, `"messaging":["BE","NL"]`},
		{"what is open by a group stays as it is", `"messaging":["BENELUX"]`,
			`{"edits": [{"channel": "messaging", "territory": "LU", "open": true}]}`, 200, `"messaging":["BENELUX"]`},
		{"what the carrier opens by request is named", `"voice":{"low_risk":["ASIA"]}`,
			`{"edits": [{"channel": "voice", "territory": "SG", "open": true}]}`, 200, `"voice":{"low_risk":["ASIA","SG"]}`},
		{"a list that no one states comes into being", `"label":"Acme"`,
			`{"edits": [{"channel": "messaging", "territory": "US", "open": true}]}`, 200, `"messaging":["US"]`},
		{"an inherited list is not ended by the way", `"parent":"` + sidOne + `"`,
			`{"edits": [{"channel": "messaging", "territory": "CA", "open": true}]}`, 422, "turn inheritance off"},
		{"an inherited list becomes the account's own", `"parent":"` + sidOne + `"`,
			`{"edits": [{"channel": "messaging", "territory": "CA", "open": true}], "end_inheritance": true}`, 200, `"messaging":["MX","CA"]`},
		{"one mistake, and nothing changes", `"messaging":["US"]`,
			`{"edits": [{"channel": "messaging", "territory": "CA", "open": true}, {"channel": "messaging", "territory": "UX", "open": true}]}`, 422, `unknown territory \"UX\", did you mean`},
		{"a class of messages", `"messaging":["US"]`,
			`{"edits": [{"channel": "messaging", "class": "low_risk", "territory": "CA", "open": true}]}`, 422, `body.edits[0].class`},
		{"none", `"messaging":["US"]`, `{"edits": []}`, 422, "edits"},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := manage(t, "by_request: {voice: [SG]}\n")
			m.must(t, "PUT", "/accounts/"+sidOne, `{"messaging": ["MX"]}`, nil)
			m.must(t, "PUT", "/accounts/"+sidTwo, "{"+test.before+"}", nil)
			response, text := m.ask(t, owner, "POST", "/accounts/"+sidTwo+"/territories/edit", test.edits)
			if response.StatusCode != test.status {
				t.Fatalf("is answered %d %s", response.StatusCode, text)
			}
			var account json.RawMessage
			m.must(t, "GET", "/accounts/"+sidTwo, "", &account)
			if test.status != http.StatusOK {
				if !strings.Contains(text, test.want) || !strings.Contains(string(account), test.before) {
					t.Errorf("is answered %s, and the account is %s", text, account)
				}
				return
			}
			if !strings.Contains(string(account), test.want) {
				t.Errorf("the account is %s, without %s", account, test.want)
			}
		})
	}
}

func TestASuspendedAccountIsEditedAndOneOfAFileIsNot(t *testing.T) {
	m := manage(t, "accounts: [{id: "+sidThree+", messaging: [US]}]\n")
	m.must(t, "PUT", "/accounts/"+sidOne, `{"messaging": ["US"]}`, nil)
	m.must(t, "PUT", "/suspensions/"+sidOne, `{"reason": "leaked key"}`, nil)
	const edit = `{"edits": [{"channel": "messaging", "territory": "CA", "open": true}]}`
	m.must(t, "POST", "/accounts/"+sidOne+"/territories/edit", edit, nil)
	for account, status := range map[string]int{sidThree: 409, sidTwo: 404} {
		if response, text := m.ask(t, owner, "POST", "/accounts/"+account+"/territories/edit", edit); response.StatusCode != status {
			t.Errorf("%s is answered %d %s", account, response.StatusCode, text)
		}
	}
	if response, text := m.ask(t, principal("carol", access.Viewer), "POST", "/accounts/"+sidOne+"/territories/edit", edit); response.StatusCode != 403 {
		t.Errorf("a viewer is answered %d %s", response.StatusCode, text)
	}
}
