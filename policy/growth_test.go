package policy_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// BenchmarkGrowth measures what a snapshot costs by the number of its accounts or prefix
// rules: the time to compile it, the heap that it holds, and verdicts on the sends of random
// accounts and of always the same one.
func BenchmarkGrowth(b *testing.B) {
	for _, kind := range []struct {
		name       string
		sizes      []int
		definition func(b *testing.B, n int) policy.Definition
	}{
		{"accounts with sets", []int{10, 1_000, 10_000, 100_000, 1_000_000}, accountsWithSets},
		{"subaccounts", []int{10, 1_000, 10_000, 100_000, 1_000_000}, subaccounts},
		{"prefix rules", []int{10, 1_000, 10_000, 100_000, 1_000_000}, manyRules},
	} {
		for _, n := range kind.sizes {
			b.Run(fmt.Sprintf("%s=%d", kind.name, n), func(b *testing.B) {
				measureGrowth(b, n, kind.definition(b, n))
			})
		}
	}
}

func measureGrowth(b *testing.B, n int, d policy.Definition) {
	before := liveHeap()
	began := time.Now()
	snapshot, err := policy.New(d)
	if err != nil {
		b.Fatal(err)
	}
	compile, held := time.Since(began), float64(liveHeap())-float64(before)
	claims, sends := randomSends(b, &d)
	now := time.Now()
	b.Run("random", func(b *testing.B) {
		judgeAll(b, snapshot, claims, sends, now)
		b.ReportMetric(float64(compile.Milliseconds()), "compile-ms")
		b.ReportMetric(held/1e6, "MB")
		b.ReportMetric(held/float64(n), "B/each")
	})
	b.Run("same", func(b *testing.B) { judgeAll(b, snapshot, claims[:1], sends[:1], now) })
	runtime.KeepAlive(d)
}

func judgeAll(b *testing.B, snapshot *policy.Snapshot, claims []policy.Claim, sends []policy.Send, now time.Time) {
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		subject := snapshot.Subject(claims[i])
		subject.Judge(&sends[i], now)
		if i++; i == len(sends) {
			i = 0
		}
	}
}

// randomSends are the sends of accounts in an order that no cache of the processor foresees,
// every other one to a number that some rule blocks, if there are rules.
func randomSends(b *testing.B, d *policy.Definition) ([]policy.Claim, []policy.Send) {
	claims, sends := make([]policy.Claim, 1<<16), make([]policy.Send, 1<<16)
	us, uz := benchTerritory(b, "US"), benchTerritory(b, "UZ")
	for i := range sends {
		// A request has its own copy, which the processor has just read.
		id := strings.Clone(d.Accounts[i*7919%len(d.Accounts)].ID)
		claims[i] = policy.Claim{Carrier: "twilio", Account: id, Holder: id}
		digits, owner := "12015550123", us
		if i%2 == 1 && len(d.Rules) > 0 {
			digits, owner = d.Rules[i*7919%len(d.Rules)].Prefix+"1234567", uz
		}
		sends[i] = policy.Send{Channel: policy.Messaging, Destination: address.Reading{
			Meaning: address.Numbers,
			Numbers: address.ListOf(address.Number{
				Digits:     digits[:min(len(digits), 15)],
				Assignment: numbering.Assignment{Territories: []numbering.Territory{owner}, Kinds: numbering.Kinds(numbering.Mobile), Listed: true},
			}),
		}}
	}
	return claims, sends
}

// accountsWithSets are accounts that each state a messaging and a voice set, apart in memory
// as a definition has them that was read from a file.
func accountsWithSets(b *testing.B, n int) (d policy.Definition) {
	us := policy.SetOf(benchTerritory(b, "US"))
	for i := range n {
		grant := policy.Grant{Set: us, Outright: us}
		d.Accounts = append(d.Accounts, policy.Account{
			ID:          growthSID(i),
			At:          []policy.CarrierAccount{{Carrier: "twilio", ID: growthSID(i)}},
			Permissions: policy.Permissions{Messaging: &grant, Voice: &[policy.ClassCount]policy.Grant{policy.LowRisk: grant}},
		})
	}
	return d
}

// subaccounts are accounts that inherit all of one.
func subaccounts(b *testing.B, n int) policy.Definition {
	d := accountsWithSets(b, 1)
	for i := 1; i < n; i++ {
		d.Accounts = append(d.Accounts, policy.Account{
			ID:     growthSID(i),
			At:     []policy.CarrierAccount{{Carrier: "twilio", ID: growthSID(i)}},
			Parent: d.Accounts[0].ID,
		})
	}
	return d
}

// manyRules are prefix rules of the operator, of six to twelve digits.
func manyRules(b *testing.B, n int) policy.Definition {
	d := accountsWithSets(b, 1)
	for i := range n {
		digits := fmt.Sprintf("998%09d", (i+1)*7_654_321%1_000_000_000)
		d.Rules = append(d.Rules, policy.Rule{Block: true, Prefix: digits[:6+i%7], Reason: "pumping"})
	}
	return d
}

// growthSID is the id of an account, far from that of the one before it.
func growthSID(i int) string { return fmt.Sprintf("AC%032x", uint64(i+1)*0x9E3779B97F4A7C15) }

// liveHeap is the heap in use after all garbage is collected.
func liveHeap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
