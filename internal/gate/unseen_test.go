package gate_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/twilio"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// unseenAccounts are accounts whose verdicts come about in different ways.
var unseenAccounts = []struct{ says, id string }{
	{"own set", "AC11111111111111111111111111111111"},
	{"inherited set", "AC22222222222222222222222222222222"},
	{"a thousand prefix rules", "AC33333333333333333333333333333333"},
	{"sets of senders", "AC44444444444444444444444444444444"},
}

// unseenSpellings are ways to write a number that is listed, given as digits.
var unseenSpellings = []struct {
	says  string
	write func(digits string) string
}{
	{"E.164", func(digits string) string { return "+" + digits }},
	{"E.164 behind whatsapp", func(digits string) string { return "whatsapp:+" + digits }},
	{"E.164 with separators", func(digits string) string {
		return "+" + digits[:3] + " (" + digits[3:5] + ") " + digits[5:6] + "-" + digits[6:]
	}},
	{"behind 00", func(digits string) string { return "00" + digits }},
	{"without a plus sign", func(digits string) string { return digits }},
}

// unseenSenders are the senders of the messages.
var unseenSenders = []string{"+12025550199"}

// unseenRules let every account send to all territories except two. Rules with sender sets have
// one for each sender.
func unseenRules(tb testing.TB, senderSets bool) *gate.Rules {
	tb.Helper()
	var set policy.Set
	for t := range numbering.AllTerritories() {
		if t.String() != "AR" && t.String() != "GB" {
			set.Add(t)
		}
	}
	grant := &policy.Grant{Set: set, Outright: set}
	allowed := policy.Permissions{Messaging: grant, Voice: &[policy.ClassCount]policy.Grant{policy.LowRisk: *grant}}
	definition := policy.Definition{Revision: "unseen"}
	for _, account := range unseenAccounts {
		definition.Accounts = append(definition.Accounts, policy.Account{
			ID: account.id, At: []policy.CarrierAccount{{Carrier: "twilio", ID: account.id}}, Permissions: allowed,
		})
	}
	accounts := definition.Accounts
	accounts[1].Parent, accounts[1].Permissions = accounts[0].ID, policy.Permissions{}
	for i := range 1000 {
		digits := fmt.Sprintf("%d%08d", 20+i%79, (i+1)*7_654_321%100_000_000)
		accounts[2].Rules = append(accounts[2].Rules, policy.Rule{Block: i%2 == 0, Prefix: digits[:4+i%7], Reason: "pumping"})
	}
	if senderSets {
		accounts[3].Senders = []policy.Sender{{ID: unseenSenders[0], Permissions: allowed}}
	}
	snapshot, err := policy.New(definition)
	if err != nil {
		tb.Fatal(err)
	}
	return &gate.Rules{Snapshot: snapshot, Plan: numbering.Default()}
}

// listedNumbers draws listed numbers of the whole world, in no order.
func listedNumbers(count int) []string {
	random := rand.New(rand.NewPCG(1, 2))
	var numbers []string
	for len(numbers) < count {
		digits := fmt.Sprintf("%d%014d", 1+random.IntN(9), random.Int64N(1e14))[:9+random.IntN(5)]
		if numbering.Default().Lookup(digits).Listed {
			numbers = append(numbers, digits)
		}
	}
	return numbers
}

// unseenIntent is a message of an account, whose destination is yet to be filled in.
func unseenIntent(account string) *carrier.Intent {
	return &carrier.Intent{Account: account, Holder: account, Senders: unseenSenders, Sends: []carrier.Send{{Channel: policy.Messaging}}}
}

// BenchmarkVerdictUnseen reads the address of a message, looks up whose number it is and
// judges it, for 65,536 numbers of the whole world in no order.
func BenchmarkVerdictUnseen(b *testing.B) {
	numbers := listedNumbers(65_536)
	now := time.Now()
	for _, account := range unseenAccounts {
		rules := unseenRules(b, account.says == "sets of senders")
		for _, spelling := range unseenSpellings {
			texts := make([]string, len(numbers))
			for i, digits := range numbers {
				texts[i] = spelling.write(digits)
			}
			b.Run(account.says+"/"+spelling.says, func(b *testing.B) {
				intent, d := unseenIntent(account.id), new(gate.Decision)
				b.ReportAllocs()
				i := 0
				for b.Loop() {
					intent.Sends[0].To = texts[i%len(texts)]
					gate.VerdictOf(rules, twilio.Twilio{}, intent, d, now)
					i++
				}
			})
		}
	}
}
