package gate_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// notifying is a limit of ten sends a day of an account, that notifies.
func notifying(steps ...int) policy.Limit {
	return policy.Limit{Name: "alert", Amount: 10, Calendar: policy.Day, Zone: policy.NewZone(time.UTC), Monitor: true, NotifyAt: steps,
		Per: []policy.Dimension{{By: policy.ByAccount}}}
}

// stepsOf are the thresholds of a decision in words.
func stepsOf(d *gate.Decision) (words []string) {
	for _, reached := range d.Thresholds {
		words = append(words, fmt.Sprint(reached.Limit.Name, " ", reached.Percent, " ", reached.Of.Shown))
	}
	return words
}

func TestALimitThatNotifiesRefusesNothingAndTellsEachStepOnceADay(t *testing.T) {
	g, now := heldGate(t, notifying(50, 100, 150))
	for day := range 2 {
		for i := range 20 {
			var want []string
			if percent := map[int]int{4: 50, 9: 100, 14: 150}[i]; percent > 0 {
				want = []string{fmt.Sprintf("alert %d [%s]", percent, benchAccount)}
			}
			d := judged(g, "+12015551000")
			if got := stepsOf(d); d.Outcome != policy.Allow || d.Reason == policy.LimitExceeded || !slices.Equal(got, want) {
				t.Errorf("day %d, send %d: %s by %q, %q, want %q", day, i, d.Outcome, d.Rule, got, want)
			}
		}
		*now = now.Add(24 * time.Hour)
	}
}

func TestAThresholdIsNotOfWhatIsGivenBack(t *testing.T) {
	g, _ := heldGate(t, notifying(20))
	judged(g, "+12015551000")
	d := judged(g, "+12015551000")
	if len(stepsOf(d)) != 1 {
		t.Errorf("reached is %q", stepsOf(d))
	}
	d.GiveBack()
	if got := stepsOf(d); got != nil {
		t.Errorf("of what is given back, it is %q", got)
	}
	if got := stepsOf(judged(g, "+12015551000")); len(got) != 1 {
		t.Errorf("of the next one, it is %q", got)
	}
}

func TestAnAllowRuleStandsInForNoLimitThatNotifies(t *testing.T) {
	snapshot, err := policy.New(policy.Definition{
		Default: &policy.Permissions{Messaging: &policy.Grant{}},
		Limits:  []policy.Limit{notifying(10)},
		Rules:   []policy.Rule{{Prefix: "12015551", Reason: "ours"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	g, _ := heldGate(t)
	g.Rules = func() *gate.Rules { return &gate.Rules{Snapshot: snapshot, Plan: numbering.Default()} }
	if d := judged(g, "+12015551000"); len(stepsOf(d)) != 1 {
		t.Errorf("%s %s: reached is %q", d.Outcome, d.Reason, stepsOf(d))
	}
}

func TestOfSeveralStepsThatARequestReachesTheHighestIsTold(t *testing.T) {
	g, _ := heldGate(t, notifying(10, 20, 30))
	d := judged(g, "+12015551000", "+12015551001", "+12015551002")
	if got, want := stepsOf(d), []string{fmt.Sprintf("alert 30 [%s]", benchAccount)}; !slices.Equal(got, want) {
		t.Errorf("reached is %q, want %q", got, want)
	}
	d.GiveBack()
	if got := stepsOf(judged(g, "+12015551000")); len(got) != 1 {
		t.Errorf("of the next one, it is %q", got)
	}
}

func TestAnExplanationSaysHowFullALimitIsThatNotifies(t *testing.T) {
	g, now := heldGate(t, notifying(50, 150))
	for range 12 {
		judged(g, "+12015551000")
	}
	e := g.Explain(&gate.Question{Account: benchAccount, Channel: policy.Messaging, To: "+12015551000", At: *now})
	last := e.Steps[len(e.Steps)-1]
	if want := "limit alert refuses nothing, and notifies at 50%, 150% of 10 sends within a day of UTC per account, of which 12 are used"; last.Text != want || e.Outcome != policy.Allow || last.Outcome != policy.Passes {
		t.Errorf("%s: %s %q", e.Outcome, last.Outcome, last.Text)
	}
}

// Each send of an answer has its own senders, and what is told names those that reached it.
func TestAThresholdOfAnAnswerNamesTheSenderThatReachedIt(t *testing.T) {
	limit := notifying(10)
	limit.Per = []policy.Dimension{{By: policy.BySender}}
	g, _ := heldGate(t, limit)
	d, _ := g.JudgeInstructions(benchAccount, "", nil)
	sends := make([]gate.Instruction, 2)
	for i, sender := range []string{"+12025550198", "+12025550199"} {
		sends[i] = gate.Instruction{Send: carrier.Send{Channel: policy.Messaging, To: "+12015551000"}, Senders: []string{sender}}
	}
	g.CountInstructions(d, gate.Counting{Instructions: sends, Passes: []bool{true, true}})
	if got, want := stepsOf(d), []string{"alert 10 [+12025550198]", "alert 10 [+12025550199]"}; !slices.Equal(got, want) {
		t.Errorf("reached is %q, want %q", got, want)
	}
}

// What clients have under way of which it is unknown whether they are the account's reaches nothing,
// and counts once the carrier has accepted it.
func TestACredentialThatIsNotKnownReachesNoStepForOthers(t *testing.T) {
	g, _ := heldGate(t, notifying(50))
	isKnown := false
	g.IsAccepted = func(*http.Request, *gate.Decision) bool { return isKnown }
	var unknown []*gate.Decision
	for range 8 {
		d := judged(g, "+12015551000")
		if unknown = append(unknown, d); len(d.Thresholds) > 0 || !d.IsLimited() {
			t.Errorf("reached is %q, and it counts: %t", stepsOf(d), d.IsLimited())
		}
	}
	isKnown = true
	if got := stepsOf(judged(g, "+12015551000")); got != nil {
		t.Errorf("of the first send, it is %q", got)
	}
	for i, d := range unknown {
		if i < 4 {
			d.GiveBack()
		} else {
			d.CountAccepted(g.Now())
		}
	}
	if got := stepsOf(judged(g, "+12015551000")); len(got) != 1 {
		t.Errorf("once four were accepted, it is %q", got)
	}
}
