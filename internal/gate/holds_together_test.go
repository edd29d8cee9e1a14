package gate_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/policy"
)

// A client whose credential nothing is known of is refused by a hold, and neither begins nor
// renews one.
func TestWhoMayHaveNoCredentialHoldsNothing(t *testing.T) {
	g, now := heldGate(t, heldBlocks())
	judge := func(known bool, sends int) *gate.Decision {
		numbers := make([]string, sends)
		for i := range numbers {
			numbers[i] = fmt.Sprintf("+1201555100%d", i)
		}
		return g.JudgeHolding(bulk("SMS", numbers...), new(gate.Holding), func(d *gate.Decision) carrier.Status {
			d.Unchecked = !known
			return carrier.Accepted
		})
	}
	if d := judge(false, 5); d.Outcome != policy.Deny || d.Hold != "" || d.Refusal.Status != http.StatusTooManyRequests || g.Holds.Any() {
		t.Errorf("over the limit: %s, hold %q, %d", d.Outcome, d.Hold, d.Refusal.Status)
	}
	id := judge(true, 5).Hold
	*now = now.Add(14 * time.Minute)
	for range 9 {
		if d := judge(false, 1); d.Outcome != policy.Deny || d.Hold != id || id == "" {
			t.Errorf("held: %s, hold %q, want %q", d.Outcome, d.Hold, id)
		}
	}
	*now = now.Add(time.Minute)
	if list := g.Holds.List(*now); len(list) != 1 || !list[0].HalfOpen || list[0].Refused != 1 {
		t.Errorf("it was renewed: %+v", list)
	}
	if d := judge(false, 3); d.Outcome != policy.Deny || d.Hold != "" {
		t.Errorf("over the half: %s, hold %q", d.Outcome, d.Hold)
	}
}

// Of an amount that has grown, half of what it is now is let through, and what is verified is free
// again of the half, too.
func TestHalfOfWhatGrowsIsLetThrough(t *testing.T) {
	signup := unverifiedLimit(2)
	signup.Adaptive, signup.HoldFor = true, 15*time.Minute
	g, now := heldGate(t, signup)
	number := func(i int) string { return fmt.Sprintf("+1201555%04d", i) }
	convert := func(i int) {
		if freed, _ := g.Convert(gate.Conversion{Account: benchAccount, Number: number(i)}); freed != 1 {
			t.Fatalf("number %d frees %d", i, freed)
		}
	}
	for i := range 40 { // of which a fifth is 8
		if !verify(g, benchAccount, number(i)) {
			t.Fatalf("number %d is refused", i)
		}
		convert(i)
	}
	for i := range 9 {
		if verify(g, benchAccount, number(100+i)) != (i < 8) {
			t.Fatalf("of the grown amount, number %d", i)
		}
	}
	*now = now.Add(65 * time.Minute) // the window is empty
	for i := range 20 {
		if !verify(g, benchAccount, number(200+i)) {
			t.Fatalf("half open, number %d is refused although those before it were verified", i)
		}
		convert(200 + i)
	}
	for i := range 5 {
		if verify(g, benchAccount, number(300+i)) != (i < 4) {
			t.Errorf("of the half, number %d", i)
		}
	}
}

func TestAllLimitsThatWarnAreNamed(t *testing.T) {
	block, all := heldBlocks(), perAccount(9)
	block.Warn, all.Warn = 2, 2
	g, _ := heldGate(t, block, all)
	for i, want := range []string{"", "block all", ""} {
		if d := judged(g, "+12015551000"); d.LimitWarning != want {
			t.Errorf("send %d: %q, want %q", i, d.LimitWarning, want)
		}
	}
	if d := judged(g, "+12015552000", "+12015552001", "+12015553000", "+12015553001"); d.LimitWarning != "block" {
		t.Errorf("of two blocks: %q", d.LimitWarning)
	}
}

// Whatever limits, hours and holds there are, explain says what the gate does next.
func TestExplainSaysWhatTheGateDoes(t *testing.T) {
	seen := map[string]int{}
	for seed := range uint64(40) {
		random := rand.New(rand.NewPCG(seed, 21408))
		number := policy.Limit{Name: "number", Amount: 2, Window: 5 * time.Minute, Per: []policy.Dimension{{By: policy.ByNumber}}}
		some := perAccount(6)
		some.Window = 20 * time.Minute
		some.Monitor = random.IntN(2) == 0
		numbers := heldBlocks()
		numbers.Name, numbers.Of, numbers.Amount, numbers.Per = "numbers", policy.Numbers, 3, numbers.Per[1:]
		hours := quiet()
		hours.Monitor = random.IntN(2) == 0
		block := heldBlocks()
		block.Window = []time.Duration{10 * time.Minute, time.Hour}[random.IntN(2)]
		list := []policy.Limit{number, some, block, numbers, hours}
		random.Shuffle(len(list), func(i, k int) { list[i], list[k] = list[k], list[i] })
		g, now := heldGate(t, list[:2+random.IntN(4)]...)
		for range 120 {
			*now = now.Add(time.Duration(random.ExpFloat64() * float64([]time.Duration{time.Second, 2 * time.Minute, 20 * time.Minute}[random.IntN(3)])))
			to := fmt.Sprintf("+1201555%d00%d", 1+random.IntN(2), random.IntN(5))
			e := g.Explain(&gate.Question{Account: benchAccount, Channel: policy.Messaging, To: to})
			d := judged(g, to)
			hold := ""
			if e.Hold != nil {
				hold = e.Hold.ID
			}
			begins := hold == "" && d.Hold != ""
			if e.Outcome != d.Outcome || e.Rule != d.Rule || e.Code != d.Refusal.Code || hold != d.Hold && !begins {
				t.Fatalf("seed %d at %s, %s: explain says %s %q %d by hold %q, and the gate %s %q %d by hold %q",
					seed, now.Format(time.TimeOnly), to, e.Outcome, e.Rule, e.Code, hold, d.Outcome, d.Rule, d.Refusal.Code, d.Hold)
			}
			seen[fmt.Sprint(d.Rule, " ", d.Outcome, " ", hold != "", " ", begins)]++
		}
	}
	for _, state := range []string{
		"default messaging allow false false", "operator limit number deny false false", "operator limit all monitor false false",
		"operator limit block deny true false", "operator limit block deny false true", "operator limit block deny false false",
		"operator limit numbers deny true false", "operator limit quiet deny false false", "operator limit quiet monitor false false",
	} {
		if seen[state] == 0 {
			t.Errorf("%q never came: %v", state, seen)
		}
	}
}
