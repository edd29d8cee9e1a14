package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/policy"
)

// heldBlock is the ID of the hold of acme's block, by the secret of these tests.
const heldBlock = "czcpwwxp4o2k4ylf"

// heldBlocks are holds of a block of acme's, of another of beta's, and of a number for all
// accounts.
func heldBlocks(now time.Time) (*limits.Holds, *limits.Counters) {
	h, c := limits.NewHolds(), limits.New(now)
	h.UseSecret([]byte("of this test"))
	for _, of := range []struct{ limit, account, id, dimension, value, shown string }{
		{"block", "acme", sidOne, "block:3", "1201555", "+1201555xxx"},
		{"block", "beta", sidTwo, "block:3", "1201556", "+1201556xxx"},
		{"number", "", "", "number", "12015570000", "+12015570000"},
	} {
		s := limits.Subject{Limit: of.limit, Level: "operator", Counter: of.limit, Account: of.account,
			Dimensions: []string{of.dimension}, Values: []string{of.value}, Shown: []string{of.shown}}
		if of.id != "" {
			s.Dimensions, s.Values, s.Shown = append(s.Dimensions, "account"), append(s.Values, of.id), append(s.Shown, of.id)
		}
		key := c.Key(of.limit, s.Values...)
		h.Begin(now, limits.Holding{Key: key, For: 15 * time.Minute, Window: time.Hour, Limit: 4}, s, 1)
	}
	return h, c
}

// heldAccounts is the policy that has their accounts.
const heldAccounts = "accounts:\n  - {id: acme, at: {twilio: " + sidOne + "}}\n  - {id: beta, at: {twilio: " + sidTwo + "}}\n"

// hold has the API show these.
func (m *managed) hold(now time.Time) { m.service.Held, m.service.Counters = heldBlocks(now) }

// holdPage is a page of holds.
type holdPage struct {
	Items []struct {
		ID, Limit, Account, State string
		Values                    map[string]string
		Refused                   int
	}
	Next string
}

func (p *holdPage) shown() (list []string) {
	for _, h := range p.Items {
		list = append(list, fmt.Sprint(h.Limit, " ", h.Account, " ", h.State, " ", h.Refused, " ", h.Values["block:3"], h.Values["number"]))
	}
	slices.Sort(list)
	return list
}

func TestHoldsAreListedAndReleasedByWhoMay(t *testing.T) {
	m := manage(t, heldAccounts)
	m.hold(time.Now())
	const ofAcme, ofBeta, ofNumber = "block acme held 1 +1201555xxx", "block beta held 1 +1201556xxx", "number  held 1 +12015570000"
	for path, want := range map[string][]string{
		"/holds":                                {ofAcme, ofBeta, ofNumber},
		"/holds?account=acme":                   {ofAcme},
		"/holds?account=" + sidTwo:              {ofBeta},
		"/holds?limit_name=number":              {ofNumber},
		"/holds?account=beta&limit_name=number": nil,
	} {
		var page holdPage
		if m.must(t, "GET", path, "", &page); !slices.Equal(page.shown(), want) {
			t.Errorf("%s: %q, want %q", path, page.shown(), want)
		}
	}
	for path, want := range map[string]string{
		"/holds?account=acmee": `account acmee is not in the policy, did you mean \"acme\"?`,
		"/holds?account=Acme!": `\"Acme!\" is not an account`,
	} {
		if response, text := m.ask(t, owner, "GET", path, ""); response.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text, want) {
			t.Errorf("%s: %d %s", path, response.StatusCode, text)
		}
		if response, text := m.ask(t, owner, "DELETE", path+"&reason=ours", ""); response.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text, want) {
			t.Errorf("releasing %s: %d %s", path, response.StatusCode, text)
		}
	}
	response, text := m.ask(t, principal("carol", access.Viewer, "acme"), "GET", "/holds?account="+sidOne, "")
	if response.StatusCode != http.StatusOK || !strings.Contains(text, "+1201555xxx") {
		t.Errorf("an account by its id, to who may read it alone: %d %s", response.StatusCode, text)
	}
	var all []string
	for next := ""; ; {
		var page holdPage
		m.must(t, "GET", "/holds?limit=1&cursor="+next, "", &page)
		if all = append(all, page.shown()...); page.Next == "" {
			break
		}
		next = page.Next
	}
	if slices.Sort(all); !slices.Equal(all, []string{ofAcme, ofBeta, ofNumber}) {
		t.Errorf("page by page: %q", all)
	}

	ids := map[string]string{}
	for _, h := range m.service.Held.List(time.Now()) {
		ids[h.Account] = h.ID
	}
	limited := principal("carol", access.Admin, "acme")
	for _, c := range []struct {
		says   string
		by     access.Principal
		id     string
		status int
	}{
		{"another account's", limited, ids["beta"], http.StatusForbidden},
		{"one of all accounts", limited, ids[""], http.StatusForbidden},
		{"one that is not there is not told of", limited, "unknown", http.StatusForbidden},
		{"by a viewer", principal("dave", access.Viewer), ids["acme"], http.StatusForbidden},
		{"the account's own", limited, ids["acme"], http.StatusOK},
		{"which is over", owner, ids["acme"], http.StatusNotFound},
		{"one of all accounts, by who may", owner, ids[""], http.StatusOK},
	} {
		if response, text := m.ask(t, c.by, "DELETE", "/holds/"+c.id+"?reason=ours", ""); response.StatusCode != c.status {
			t.Errorf("%s: %d %s", c.says, response.StatusCode, text)
		}
	}
	var changes struct{ Items []json.RawMessage }
	m.must(t, "GET", "/audit/changes", "", &changes)
	if len(changes.Items) != 2 || !strings.Contains(string(changes.Items[1]), "hold.release") ||
		!strings.Contains(string(changes.Items[1]), `"reason":"ours"`) || !strings.Contains(string(changes.Items[1]), "+1201555xxx") {
		t.Errorf("recorded %s", changes.Items)
	}
	var page holdPage
	if m.must(t, "GET", "/holds", "", &page); !slices.Equal(page.shown(), []string{ofBeta}) {
		t.Errorf("left are %q", page.shown())
	}
}

func TestADryRunReleasesNothing(t *testing.T) {
	m := manage(t, "")
	m.hold(time.Now())
	for _, h := range m.service.Held.List(time.Now()) {
		m.must(t, "DELETE", "/holds/"+h.ID+"?reason=ours&dry_run=true", "", nil)
		m.must(t, "GET", "/holds/"+h.ID, "", nil)
	}
	if n := len(m.service.Held.List(time.Now())); n != 3 {
		t.Errorf("%d are left", n)
	}
}

// All holds that are named go in one call, which makes one record.
func TestHoldsAreReleasedTogether(t *testing.T) {
	limited := principal("carol", access.Admin, "acme")
	for _, c := range []struct {
		query    string
		by       access.Principal
		status   int
		released int
		recorded string
	}{
		{"all=true&reason=ours", owner, http.StatusOK, 3, `"object":"all holds"`},
		{"limit_name=block&reason=ours", owner, http.StatusOK, 2, `"object":"holds of limit block"`},
		{"account=acme&reason=ours", owner, http.StatusOK, 1, `"account":"acme"`},
		{"account=acme&limit_name=block&reason=ours", limited, http.StatusOK, 1, `"object":"holds of limit block of account acme"`},
		{"account=" + sidOne + "&limit_name=block&reason=ours", limited, http.StatusOK, 1, `"account":"acme"`},
		{"account=" + sidTwo + "&reason=ours", limited, http.StatusForbidden, 0, ""},
		{"account=unknown&reason=ours", limited, http.StatusForbidden, 0, ""},
		{"limit_name=another&reason=ours", owner, http.StatusOK, 0, ""},
		{"all=true&reason=ours&dry_run=true", owner, http.StatusOK, 3, ""},
		{"all=true", owner, http.StatusUnprocessableEntity, 0, ""},
		{"reason=ours", owner, http.StatusUnprocessableEntity, 0, ""},
		{"all=true&account=acme&reason=ours", owner, http.StatusUnprocessableEntity, 0, ""},
		{"all=true&reason=ours", limited, http.StatusForbidden, 0, ""},
		{"limit_name=block&reason=ours", limited, http.StatusForbidden, 0, ""},
		{"account=beta&reason=ours", limited, http.StatusForbidden, 0, ""},
		{"account=acme&reason=ours", principal("dave", access.Viewer), http.StatusForbidden, 0, ""},
	} {
		t.Run(c.query, func(t *testing.T) {
			m := manage(t, heldAccounts)
			m.hold(time.Now())
			response, text := m.ask(t, c.by, "DELETE", "/holds?"+c.query, "")
			var answer struct {
				Released []string
				Changed  bool
			}
			if err := json.Unmarshal([]byte(text), &answer); response.StatusCode != c.status || err != nil {
				t.Fatalf("%d %s", response.StatusCode, text)
			}
			if len(answer.Released) != c.released || answer.Changed != (c.released > 0) {
				t.Errorf("it answers %s", text)
			}
			left := 3
			if !strings.Contains(c.query, "dry_run") {
				left -= c.released
			}
			if n := len(m.service.Held.List(time.Now())); n != left {
				t.Errorf("%d are left, want %d", n, left)
			}
			var changes struct{ Items []json.RawMessage }
			m.must(t, "GET", "/audit/changes", "", &changes)
			switch {
			case c.recorded == "" && len(changes.Items) != 0, c.recorded != "" && len(changes.Items) != 1:
				t.Errorf("recorded %s", changes.Items)
			case c.recorded != "" && (!strings.Contains(string(changes.Items[0]), c.recorded) || !strings.Contains(string(changes.Items[0]), fmt.Sprintf(`"count":%d`, c.released))):
				t.Errorf("recorded %s", changes.Items[0])
			}
		})
	}
}

// A hold whose limit is no longer stated says so, and can be released.
func TestAHoldWhoseLimitIsGoneSaysSo(t *testing.T) {
	m := manage(t, "limits:\n  - {name: block, amount: 25/1h, per: [account, \"block:3\"], for: 15m}\n")
	h, now := limits.NewHolds(), time.Now()
	m.service.Held, m.service.Counters = h, limits.New(now)
	stated := m.loader.Current().Snapshot.Limits(policy.CarrierAccount{})[0]
	hash := m.service.Counters.Hash()
	for i, counter := range []string{stated.Counter, stated.Counter + " of old"} {
		s := limits.Subject{Limit: "block", Level: stated.Level, Counter: counter, Dimensions: []string{"block:3"}, Values: []string{"1201555"}, Shown: []string{"+1201555xxx"}}
		h.Begin(now.Add(time.Duration(i)*time.Second), limits.Holding{Key: hash.Key(counter, "1201555"), For: 15 * time.Minute, Window: time.Hour, Limit: 4}, s, 1)
	}
	var page struct {
		Items []struct {
			ID          string
			Since       time.Time
			LimitIsGone bool `json:"limit_is_gone"`
		}
	}
	m.must(t, "GET", "/holds", "", &page)
	if len(page.Items) != 2 {
		t.Fatalf("%+v", page)
	}
	for _, h := range page.Items {
		if isOld := h.Since.After(now); h.LimitIsGone != isOld {
			t.Errorf("%+v", h)
		}
		m.must(t, "DELETE", "/holds/"+h.ID+"?reason=over", "", nil)
	}
}
