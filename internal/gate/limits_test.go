package gate_test

import (
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// limitedGate is a gate that lets all messages and calls to the US pass, up to limits.
func limitedGate(t *testing.T, operator ...policy.Limit) *gate.Gate {
	t.Helper()
	us, _ := numbering.ParseTerritory("US")
	grant := policy.Grant{Set: policy.SetOf(us)}
	allowed := policy.Permissions{Messaging: &grant, Voice: &[policy.ClassCount]policy.Grant{grant, grant, grant}}
	snapshot, err := policy.New(policy.Definition{Default: &allowed, Limits: operator})
	if err != nil {
		t.Fatal(err)
	}
	rules := &gate.Rules{Snapshot: snapshot, Plan: numbering.Default()}
	g := benchGate(t)
	g.Rules = func() *gate.Rules { return rules }
	now := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	g.Counters = limits.New(now)
	g.Now = func() time.Time { return now }
	return g
}

func perAccount(amount int64) policy.Limit {
	return policy.Limit{Name: "all", Amount: amount, Window: time.Hour, Per: []policy.Dimension{{By: policy.ByAccount}}}
}

// bulk is a message to several recipients, by a channel.
func bulk(channel string, numbers ...string) *http.Request {
	for i, n := range numbers {
		numbers[i] = fmt.Sprintf(`{"address":%q,"channel":%q}`, n, channel)
	}
	r := httptest.NewRequest(http.MethodPost, "http://comms.twilio.com/v1/Messages", strings.NewReader(`{"to":[`+strings.Join(numbers, ",")+`]}`))
	r.RequestURI = r.URL.RequestURI()
	r.Header.Set("Content-Type", "application/json")
	r.SetBasicAuth(benchAccount, "secret")
	return r
}

func TestARequestOfSeveralSendsReservesAllOrNone(t *testing.T) {
	g := limitedGate(t, perAccount(3))
	const a, b, c, d = "+12015550101", "+12015550102", "+12015550103", "+12015550104"
	for _, step := range []struct {
		name    string
		request *http.Request
		outcome policy.Outcome
	}{
		{"two of three", bulk("SMS", a, b), policy.Allow},
		{"two more are one too many", bulk("SMS", c, d), policy.Deny},
		{"of which nothing was taken", bulk("SMS", c), policy.Allow},
		{"all is taken", bulk("SMS", d), policy.Deny},
	} {
		v := g.Judge(step.request)
		if v.Outcome != step.outcome || v.Outcome == policy.Deny && (v.Reason != policy.LimitExceeded || v.Rule != "operator limit all" || v.Refusal.Status != http.StatusTooManyRequests) {
			t.Errorf("%s: %s %s %q", step.name, v.Outcome, v.Reason, v.Rule)
		}
	}
}

func TestWhatIsNotSentIsGivenBack(t *testing.T) {
	g := limitedGate(t, perAccount(1))
	d := g.Judge(bulk("SMS", "+12015550101"))
	if !d.IsLimited() {
		t.Fatalf("%s %s reserved nothing", d.Outcome, d.Reason)
	}
	for range 2 {
		d.GiveBack()
	}
	if d := g.Judge(bulk("SMS", "+12015550101")); d.Outcome != policy.Allow {
		t.Errorf("%s %s after it was given back", d.Outcome, d.Reason)
	}
	if d := g.Judge(bulk("SMS", "+12015550101")); d.Outcome != policy.Deny {
		t.Errorf("%s: it was given back twice", d.Outcome)
	}
}

// Of a channel that is unknown, the destination is judged for a message and for a call.
func TestADestinationOfAnUnknownChannelCountsOnce(t *testing.T) {
	g := limitedGate(t, perAccount(2))
	d := g.Judge(bulk("PIGEON", "+12015550101", "+12015550102"))
	if d.Outcome != policy.Allow || d.Sends != 4 {
		t.Errorf("%s %s of %d sends", d.Outcome, d.Reason, d.Sends)
	}
	if d := g.Judge(bulk("SMS", "+12015550101")); d.Outcome != policy.Deny {
		t.Errorf("%s: two were not counted", d.Outcome)
	}
}

// A limit of one kind counts it, whichever of the two that is.
func TestADestinationOfAnUnknownChannelCountsForLimitsOfEachKind(t *testing.T) {
	for _, kind := range []policy.SendKind{policy.Messages, policy.Calls} {
		limit := perAccount(2)
		limit.Kind = kind
		g := limitedGate(t, limit)
		if d := g.Judge(bulk("PIGEON", "+12015550101", "+12015550102")); d.Outcome != policy.Allow {
			t.Errorf("of %s: %s %s", kind, d.Outcome, d.Reason)
		}
		if d := g.Judge(bulk("PIGEON", "+12015550101")); d.Outcome != policy.Deny {
			t.Errorf("of %s: two were not counted", kind)
		}
	}
}

// What a request does not have is that of its account: the account's own credential is a key of
// it, and its sends without a sender are counted together.
func TestNoAccountUsesUpWhatAnotherHas(t *testing.T) {
	const other = "AC22222222222222222222222222222222"
	for _, by := range []policy.DimensionKind{policy.ByKey, policy.BySender} {
		g := limitedGate(t, policy.Limit{Name: "l", Amount: 1, Window: time.Minute, Per: []policy.Dimension{{By: by}}})
		for _, c := range []struct {
			account string
			outcome policy.Outcome
		}{{benchAccount, policy.Allow}, {benchAccount, policy.Deny}, {other, policy.Allow}, {other, policy.Deny}} {
			r := bulk("SMS", "+12015550101")
			r.SetBasicAuth(c.account, "secret")
			if d := g.Judge(r); d.Outcome != c.outcome {
				t.Errorf("per %s: %s of %s is %s %s", policy.DimensionNames[by], c.outcome, c.account, d.Outcome, d.Reason)
			}
		}
	}
}

func TestClientsAreCountedByTheirNetwork(t *testing.T) {
	for _, c := range []struct {
		first, second string
		outcome       policy.Outcome
	}{
		{"192.0.2.1", "192.0.2.1", policy.Deny},
		{"192.0.2.1", "::ffff:192.0.2.1", policy.Deny},
		{"192.0.2.1", "192.0.2.2", policy.Allow},
		{"2001:db8::1", "2001:db8::ffff:ffff:ffff:ffff", policy.Deny},
		{"fe80::1%eth0", "fe80::2", policy.Deny},
		{"2001:db8::1", "2001:db8:0:1::1", policy.Allow},
		{"@", "@", policy.Deny}, // of a Unix socket
	} {
		g := limitedGate(t, policy.Limit{Name: "l", Amount: 1, Window: time.Minute, Per: []policy.Dimension{{By: policy.ByClient}}})
		var client string
		g.Client = func(*http.Request) string { return client }
		client = c.first
		g.Judge(bulk("SMS", "+12015550101"))
		client = c.second
		if d := g.Judge(bulk("SMS", "+12015550101")); d.Outcome != c.outcome {
			t.Errorf("%s after %s: %s %s", c.second, c.first, d.Outcome, d.Reason)
		}
	}
}

// What is refused for another reason, or for its URLs, takes nothing of a limit.
func TestWhatIsRefusedTakesNothing(t *testing.T) {
	g := limitedGate(t, perAccount(1))
	if d := g.Judge(bulk("SMS", "+12015550101", "+998912345678")); d.Reason != policy.TerritoryNotEnabled || d.IsLimited() {
		t.Errorf("%s, reserved %t", d.Reason, d.IsLimited())
	}
	if d := g.Judge(bulk("SMS", "+12015550101")); d.Outcome != policy.Allow {
		t.Errorf("%s %s", d.Outcome, d.Reason)
	}
}

// A limit that only records says of what it would refuse if it denied, and of nothing else.
func TestMonitorRecordsWhatDenyWouldRefuse(t *testing.T) {
	outcomes := map[bool][]bool{}
	for _, monitor := range []bool{false, true} {
		limit := perAccount(3)
		limit.Monitor = monitor
		g := limitedGate(t, limit)
		now := g.Now()
		g.Now = func() time.Time { return now }
		for range 40 {
			now = now.Add(15 * time.Minute) // four an hour
			d := g.Judge(bulk("SMS", "+12015550101"))
			outcomes[monitor] = append(outcomes[monitor], d.Reason == policy.LimitExceeded)
			if monitor && d.Outcome == policy.Deny {
				t.Errorf("refused: %s", d.Reason)
			}
		}
	}
	if refused := outcomes[false]; !slices.Equal(refused, outcomes[true]) || !slices.Contains(refused, true) || !slices.Contains(refused[20:], false) {
		t.Errorf("deny refuses\n%v, monitor records\n%v", refused, outcomes[true])
	}
}

func TestWithoutCountersNothingIsLimited(t *testing.T) {
	g := limitedGate(t, perAccount(1))
	g.Counters = nil
	for range 3 {
		if d := g.Judge(bulk("SMS", "+12015550101")); d.Outcome != policy.Allow {
			t.Errorf("%s %s", d.Outcome, d.Reason)
		}
	}
}

// An account that opens a number for itself, such as by the carrier's safe list, is still held
// to what is stated above it.
func TestAnAllowRuleStandsInForLimitsOfItsLevelAndBelow(t *testing.T) {
	const parent, to = "AC22222222222222222222222222222222", "+12015550101"
	allow := []policy.Rule{{Prefix: to[1:], Reason: "our test phone"}}
	for _, c := range []struct {
		allowed, limited string
		lifted           bool
	}{
		{"operator", "operator", true}, {"operator", "parent", true}, {"operator", "account", true},
		{"parent", "operator", false}, {"parent", "parent", true}, {"parent", "account", true},
		{"account", "operator", false}, {"account", "parent", false}, {"account", "account", true},
	} {
		rules := map[string][]policy.Rule{c.allowed: allow}
		stated := map[string][]policy.Limit{c.limited: {perAccount(1)}}
		at := func(id string) []policy.CarrierAccount { return []policy.CarrierAccount{{Carrier: "twilio", ID: id}} }
		snapshot, err := policy.New(policy.Definition{
			Rules: rules["operator"], Limits: stated["operator"],
			Accounts: []policy.Account{
				{ID: parent, At: at(parent), Rules: rules["parent"], Limits: stated["parent"]},
				{ID: benchAccount, At: at(benchAccount), Parent: parent, Rules: rules["account"], Limits: stated["account"]},
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		g := limitedGate(t)
		g.Rules = func() *gate.Rules { return &gate.Rules{Snapshot: snapshot, Plan: numbering.Default()} }
		for _, want := range []bool{true, c.lifted} {
			if d := g.Judge(bulk("SMS", to)); (d.Outcome == policy.Allow) != want {
				t.Errorf("allowed by the %s, limited by the %s: %s %s", c.allowed, c.limited, d.Outcome, d.Reason)
			}
		}
		e := g.Explain(&gate.Question{Account: benchAccount, Channel: policy.Messaging, To: to})
		if last := e.Steps[len(e.Steps)-1]; last.Name != policy.StepLimit || strings.Contains(last.Text, "an allow rule stands in for it") != c.lifted {
			t.Errorf("allowed by the %s, limited by the %s, it is explained by %q", c.allowed, c.limited, last.Text)
		}
	}
}

func TestDimensionsTellSendsApart(t *testing.T) {
	const first = "+12015551001"
	for _, c := range []struct {
		per   policy.Dimension
		same  string // shares the first one's count
		other string // has one of its own
	}{
		{policy.Dimension{By: policy.ByNumber}, first, "+12015551002"},
		{policy.Dimension{By: policy.ByBlock, Digits: 3}, "+12015551999", "+12015552001"},
		{policy.Dimension{By: policy.ByBlock, Digits: 4}, "+12015559999", "+12015561001"},
		{policy.Dimension{By: policy.ByPrefix, Digits: 4}, "+12019990001", "+12025551001"},
		{policy.Dimension{By: policy.ByTerritory}, "+12125551001", ""},
		{policy.Dimension{By: policy.ByAccount}, "+12125551001", ""},
	} {
		t.Run(c.per.String(), func(t *testing.T) {
			g := limitedGate(t, policy.Limit{Name: "l", Amount: 1, Window: time.Minute, Per: []policy.Dimension{c.per}})
			outcomes := map[string]policy.Outcome{first: policy.Allow, c.same: policy.Deny, c.other: policy.Allow}
			if c.same == first {
				outcomes = map[string]policy.Outcome{c.other: policy.Allow}
			}
			if d := g.Judge(bulk("SMS", first)); d.Outcome != policy.Allow {
				t.Fatalf("the first is %s", d.Reason)
			}
			if d := g.Judge(bulk("SMS", c.same)); d.Outcome != policy.Deny {
				t.Errorf("%s is counted apart", c.same)
			}
			if d := g.Judge(bulk("SMS", cmp.Or(c.other, first))); c.other != "" && d.Outcome != outcomes[c.other] {
				t.Errorf("%s is %s", c.other, d.Reason)
			}
		})
	}
}

func TestALimitIsOfTheSendsOfItsKind(t *testing.T) {
	message := "/2010-04-01/Accounts/" + benchAccount + "/Messages.json"
	call := "/2010-04-01/Accounts/" + benchAccount + "/Calls.json"
	const verify = "https://verify.twilio.com/v2/Services/VA11111111111111111111111111111111/Verifications"
	forms := map[string]string{
		message: "To=%2B12015550101&From=%2B12015550199&Body=Hello",
		call:    "To=%2B12015550101&From=%2B12015550199&Url=https%3A%2F%2Fa.example",
		verify:  "To=%2B12015550101&Channel=sms",
	}
	for _, c := range []struct {
		kind    policy.SendKind
		limited map[string]bool
	}{
		{policy.AnySend, map[string]bool{message: true, call: true, verify: true}},
		{policy.Messages, map[string]bool{message: true}},
		{policy.Calls, map[string]bool{call: true}},
		{policy.Verifications, map[string]bool{verify: true}},
	} {
		for target, form := range forms {
			g := limitedGate(t, policy.Limit{Name: "l", Kind: c.kind, Amount: 1, Window: time.Minute, Per: []policy.Dimension{{By: policy.ByNumber}}})
			var d *gate.Decision
			for range 2 {
				url := target
				if strings.HasPrefix(url, "/") {
					url = "http://api.twilio.com" + target
				}
				r := httptest.NewRequest(http.MethodPost, url, strings.NewReader(form))
				r.RequestURI = r.URL.RequestURI()
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				r.SetBasicAuth(benchAccount, "secret")
				d = g.Judge(r)
			}
			if (d.Outcome == policy.Deny) != c.limited[target] {
				t.Errorf("a limit of %q: the second %s is %s %s", c.kind, target, d.Outcome, d.Reason)
			}
			if wantCode := map[bool]int{true: 60203, false: 20429}[target == verify]; d.Outcome == policy.Deny && d.Refusal.Code != wantCode {
				t.Errorf("%s is refused with %d", target, d.Refusal.Code)
			}
		}
	}
}

func BenchmarkLimited(b *testing.B) {
	for _, count := range []int{0, 1, 4} {
		b.Run(fmt.Sprintf("%d limits", count), func(b *testing.B) {
			us, _ := numbering.ParseTerritory("US")
			grant := policy.Grant{Set: policy.SetOf(us)}
			var stated []policy.Limit
			for i := range count {
				stated = append(stated, policy.Limit{Name: fmt.Sprint(i), Amount: 1 << 31, Window: time.Hour, Per: []policy.Dimension{{By: policy.ByAccount}, {By: policy.ByBlock, Digits: 3}}})
			}
			snapshot, err := policy.New(policy.Definition{Default: &policy.Permissions{Messaging: &grant}, Limits: stated})
			if err != nil {
				b.Fatal(err)
			}
			rules := &gate.Rules{Snapshot: snapshot, Plan: numbering.Default()}
			g := benchGate(b)
			g.Rules = func() *gate.Rules { return rules }
			g.Counters = limits.New(time.Now())
			r := newBenchRequest(http.MethodPost, "To=%2B12015550123&From=%2B12015550199&Body=Hello")
			b.ReportAllocs()
			for b.Loop() {
				r.reset()
				if d := g.Judge(r.Request); d.Outcome != policy.Allow {
					b.Fatal(d.Reason)
				}
			}
		})
	}
}

func TestWhatTheCarrierSaysOfACredentialDecidesWhatCounts(t *testing.T) {
	for _, c := range []struct {
		name    string
		status  carrier.Status
		outcome policy.Outcome
		reason  policy.Reason
		// left is how many pass after it, of one.
		left int
	}{
		{"an accepted one counts", carrier.Accepted, policy.Allow, policy.Enabled, 0},
		{"a rejected one passes and does not count", carrier.Rejected, policy.Allow, policy.Enabled, 1},
		{"one that is not known is refused", carrier.Inconclusive, policy.Deny, carrier.CredentialUnchecked, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := limitedGate(t, perAccount(1))
			d := g.JudgeHolding(bulk("SMS", "+12015550101"), new(gate.Holding), func(*gate.Decision) carrier.Status { return c.status })
			if d.Outcome != c.outcome || d.Reason != c.reason {
				t.Errorf("%s %q", d.Outcome, d.Reason)
			}
			var left int
			for g.Judge(bulk("SMS", "+12015550102")).Outcome == policy.Allow {
				left++
			}
			if left != c.left {
				t.Errorf("%d more pass", left)
			}
		})
	}
	t.Run("no credential is checked where nothing is refused", func(t *testing.T) {
		recorded := perAccount(1)
		recorded.Monitor = true
		g := limitedGate(t, recorded)
		g.JudgeHolding(bulk("SMS", "+12015550101"), new(gate.Holding), func(*gate.Decision) carrier.Status {
			t.Error("it was checked")
			return carrier.Rejected
		})
	})
}

func TestAnExplanationSaysHowFullALimitIs(t *testing.T) {
	g := limitedGate(t, perAccount(4))
	for sent, want := range []policy.LimitUse{
		{Name: "all", Used: "0", Allowed: "4"},
		{Name: "all", Used: "1", Allowed: "4", Share: .25},
		{Name: "all", Used: "2", Allowed: "4", Share: .5},
	} {
		e := g.Explain(&gate.Question{Account: benchAccount, Channel: policy.Messaging, To: "+12015550101"})
		last := e.Steps[len(e.Steps)-1]
		if last.Limit == nil || *last.Limit != want {
			t.Errorf("after %d messages, the limit is %+v", sent, last.Limit)
		}
		if d := g.Judge(bulk("SMS", "+12015550101")); d.Outcome != policy.Allow {
			t.Fatalf("message %d: %s %s", sent, d.Outcome, d.Reason)
		}
	}
}
