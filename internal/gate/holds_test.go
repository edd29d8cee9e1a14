package gate_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// heldBlocks is a limit of four sends an hour of each block of 1,000 numbers.
func heldBlocks() policy.Limit {
	return policy.Limit{Name: "block", Amount: 4, Window: 10 * time.Minute, HoldFor: 15 * time.Minute,
		Per: []policy.Dimension{{By: policy.ByAccount}, {By: policy.ByBlock, Digits: 3}}}
}

// heldGate is a gate with a clock that holds what is over limits.
func heldGate(t *testing.T, operator ...policy.Limit) (*gate.Gate, *time.Time) {
	t.Helper()
	g := limitedGate(t, operator...)
	now := g.Now()
	g.Now, g.Holds = func() time.Time { return now }, limits.NewHolds()
	return g, &now
}

// judged is what a message is answered.
func judged(g *gate.Gate, numbers ...string) *gate.Decision { return g.Judge(bulk("SMS", numbers...)) }

func TestAHeldBlockIsRefusedAndNoOther(t *testing.T) {
	g, now := heldGate(t, heldBlocks())
	for i := range 4 {
		if d := judged(g, fmt.Sprintf("+1201555100%d", i)); d.Outcome != policy.Allow {
			t.Fatalf("send %d: %s", i, d.Reason)
		}
	}
	first := judged(g, "+12015551004")
	*now = now.Add(14 * time.Minute) // the limit itself has room
	for name, c := range map[string]struct {
		numbers []string
		outcome policy.Outcome
	}{
		"a number of the block":        {[]string{"+12015551001"}, policy.Deny},
		"one that is among others":     {[]string{"+12015562000", "+12015551001"}, policy.Deny},
		"another block":                {[]string{"+12015562000"}, policy.Allow},
		"another, by the same senders": {[]string{"+12015563000"}, policy.Allow},
	} {
		d := judged(g, c.numbers...)
		if d.Outcome != c.outcome {
			t.Errorf("%s: %s %s", name, d.Outcome, d.Reason)
		}
		if c.outcome == policy.Deny && (d.Hold == "" || d.Hold != first.Hold || d.Limit != "block" || d.Rule != "operator limit block" ||
			d.Reason != policy.LimitExceeded || d.Refusal.Status != http.StatusBadRequest || d.Refusal.Code != 21408) {
			t.Errorf("%s: by %q hold %q: %d %d", name, d.Limit, d.Hold, d.Refusal.Status, d.Refusal.Code)
		}
	}
	list := g.Holds.List(*now)
	if len(list) != 1 || list[0].ID != first.Hold || list[0].Refused != 3 || list[0].Repeats != 0 || list[0].Level != "operator" ||
		strings.Join(list[0].Shown, " ") != benchAccount+" +12015551xxx" || list[0].Account != benchAccount {
		t.Errorf("held are %+v", list)
	}
}

// Once a hold is over, half of the limit is let through for one window; who sends more is held
// for longer.
func TestAHoldIsHalfOpenBeforeItIsReleased(t *testing.T) {
	for _, c := range []struct {
		name   string
		sends  int
		passed int
		level  int
	}{
		{"few are let through", 2, 2, -1},
		{"one more is held again, for longer", 6, 2, 1},
	} {
		g, now := heldGate(t, heldBlocks())
		for range 5 {
			judged(g, "+12015551000")
		}
		*now = now.Add(15 * time.Minute)
		passed := 0
		for range c.sends {
			if judged(g, "+12015551000").Outcome == policy.Allow {
				passed++
			}
		}
		list := g.Holds.List(*now)
		switch {
		case passed != c.passed || len(list) != 1:
			t.Errorf("%s: %d passed, held are %+v", c.name, passed, list)
		case c.level < 0 && !list[0].HalfOpen, c.level >= 0 && (list[0].HalfOpen || list[0].Repeats != c.level || list[0].Until.Sub(*now) != time.Hour):
			t.Errorf("%s: %+v", c.name, list[0])
		}
		*now = now.Add(11 * time.Minute)
		if d := judged(g, "+12015551000"); (d.Outcome == policy.Allow) != (c.level < 0) {
			t.Errorf("%s: a window later, %s", c.name, d.Outcome)
		}
	}
}

// What was let through before a hold may use up a long window. Half open, that alone holds nothing
// again: it is refused as by any limit, and the client is told when there is room.
func TestAWindowThatIsStillFullHoldsNothingAgain(t *testing.T) {
	long := heldBlocks()
	long.Window = 24 * time.Hour
	g, now := heldGate(t, long)
	for range 5 {
		judged(g, "+12015551000")
	}
	*now = now.Add(20 * time.Minute)
	for range 9 {
		if d := judged(g, "+12015551000"); d.Outcome != policy.Deny || d.Hold != "" || d.RetryAfter <= 0 || d.Refusal.Status != http.StatusTooManyRequests {
			t.Errorf("%s by hold %q, %d", d.Outcome, d.Hold, d.Refusal.Status)
		}
	}
	if list := g.Holds.List(*now); len(list) != 1 || !list[0].HalfOpen {
		t.Errorf("held are %+v", list)
	}
}

// Numbers are counted once while half of them is let through, as they are by the limit.
func TestHalfOfTheNumbersIsLetThrough(t *testing.T) {
	numbers := heldBlocks()
	numbers.Of = policy.Numbers
	g, now := heldGate(t, numbers)
	for i := range 5 {
		judged(g, fmt.Sprintf("+1201555100%d", i))
	}
	*now = now.Add(15 * time.Minute)
	for range 9 {
		for _, number := range []string{"+12015551000", "+12015551001"} {
			if d := judged(g, number); d.Outcome != policy.Allow {
				t.Errorf("%s: %s", number, d.Outcome)
			}
		}
	}
	if d := judged(g, "+12015551002"); d.Outcome != policy.Deny || d.Hold == "" {
		t.Errorf("the third: %s %q", d.Outcome, d.Hold)
	}
}

func TestNothingIsHeldUnlessADenialIsEnforced(t *testing.T) {
	monitor, short, noHold := heldBlocks(), heldBlocks(), heldBlocks()
	monitor.Monitor, monitor.HoldFor, noHold.HoldFor = true, 0, 0
	for name, c := range map[string]struct {
		limit policy.Limit
		held  int
	}{
		"a limit that holds":       {short, 1},
		"one that only records":    {monitor, 0},
		"one that denies, no more": {noHold, 0},
	} {
		g, now := heldGate(t, c.limit)
		for range 6 {
			judged(g, "+12015551000")
		}
		if got := len(g.Holds.List(*now)); got != c.held {
			t.Errorf("%s: %d are held, want %d", name, got, c.held)
		}
	}
}

// The safe list stands in for holds, and a limit that holds no more lets its keys go.
func TestWhatWasHeldPassesOnceThePolicySaysSo(t *testing.T) {
	us, _ := numbering.ParseTerritory("US")
	grant := policy.Grant{Set: policy.SetOf(us)}
	for name, change := range map[string]func(*policy.Definition){
		"an allow rule": func(d *policy.Definition) {
			d.Rules = []policy.Rule{{Prefix: "12015551000", Reason: "our own"}}
		},
		"a limit that holds no more": func(d *policy.Definition) { d.Limits[0].HoldFor = 0 },
		"no limit":                   func(d *policy.Definition) { d.Limits = nil },
		"observe":                    func(d *policy.Definition) { d.Observe = policy.Switch{On: true} },
	} {
		g, now := heldGate(t, heldBlocks())
		for range 5 {
			judged(g, "+12015551000")
		}
		*now = now.Add(11 * time.Minute)
		definition := policy.Definition{Default: &policy.Permissions{Messaging: &grant}, Limits: []policy.Limit{heldBlocks()}}
		change(&definition)
		snapshot, err := policy.New(definition)
		if err != nil {
			t.Fatal(err)
		}
		g.Rules = func() *gate.Rules { return &gate.Rules{Snapshot: snapshot, Plan: numbering.Default()} }
		if d := judged(g, "+12015551000"); d.Outcome == policy.Deny || d.Hold != "" {
			t.Errorf("%s: %s by hold %q", name, d.Outcome, d.Hold)
		}
	}
}

func TestAWarningPassesAndIsToldOnceAWindow(t *testing.T) {
	warned := heldBlocks()
	warned.Warn = 3
	g, _ := heldGate(t, warned)
	var told []string
	for range 5 {
		d := judged(g, "+12015551000")
		told = append(told, d.Outcome.String()+" "+d.LimitWarning)
	}
	want := []string{"allow ", "allow ", "allow block", "allow ", "deny "}
	if fmt.Sprint(told) != fmt.Sprint(want) {
		t.Errorf("told %q, want %q", told, want)
	}
}

func TestAHeldVerificationIsRefusedInVerifysWords(t *testing.T) {
	of := policy.Limit{Name: "number", Amount: 1, Window: time.Minute, HoldFor: 15 * time.Minute, Kind: policy.Verifications, Per: []policy.Dimension{{By: policy.ByNumber}}}
	g, _ := heldGate(t, of)
	g.Judge(verification(benchAccount, "/Verifications", "+12015551000"))
	for range 2 {
		if d := g.Judge(verification(benchAccount, "/Verifications", "+12015551000")); d.Refusal.Status != http.StatusForbidden || d.Refusal.Code != 60410 {
			t.Errorf("%s %s: %d %s", d.Outcome, d.Reason, d.Refusal.Status, d.Refusal.Body)
		}
	}
}

// explain says that a number is held, and counts nothing.
func TestExplainSaysThatANumberIsHeld(t *testing.T) {
	g, now := heldGate(t, heldBlocks())
	q := &gate.Question{Account: benchAccount, Channel: policy.Messaging, To: "+12015551009"}
	var id string
	for range 5 {
		id = judged(g, "+12015551000").Hold
	}
	for range 9 {
		e := g.Explain(q)
		text := e.Steps[len(e.Steps)-1].Text
		if e.Outcome != policy.Deny || e.Code != 21408 || e.Hold == nil || e.Hold.ID != id ||
			!strings.HasSuffix(text, "; held since 2026-11-30T03:00:00Z until 2026-11-30T03:15:00Z; tollgate hold release --reason <text> "+id+" ends it") {
			t.Fatalf("%s %d %s", e.Outcome, e.Code, text)
		}
	}
	*now = now.Add(15 * time.Minute)
	judged(g, "+12015551000")
	e := g.Explain(q)
	if text := e.Steps[len(e.Steps)-1].Text; e.Outcome != policy.Allow || e.Hold != nil || !strings.HasSuffix(text, "ended at 2026-11-30T03:15:00Z: 1 is used, of 2") {
		t.Errorf("half open: %s %s", e.Outcome, text)
	}
	judged(g, "+12015551000")
	if e := g.Explain(q); e.Outcome != policy.Deny || e.Hold == nil {
		t.Errorf("half open and used up: %s", e.Outcome)
	}
}
