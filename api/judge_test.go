package api_test

import (
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/geo"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/openings"
	"github.com/caddy-tollgate/tollgate/internal/review"
)

func TestAVerdictSaysWhereEachRuleIsStated(t *testing.T) {
	m := manage(t, `
prefixes:
  - {block: "+4470", reason: personal numbers}
limits:
  - {name: many, amount: 10/1h, per: [account]}
accounts:
  - {id: `+sidOne+`, messaging: [US]}
`)
	m.service.HighRisk = geo.HighRisk
	m.service.Openings = openings.Rules{Max: 24 * time.Hour}
	m.must(t, "PUT", "/accounts/"+sidTwo, `{"messaging": ["US", "GB"], "parent": "`+sidOne+`"}`, nil)
	var made struct{ ID string }
	m.must(t, "POST", "/blocks", `{"block": "+49151", "channel": "messaging", "reason": "pumping"}`, &made)
	block := made.ID
	until := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	m.must(t, "POST", "/openings", `{"account": "`+sidTwo+`", "channel": "messaging", "to": "FR", "until": "`+until+`", "reason": "a campaign"}`, &made)
	opening := made.ID

	for _, c := range []struct {
		says, account, to string
		want              review.StatedAt
	}{
		{"the account of a file, with its line", sidOne, "+525512345678", review.StatedAt{Kind: "account", ID: sidOne, Place: m.file + ":8:5"}},
		{"the account of the store", sidTwo, "+525512345678", review.StatedAt{Kind: "account", ID: sidTwo}},
		{"a prefix rule of a file, with its line", sidTwo, "+447012345678", review.StatedAt{Kind: "operator", Place: m.file + ":4:5"}},
		{"a prefix rule of the store", sidTwo, "+4915112345678", review.StatedAt{Kind: "block", ID: block}},
		{"an opening", sidTwo, "+33612345678", review.StatedAt{Kind: "opening", ID: opening, Account: sidTwo}},
	} {
		t.Run(c.says, func(t *testing.T) {
			var e review.Explanation
			m.must(t, "POST", "/judge", `{"account": "`+c.account+`", "channel": "messaging", "to": "`+c.to+`"}`, &e)
			for _, s := range e.Steps {
				if s.Decides && (s.Stated == nil || *s.Stated != c.want) {
					t.Errorf("%s is stated at %+v, not %+v", s.Text, s.Stated, c.want)
				}
				if s.Limit != nil && (s.Limit.Name != "many" || s.Stated == nil || s.Stated.Place != m.file+":6:5") {
					t.Errorf("the limit %+v is stated at %+v", s.Limit, s.Stated)
				}
			}
		})
	}
	limited := principal("dora", access.Viewer, sidTwo)
	if _, text := m.ask(t, limited, "POST", "/judge", `{"account": "`+sidTwo+`", "channel": "messaging", "to": "+12025550123"}`); !strings.Contains(text, `"id":"`+sidTwo+`"`) || strings.Contains(text, `"id":"`+sidOne+`"`) {
		t.Errorf("a client that may read one account is answered %s", text)
	}
}
