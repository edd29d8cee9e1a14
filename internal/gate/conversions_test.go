package gate_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/policy"
)

// unverifiedLimit is one per account and block of 1,000 numbers.
func unverifiedLimit(amount int64) policy.Limit {
	return policy.Limit{
		Name: "signup", Kind: policy.Verifications, Of: policy.Unverified, Amount: amount, Window: time.Hour,
		Per: []policy.Dimension{{By: policy.ByAccount}, {By: policy.ByBlock, Digits: 3}},
	}
}

const verifyService = "http://verify.twilio.com/v2/Services/VA11111111111111111111111111111111"

// verification is a request for a code to a number, or for the check of one.
func verification(account, path, to string) *http.Request {
	form := url.Values{"To": {to}, "Channel": {"sms"}, "Code": {"123456"}}
	r := httptest.NewRequest(http.MethodPost, verifyService+path, strings.NewReader(form.Encode()))
	r.RequestURI = r.URL.RequestURI()
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(account, "secret")
	return r
}

// verify asks for a code and reports whether it may be sent.
func verify(g *gate.Gate, account, to string) bool {
	return g.Judge(verification(account, "/Verifications", to)).Outcome == policy.Allow
}

// answered is what the carrier answers to a check.
func answered(to, status string) []byte {
	return fmt.Appendf(nil, `{"to": %q, "status": %q}`, to, status)
}

func TestAVerifiedNumberFreesWhatItTook(t *testing.T) {
	const number, other, another = "+12015550101", "+12015550102", "AC22222222222222222222222222222222"
	for _, c := range []struct {
		name, account string
		answer        []byte
		freed         int64
	}{
		{"it was verified", benchAccount, answered(number, "approved"), 2},
		{"the code was wrong", benchAccount, answered(number, "pending"), 0},
		{"another number was verified", benchAccount, answered("+12015550103", "approved"), 0},
		{"a number of another block", benchAccount, answered("+12015560101", "approved"), 0},
		{"an address was verified", benchAccount, answered("a@b.example", "approved"), 0},
		{"another account verified it", another, answered(number, "approved"), 0},
		{"nothing can be read", benchAccount, []byte("approved"), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			operators := unverifiedLimit(3)
			operators.Per = operators.Per[1:] // all accounts together
			g := limitedGate(t, operators)
			for i, to := range []string{number, other, number} {
				if !verify(g, benchAccount, to) {
					t.Fatalf("verification %d is refused", i)
				}
			}
			if verify(g, benchAccount, number) {
				t.Fatal("a fourth passes")
			}
			r := verification(c.account, "/VerificationCheck", number)
			d := g.Judge(r)
			if !g.SeesConversions(d) {
				t.Fatal("its answer is not read")
			}
			if freed, _ := g.ConvertAnswered(r, d, c.answer); freed != c.freed {
				t.Errorf("%d are freed, want %d", freed, c.freed)
			}
			if verify(g, benchAccount, other) != (c.freed > 0) {
				t.Errorf("afterwards another one passes, or not")
			}
		})
	}
}

func TestAnswersAreReadOnlyWhereLimitsAreOfTheUnverified(t *testing.T) {
	for _, c := range []struct {
		name  string
		limit policy.Limit
		path  string
		want  bool
	}{
		{"a check", unverifiedLimit(1), "/VerificationCheck", true},
		{"an update", unverifiedLimit(1), "/Verifications/VE1", true},
		{"a new one", unverifiedLimit(1), "/Verifications", false},
		{"a check without such a limit", perAccount(1), "/VerificationCheck", false},
	} {
		g := limitedGate(t, c.limit)
		if got := g.SeesConversions(g.Judge(verification(benchAccount, c.path, "+12015550101"))); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}

// Codes in messages of one's own are verified by an application: it says so.
func TestMessagesAreConvertedByThoseWhoSendThem(t *testing.T) {
	const number = "+12015550101"
	limit := unverifiedLimit(1)
	limit.Kind = policy.Messages
	for _, c := range []struct {
		name       string
		conversion gate.Conversion
		freed      int64
		ok         bool
	}{
		{"of messages", gate.Conversion{Account: benchAccount, Number: number, Of: gate.MessagesAndVerifications}, 1, true},
		{"of verifications alone", gate.Conversion{Account: benchAccount, Number: number}, 0, true},
		{"of another account", gate.Conversion{Account: "AC22222222222222222222222222222222", Number: number, Of: gate.MessagesAndVerifications}, 0, true},
		{"of no number", gate.Conversion{Account: benchAccount, Number: "a@b.example", Of: gate.MessagesAndVerifications}, 0, false},
	} {
		g := limitedGate(t, limit)
		if d := g.Judge(bulk("SMS", number)); d.Outcome != policy.Allow {
			t.Fatalf("%s: %s", c.name, d.Reason)
		}
		if freed, ok := g.Convert(c.conversion); freed != c.freed || ok != c.ok {
			t.Errorf("%s: %d %t", c.name, freed, ok)
		}
	}
}

func TestExplainSaysHowAnAmountHasGrown(t *testing.T) {
	limit := unverifiedLimit(2)
	limit.Adaptive = true
	g := limitedGate(t, limit)
	for i := range 15 {
		number := fmt.Sprintf("+12015550%03d", i)
		verify(g, benchAccount, number)
		g.Convert(gate.Conversion{Account: benchAccount, Number: number})
	}
	question := &gate.Question{Account: benchAccount, Channel: policy.Messaging, Verification: true, To: "+12015550999"}
	for i, want := range []policy.Outcome{policy.Allow, policy.Allow, policy.Allow, policy.Deny} {
		explained := g.Explain(question)
		text := "limit signup allows 2 (adaptive) unverified of verify within 1h per account, block:3, " +
			"now 3 as 15 numbers were verified in one window of the last 14 days, of which " + limit.UsedText(int64(i))
		if last := explained.Steps[len(explained.Steps)-1]; last.Text != text || explained.Outcome != want {
			t.Errorf("%s: %s, want %s: %s", explained.Outcome, last.Text, want, text)
		}
		verify(g, benchAccount, "+12015550999")
	}
}

// Behind a broker, clients have keys of the gate's: the account is that of the key.
func TestAKeyOfTheGatesConvertsForItsAccount(t *testing.T) {
	g := limitedGate(t, unverifiedLimit(1))
	broker, authorization := benchBroker(t)
	g.Broker = broker
	ask := func(path string) (*http.Request, *gate.Decision) {
		r := verification(benchAccount, path, "+12015550101")
		r.Header.Set("Authorization", authorization)
		return r, g.Judge(r)
	}
	for i, want := range []policy.Outcome{policy.Allow, policy.Deny} {
		if _, d := ask("/Verifications"); d.Outcome != want {
			t.Fatalf("verification %d: %s %s", i, d.Outcome, d.Reason)
		}
	}
	r, d := ask("/VerificationCheck")
	if freed, ok := g.ConvertAnswered(r, d, answered("+12015550101", "approved")); freed != 1 || !ok {
		t.Errorf("%d are freed, %t; the check is %s %s", freed, ok, d.Outcome, d.Reason)
	}
}

func TestExplainSaysThatOneNumberWasVerified(t *testing.T) {
	limit := unverifiedLimit(2)
	limit.Adaptive = true
	g := limitedGate(t, limit)
	verify(g, benchAccount, "+12015550001")
	g.Convert(gate.Conversion{Account: benchAccount, Number: "+12015550001"})
	explained := g.Explain(&gate.Question{Account: benchAccount, Channel: policy.Messaging, Verification: true, To: "+12015550999"})
	if last := explained.Steps[len(explained.Steps)-1].Text; !strings.Contains(last, ", now 2 as 1 number was verified in one window") {
		t.Error(last)
	}
}
