package webhook_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/webhook"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/policy"
)

// counting is a judge by limits, whose clock stands still.
func counting(t testing.TB, stated ...policy.Limit) (*webhook.Judge, *limits.Counters) {
	t.Helper()
	definition := acmeIn(t, "US")
	definition.Limits = stated
	return countingBy(t, definition)
}

func countingBy(t testing.TB, definition policy.Definition) (*webhook.Judge, *limits.Counters) {
	t.Helper()
	judge := newJudge(t, definition)
	now := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	counters := limits.New(now)
	judge.Gate.Counters, judge.Gate.Holds, judge.Gate.Now = counters, limits.NewHolds(), func() time.Time { return now }
	return judge, counters
}

// perHour is a limit of so many sends an hour, per some dimensions.
func perHour(amount int64, per ...policy.DimensionKind) policy.Limit {
	l := policy.Limit{Name: "all", Amount: amount, Window: time.Hour}
	for _, kind := range per {
		l.Per = append(l.Per, policy.Dimension{By: kind})
	}
	return l
}

const (
	dialA = "<Dial>+12015550101</Dial>"
	dialB = "<Dial>+12015550102</Dial>"
	dialC = "<Dial>+12015550103</Dial>"
)

func TestWhatAnAnswerSendsIsCounted(t *testing.T) {
	say := webhook.Denied{Mode: webhook.Say, Text: "No"}
	perAccount := perHour(2, policy.ByAccount)
	monitored := perAccount
	monitored.Monitor = true
	closed := policy.Limit{Name: "never", Hours: policy.Hours{From: 0, To: 60}}
	for _, c := range []struct {
		name     string
		denied   webhook.Denied
		limit    policy.Limit
		request  *webhook.Request
		document string
		want     string // empty if it passes as it came
		used     int64  // of a limit per account
	}{
		{"calls within a limit pass", webhook.Denied{}, perAccount, aCall(), before + dialA + dialB + after, "", 2},
		{"one over it is taken out, and the others pass", webhook.Denied{}, perAccount, aCall(), before + dialA + dialB + dialC + after, before + dialA + dialB + after, 2},
		{"what takes its place is as stated", say, perAccount, aCall(), before + dialA + dialB + dialC + after, before + dialA + dialB + "<Say>No</Say>" + after, 2},
		{"one number of several is taken out of a dial", webhook.Denied{}, perAccount, aCall(),
			before + "<Dial><Number>+12015550101</Number><Number>+12015550102</Number><Number>+12015550103</Number></Dial>" + after,
			before + "<Dial><Number>+12015550101</Number><Number>+12015550102</Number></Dial>" + after, 2},
		{"what is denied takes nothing", webhook.Denied{}, perAccount, aCall(), before + "<Dial>" + inUZ + "</Dial>" + dialA + dialB + after, before + dialA + dialB + after, 2},
		{"an answer that is replaced as a whole takes nothing", webhook.Denied{Mode: webhook.Reject}, perAccount, aCall(), before + dialA + dialB + dialC + after, before + "<Reject/>" + after, 0},
		{"messages are counted", webhook.Denied{}, perAccount, aMessage(inUS), before + "<Message>a</Message><Message>b</Message><Message>c</Message>" + after, before + "<Message>a</Message><Message>b</Message>" + after, 2},
		{"a call for help is not", webhook.Denied{}, perHour(0, policy.ByAccount), aCall(), before + "<Dial>911</Dial>" + after, "", 0},
		{"a limit that records lets pass", webhook.Denied{}, monitored, aCall(), before + dialA + dialB + dialC + after, "", 2},
		{"no client asks for them", webhook.Denied{}, perHour(0, policy.ByClient), aCall(), before + dialA + after, "", 0},
		{"outside of hours nothing passes", webhook.Denied{}, closed, aCall(), before + dialA + dialB + after, before + after, 0},
		{"more than can be refused one by one goes as a whole", webhook.Denied{}, perAccount, aCall(), before + strings.Repeat(dialA, 30) + after, before + after, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			judge, counters := counting(t, c.limit)
			if judge.Denied = c.denied; c.denied.Mode == "" {
				judge.Denied.Mode = webhook.Remove
			}
			result := judge.Answer(c.request, anAnswer(c.document))
			if string(result.Body) != c.want {
				t.Errorf("got %q", result.Body)
			}
			if c.want != "" && !strings.Contains(c.document, inUZ) && result.Decision.Reason != policy.LimitExceeded {
				t.Errorf("its reason is %q", result.Decision.Reason)
			}
			demand := limits.Demand{Key: keyOfAccount(t, judge, counters), Window: time.Hour, Limit: 2, Amount: 1}
			if used, _ := counters.Used(judge.Gate.Now(), &demand); used != c.used {
				t.Errorf("%d are used", used)
			}
			if result.Decision.GiveBack(); counters.Len() != 0 {
				t.Errorf("%d keys have something after all was given back", counters.Len())
			}
		})
	}
}

// keyOfAccount is the key of the limit that is per account, by what the policy calls it.
func keyOfAccount(t testing.TB, judge *webhook.Judge, counters *limits.Counters) (key limits.Key) {
	t.Helper()
	snapshot := judge.Gate.Rules().Snapshot
	for _, l := range snapshot.Limits(policy.CarrierAccount{Carrier: "twilio", ID: acme}) {
		key = counters.Key(l.Counter, acme)
	}
	return key
}

// An answer is counted for the account, as its requests are: together they have one limit.
func TestAnAnswerTakesTheRoomThatIsLeftAndAHoldRefusesItAsAWhole(t *testing.T) {
	limit := perHour(2, policy.ByAccount)
	limit.HoldFor = 15 * time.Minute
	judge, _ := counting(t, limit)
	signed := aCall()
	signed.Signed = true
	for i, step := range []struct {
		request *webhook.Request
		want    string
		held    bool
	}{
		{signed, "", false},
		{signed, "", false},
		{aCall(), before + after, false}, // which may be anyone's: it begins no hold
		{signed, before + after, true},
		{signed, before + after, true},
	} {
		result := judge.Answer(step.request, anAnswer(before+dialA+after))
		if string(result.Body) != step.want || (result.Decision.Hold != "") != step.held {
			t.Errorf("%d: %q, held by %q", i, result.Body, result.Decision.Hold)
		}
	}
	if held := judge.Gate.Holds.List(judge.Gate.Now()); len(held) != 1 || held[0].Refused != 2 {
		t.Errorf("%+v", held)
	}
}

// A call that is dialled counts until the call that dialled it goes on or ends.
func TestADialTakesALineUntilItsCallGoesOnOrEnds(t *testing.T) {
	judge, counters := counting(t, policy.Limit{Name: "lines", Amount: 2, Of: policy.InProgress, Kind: policy.Calls, Per: []policy.Dimension{{By: policy.ByAccount}}})
	ask := func(id string, signed bool) (passes bool) {
		r := webhook.ReadRequest("https://hooks.example.com/voice", "CallSid="+id+"&AccountSid="+acme, "", nil, "")
		r.Signed = signed
		return judge.Answer(r, anAnswer(before+dialA+after)).Body == nil
	}
	for i, step := range []struct {
		name string
		do   func() bool
		want bool
	}{
		{"a call dials", func() bool { return ask("CA1", true) }, true},
		{"and another", func() bool { return ask("CA2", true) }, true},
		{"a third", func() bool { return ask("CA3", true) }, false},
		{"someone who says to be the first", func() bool { return ask("CA1", false) }, false},
		{"the first dials again", func() bool { return ask("CA1", true) }, true},
		{"what it dialled has ended", func() bool { judge.Gate.EndDialled(acme, "CA1"); return ask("CA3", true) }, true},
		{"another", func() bool { return ask("CA4", true) }, false},
		{"the second ends", func() bool { judge.Gate.EndCall(acme, "CA2"); return ask("CA4", true) }, true},
		{"a call that has ended meanwhile", func() bool { judge.Gate.EndCall(acme, "CA4"); return ask("CA4", true) }, true},
		{"leaves its line", func() bool { return ask("CA5", true) }, true},
	} {
		if got := step.do(); got != step.want {
			t.Errorf("%d, %s: passes is %t", i, step.name, got)
		}
	}
	for _, id := range []string{"CA3", "CA5"} {
		judge.Gate.EndCall(acme, id)
	}
	if counters.Len() != 0 {
		t.Errorf("%d keys are left once all calls have ended", counters.Len())
	}
}

func TestTheEndOfADialIsRead(t *testing.T) {
	for _, c := range []struct{ query, call, ended, dialEnded string }{
		{"CallSid=CA1&CallStatus=in-progress", "CA1", "", ""},
		{"CallSid=CA1&CallStatus=in-progress&DialCallStatus=no-answer", "CA1", "", "CA1"},
		{"CallSid=CA1&CallStatus=completed", "CA1", "CA1", ""},
		{"CallSid=CA1&CallSid=CA2&DialCallStatus=busy&CallStatus=completed", "", "", ""},
	} {
		r := webhook.ReadRequest("https://hooks.example.com/", "AccountSid="+acme+"&"+c.query, "", nil, "")
		if got := fmt.Sprint(r.Call, r.EndedCall, r.DialEnded); got != fmt.Sprint(c.call, c.ended, c.dialEnded) {
			t.Errorf("%s: %s", c.query, got)
		}
	}
}
