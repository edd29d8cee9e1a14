package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/review"
)

func TestEffectiveSaysWhereAndByWhichRule(t *testing.T) {
	m := manage(t, `default: {messaging: [NZ], voice: {low_risk: [NZ]}}
prefixes:
  - {block: "+1242", reason: fraud}
  - {block: "+64", except: ["+6421"], reason: fraud}
`)
	m.must(t, "PUT", "/accounts/"+sidOne, `{"id": "`+sidOne+`", "label": "Acme", "messaging": ["US", "BS", "FR"],
		"prefixes": [{"allow": "+4930", "channel": "messaging", "reason": "office"}],
		"openings": [{"territory": "ID", "channel": "messaging", "reason": "launch", "until": "2999-01-01"}]}`, nil)
	m.must(t, "PUT", "/accounts/"+sidTwo, `{"parent": "`+sidOne+`"}`, nil)
	m.must(t, "PUT", "/accounts/"+sidThree, `{"messaging": ["US"], "suspended": true}`, nil)
	for _, c := range []struct{ name, query, want string }{
		{"its own set, an opening and rules", "account=" + sidOne + "&channel=messaging",
			"[FR own] [ID opening until 2999] [US own] (+1242 block) (+64 block but [+6421]) (+4930 allow)"},
		{"calls by the default", "account=" + sidOne + "&channel=voice&class=low_risk", "[NZ low_risk default] (+1242 block) (+64 block but [+6421])"},
		{"a class of which there are none", "account=" + sidOne + "&channel=voice&class=high_risk_special", "(+1242 block) (+64 block but [+6421])"},
		{"the parent's set, without its opening", "account=" + sidTwo + "&channel=messaging",
			"[FR parent] [US parent] (+1242 block) (+64 block but [+6421]) (+4930 allow)"},
		{"an account that is suspended", "account=" + sidThree + "&channel=messaging", "closed by account_suspended (+1242 block) (+64 block but [+6421])"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got review.Effective
			m.must(t, "GET", "/effective?"+c.query, "", &got)
			if text := written(&got); text != c.want {
				t.Errorf("got  %s\nwant %s", text, c.want)
			}
		})
	}
}

// written is the gist of an answer.
func written(e *review.Effective) string {
	var words []string
	if e.Closed != "" {
		words = append(words, "closed by "+string(e.Closed))
	}
	for _, t := range e.Territories {
		word := strings.Join(strings.Fields(t.Territory+" "+t.Class+" "+t.By), " ")
		if !t.Until.IsZero() {
			word += fmt.Sprintf(" until %d", t.Until.Year())
		}
		words = append(words, "["+word+"]")
	}
	for _, p := range e.Prefixes {
		word := p.Prefix + " " + p.Effect
		if p.Except != nil {
			word += fmt.Sprint(" but ", p.Except)
		}
		words = append(words, "("+word+")")
	}
	return strings.Join(words, " ")
}

func TestJudgeExplainsASendThatIsNotSent(t *testing.T) {
	m := manage(t, "")
	m.must(t, "PUT", "/accounts/acme", `{"at": {"twilio": "`+sidOne+`"}, "messaging": ["US"]}`, nil)
	for _, c := range []struct{ name, account, to, verdict, reason string }{
		{"by its name", "acme", "+12025550123", "allow", "enabled"},
		{"by its id at the carrier", sidOne, "+12025550123", "allow", "enabled"},
		{"to where it may not", "acme", "+442079460000", "deny", "territory_not_enabled"},
		{"to what is not a number", "acme", "hello", "deny", "destination_unreadable"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got struct {
				Account, Name, Verdict, Reason string
				Steps                          []any
			}
			m.must(t, "POST", "/judge", `{"account": "`+c.account+`", "channel": "messaging", "to": "`+c.to+`"}`, &got)
			if got.Verdict != c.verdict || got.Reason != c.reason || got.Name != "acme" || got.Account != sidOne || len(got.Steps) == 0 {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestOneWhoIsLimitedToAnAccountIsToldNothingOfOthers(t *testing.T) {
	m := manage(t, "")
	m.must(t, "PUT", "/accounts/acme", `{"at": {"twilio": "`+sidOne+`"}, "messaging": ["US"]}`, nil)
	m.must(t, "PUT", "/accounts/beta", `{"at": {"twilio": "`+sidTwo+`"}}`, nil)
	limited := principal("carol", access.Viewer, "acme")
	for _, c := range []struct {
		account string
		status  int
	}{{"acme", 200}, {sidOne, 200}, {"beta", 403}, {sidTwo, 403}, {"betta", 403}, {sidThree, 403}} {
		response, text := m.ask(t, limited, "GET", "/effective?channel=messaging&account="+c.account, "")
		if response.StatusCode != c.status || c.status == 403 && c.account != "beta" && strings.Contains(text, "beta") {
			t.Errorf("effective of %s: %d %s", c.account, response.StatusCode, text)
		}
		body := `{"account": "` + c.account + `", "channel": "messaging", "to": "+12025550123"}`
		if response, text := m.ask(t, limited, "POST", "/judge", body); response.StatusCode != c.status {
			t.Errorf("judging for %s: %d %s", c.account, response.StatusCode, text)
		}
	}
}
