package review_test

import (
	"encoding/json"
	"math/rand/v2"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier/twilio"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/internal/review"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

const (
	explainAccount = "AC11111111111111111111111111111111"
	explainKey     = "SK22222222222222222222222222222222"
	explainSender  = "+14155550100"
)

var explainTime = time.Date(2026, 11, 22, 3, 12, 0, 0, time.UTC)

// explainGate lets one account reach the United States and Great Britain, and
// one of its senders only the former.
func explainGate(t testing.TB, plan numbering.Plan) *gate.Gate {
	t.Helper()
	us, _ := numbering.ParseTerritory("US")
	gb, _ := numbering.ParseTerritory("GB")
	grant := policy.Grant{Set: policy.SetOf(us, gb)}
	snapshot, err := policy.New(policy.Definition{
		Revision: "d7b3deee4e0a",
		Rules:    []policy.Rule{{Block: true, Prefix: "4470", Reason: "personal numbers"}},
		Choices:  policy.Choices{MessagingSpecial: policy.Denied},
		Accounts: []policy.Account{{
			ID:          explainAccount,
			At:          []policy.CarrierAccount{at(explainAccount)},
			Label:       "Acme",
			Permissions: policy.Permissions{Messaging: &grant, Voice: &[policy.ClassCount]policy.Grant{grant}},
			Keys:        []string{explainKey},
			Verify:      policy.Permissions{Messaging: &policy.Grant{Set: policy.SetOf(us)}},
			Senders:     []policy.Sender{{ID: explainSender, Permissions: policy.Permissions{Messaging: &policy.Grant{Set: policy.SetOf(us)}}}},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	rules := &gate.Rules{Snapshot: snapshot, Plan: plan}
	return &gate.Gate{
		Carrier: twilio.Twilio{},
		Rules:   func() *gate.Rules { return rules },
		Now:     func() time.Time { return explainTime },
	}
}

func TestExplainSaysWhatTheVerdictOnASendWouldBe(t *testing.T) {
	g := explainGate(t, numbering.Default())
	text := func(to string, senders ...string) gate.Question {
		return gate.Question{Account: explainAccount, To: to, Senders: senders}
	}
	call := func(to string) gate.Question {
		return gate.Question{Account: explainAccount, To: to, Channel: policy.Voice}
	}
	for _, c := range []struct {
		says     string
		question gate.Question
		want     string // account, meaning, numbers, verdict, reason, territory, class, code
	}{
		{"a territory that is enabled", text("+14155550111"), "AC11 number +14155550111 allow enabled US  0"},
		{"a territory that is not", text("+998912345678"), "AC11 number +998912345678 deny territory_not_enabled UZ  21408"},
		{"a call there", call("+998912345678"), "AC11 number +998912345678 deny territory_not_enabled UZ low_risk 21215"},
		{"a class that is not enabled", call("+19005550123"), "AC11 number +19005550123 deny class_not_enabled US high_risk_special 21215"},
		{"a class that messages are denied", text("+449012345678"), "AC11 number +449012345678 deny class_not_enabled GB high_risk_special 21408"},
		{"a blocked prefix", text("+447012345678"), "AC11 number +447012345678 deny prefix_blocked GB  21408"},
		{"a number as people write it", text("(415) 555-0111"), "AC11 number +14155550111 allow enabled US  0"},
		{"letters on a keypad, for a call", call("+1 415 555 CALL"), "AC11 number +14155552255 allow enabled US low_risk 0"},
		{"letters are not a number for a message", text("+1 415 555 CALL"), "AC11 unreadable  deny destination_unreadable   21211"},
		{"a client carries no toll", call("client:alice"), "AC11 not_a_number  allow not_a_number   0"},
		{"a short code carries no toll", text("12345"), "AC11 not_a_number  allow not_a_number   0"},
		{"a number of its sender's country", text("07400123456", "+447400123457"), "AC11 number +447400123456 allow enabled GB  0"},
		{"of every sender's", text("9012345678", "+14155550111", "+447400123457"), "AC11 number +19012345678 +449012345678 deny class_not_enabled GB high_risk_special 21408"},
		{"of a sender whose country is unknown", text("(415) 555-0111", "Acme"), "AC11 unreadable  deny destination_unreadable   21211"},
		{"a call for help", call("+44 112"), "AC11 emergency  allow emergency   0"},
		{"a call for help by an account that the policy does not name", gate.Question{Account: "AC9", Channel: policy.Voice, To: "911"}, "AC9 emergency  allow emergency   0"},
		{"nothing at all", text(""), "AC11 missing  allow no_destination   0"},
		{"a sender with a narrower set, as people write it", text("+447400123456", "(415) 555-0100"), "AC11 number +447400123456 deny sender_not_enabled GB  21408"},
		{"a verification by its own set", gate.Question{Account: explainAccount, Verification: true, To: "+447400123456"}, "AC11 number +447400123456 deny territory_not_enabled GB  0"},
		{"a verification by call, which has none", gate.Question{Account: explainAccount, Verification: true, Channel: policy.Voice, To: "+447400123456"}, "AC11 number +447400123456 allow enabled GB low_risk 0"},
		{"an account by its key", gate.Question{Account: explainKey, To: "+14155550111"}, "AC11 number +14155550111 allow enabled US  0"},
		{"an account by its credential", gate.Question{Credential: explainKey, To: "+14155550111"}, "AC11 number +14155550111 allow enabled US  0"},
		{"an unnamed child by its credential", gate.Question{Account: "AC9", Credential: explainKey, To: "+14155550111"}, "AC9 number +14155550111 allow enabled US  0"},
		{"an account that the policy does not name", gate.Question{Account: "AC9", To: "+14155550111"}, "AC9 number +14155550111 deny account_unknown US  21408"},
	} {
		t.Run(c.says, func(t *testing.T) {
			e := review.Explain(g, &c.question)
			var numbers []string
			for _, r := range e.Numbers {
				numbers = append(numbers, r.Number)
			}
			got := strings.Join([]string{e.Account[:min(4, len(e.Account))], e.Meaning, strings.Join(numbers, " "), e.Verdict, string(e.Reason), e.Territory, e.Class, strconv.Itoa(e.Code)}, " ")
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if e.Verification != c.question.Verification {
				t.Errorf("verification: %t", e.Verification)
			}
			if !e.At.Equal(explainTime) || e.Policy != "d7b3deee4e0a" || e.Destination != c.question.To || len(e.Steps) == 0 {
				t.Errorf("%+v", e)
			}
		})
	}
}

// What programs read is compared byte for byte.
func TestExplanationsAsJSON(t *testing.T) {
	g := explainGate(t, numbering.Default())
	got, err := json.Marshal(review.Explain(g, &gate.Question{Account: explainKey, Channel: policy.Voice, To: "+18005550111"}))
	if err != nil {
		t.Fatal(err)
	}
	before, steps, _ := strings.Cut(string(got), `"steps":[`)
	source, err := json.Marshal(numbering.Default().Provenance("18005550111").Source)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"destination":"+18005550111","meaning":"number",` +
		`"readings":[{"number":"+18005550111","territories":["US","CA"],"any":true,"kinds":["toll_free"],"class":"low_risk","listed":true,` +
		`"calling_code":"+1","matched":"+1800","source":` + string(source) + `}],` +
		`"account":"AC11111111111111111111111111111111","label":"Acme","channel":"voice",` +
		`"territory":"US","territory_name":"United States","class":"low_risk","verdict":"allow","reason":"enabled",` +
		`"rule":"account AC11111111111111111111111111111111 voice","policy":"d7b3deee4e0a","at":"2026-11-22T03:12:00Z",`
	if before != want {
		t.Errorf("got\n%s\nwant\n%s", before, want)
	}
	const first = `{"name":"account","level":"account AC11111111111111111111111111111111","outcome":"passes","text":"\"Acme\" is not suspended"},` +
		`{"name":"destination","number":"+18005550111","outcome":"passes",`
	if !strings.HasPrefix(steps, first) {
		t.Errorf("got\n%s\nwant\n%s", steps, first)
	}
	empty, err := json.Marshal(review.Explain(g, &gate.Question{Account: explainAccount}))
	if err != nil || !strings.Contains(string(empty), `"readings":[]`) {
		t.Errorf("%s, %v", empty, err)
	}
}

func TestExplainSaysHowItKnowsWhatANumberIs(t *testing.T) {
	us, _ := numbering.ParseTerritory("US")
	plan := numbering.Extend(numbering.Default(),
		[]numbering.Range{{Prefix: "999", Territory: us, Kinds: numbering.Kinds(numbering.Mobile)}},
		numbering.NewTollFraud([]numbering.TollFraudRange{{Prefix: "881", Source: "the list"}}))
	g := explainGate(t, plan)
	known := plan.Provenance("447400123456")
	for _, c := range []struct {
		says, to, want string // calling code, matched digits, source, network, class
	}{
		{"a number of the plan", "+447400123456", "+44 +" + known.Matched + " " + known.Source + " low_risk"},
		{"a satellite phone", "+881612345678", "+881 +881 the list +8816 Iridium high_risk_tollfraud"},
		{"a range of the policy under an unassigned calling code", "+9991234567", " +999 range +999 of the policy low_risk"},
		{"an unassigned calling code", "+2105551234", "   "},
	} {
		e := review.Explain(g, &gate.Question{Account: explainAccount, Channel: policy.Voice, To: c.to})
		if len(e.Numbers) != 1 {
			t.Errorf("%s: %d numbers", c.says, len(e.Numbers))
			continue
		}
		r := e.Numbers[0]
		got := []string{r.CallingCode, r.Matched, r.Source}
		if r.Network != nil {
			got = append(got, r.Network.Prefix, r.Network.Name)
		}
		if got := strings.Join(append(got, r.Class), " "); got != c.want {
			t.Errorf("%s: got %q, want %q", c.says, got, c.want)
		}
	}
	text, err := json.Marshal(review.Explain(g, &gate.Question{Account: explainAccount, Channel: policy.Voice, To: "+881612345678"}).Numbers)
	const want = `[{"number":"+881612345678","territories":["+881"],"any":false,"kinds":["revenue_share"],"class":"high_risk_tollfraud",` +
		`"listed":true,"calling_code":"+881","matched":"+881","source":"the list","network":{"prefix":"+8816","name":"Iridium"}}]`
	if err != nil || string(text) != want {
		t.Errorf("got\n%s, %v\nwant\n%s", text, err, want)
	}
}

// What Explain says of a send is what Judge does to a request that holds it.
func TestExplainSaysWhatJudgeDoes(t *testing.T) {
	g := explainGate(t, numbering.Default())
	for _, to := range []string{
		"+14155550111", "+998912345678", "+447012345678", "+447400123456", "(415) 555-0111", "4915112345", "+18005550111",
		"client:alice", "sip:+14155550111@example.com", "sip:bob@example.com", "whatsapp:+989121234567", "12345", "911",
		"+1 415 555 CALL", "+19005550123", "+449012345678", "+15005550006", "+21055501000", "nonsense", "",
	} {
		for _, from := range []string{explainSender, "acme"} {
			for channel, resource := range map[policy.Channel]string{policy.Messaging: "Messages", policy.Voice: "Calls"} {
				form := url.Values{"To": {to}, "From": {from}, "Url": {"https://example.com/"}}
				r := httptest.NewRequest("POST", "https://api.twilio.com/2010-04-01/Accounts/"+explainAccount+"/"+resource+".json", strings.NewReader(form.Encode()))
				r.RequestURI = r.URL.RequestURI()
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				r.SetBasicAuth(explainAccount, "secret")
				d := g.Judge(r)
				e := review.Explain(g, &gate.Question{Account: explainAccount, Channel: channel, To: to, Senders: []string{from}})
				got := []any{e.Account, e.Verdict, e.Reason, e.Territory, e.Class, e.Rule, e.Code, e.UnlistedRange}
				want := []any{d.Account, d.Outcome.String(), d.Reason, d.Territory.String(), d.ClassName(d.Channel), d.Rule, d.Refusal.Code, d.Unlisted}
				if !slices.Equal(got, want) {
					t.Errorf("%s to %q from %q\nExplain %v\nJudge   %v", resource, to, from, got, want)
				}
			}
		}
	}
}

// BenchmarkExplain explains messages to numbers never seen, on all processors,
// and writes each explanation as JSON.
func BenchmarkExplain(b *testing.B) {
	g := explainGate(b, numbering.Default())
	var destinations []string
	r := rand.New(rand.NewPCG(1, 2))
	for len(destinations) < 10_000 {
		to := "+" + strconv.FormatInt(1+r.Int64N(9), 10) + strconv.FormatInt(1_000_000_000+r.Int64N(9_000_000_000), 10)
		if e := review.Explain(g, &gate.Question{Account: explainAccount, To: to}); slices.ContainsFunc(e.Numbers, func(n review.Number) bool { return n.Listed }) {
			destinations = append(destinations, to)
		}
	}
	for name, senders := range map[string][]string{"no sender": nil, "one sender": {explainSender}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for i := rand.N(len(destinations)); pb.Next(); i++ {
					e := review.Explain(g, &gate.Question{Account: explainAccount, To: destinations[i%len(destinations)], Senders: senders})
					if _, err := json.Marshal(e); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}
