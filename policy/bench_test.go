package policy_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

func BenchmarkJudge(b *testing.B) {
	us := policy.SetOf(benchTerritory(b, "US"))
	grant := &policy.Grant{Set: us, Outright: us}
	allowed := policy.Permissions{Messaging: grant, Voice: &[policy.ClassCount]policy.Grant{policy.LowRisk: *grant}}

	small := policy.Definition{Accounts: []policy.Account{{ID: company, At: []policy.CarrierAccount{{Carrier: "twilio", ID: company}}, Permissions: allowed}}}
	// Ten thousand accounts under one parent, and a thousand prefixes of four
	// to eleven digits.
	large := policy.Definition{Accounts: []policy.Account{{ID: company, At: []policy.CarrierAccount{{Carrier: "twilio", ID: company}}, Permissions: allowed}}}
	for i := range 10_000 {
		large.Accounts = append(large.Accounts, policy.Account{ID: benchSID(i), At: []policy.CarrierAccount{{Carrier: "twilio", ID: benchSID(i)}}, Parent: company})
	}
	for i := range 1_000 {
		digits := fmt.Sprintf("998%08d", (i+1)*7_654_321%100_000_000)
		large.Rules = append(large.Rules, policy.Rule{Block: true, Prefix: digits[:4+i%8], Reason: "pumping"})
	}

	inGB := benchTerritory(b, "GB")
	for _, c := range []struct {
		name       string
		definition policy.Definition
		channel    policy.Channel
		account    func(i int) string
		digits     string
		owner      numbering.Territory
		want       policy.Outcome
	}{
		{"allowed", small, policy.Messaging, theCompany, "12015550123", benchTerritory(b, "US"), policy.Allow},
		{"allowed call", small, policy.Voice, theCompany, "12015550123", benchTerritory(b, "US"), policy.Allow},
		{"denied", small, policy.Messaging, theCompany, "447400123456", inGB, policy.Deny},
		{"denied call", small, policy.Voice, theCompany, "447400123456", inGB, policy.Deny},
		{"allowed, large policy", large, policy.Messaging, benchSID, "12015550123", benchTerritory(b, "US"), policy.Allow},
		{"denied, large policy", large, policy.Messaging, benchSID, "447400123456", inGB, policy.Deny},
		{"blocked, large policy", large, policy.Messaging, benchSID, large.Rules[0].Prefix + "1234567", benchTerritory(b, "UZ"), policy.Deny},
	} {
		b.Run(c.name, func(b *testing.B) {
			snapshot, err := policy.New(c.definition)
			if err != nil {
				b.Fatal(err)
			}
			ids := make([]string, 4096) // accounts in an order of no cache's liking
			sends := make([]policy.Send, len(ids))
			for i := range sends {
				ids[i] = c.account(i * 7919 % 10_000)
				sends[i] = policy.Send{
					Channel: c.channel,
					Destination: address.Reading{Meaning: address.Numbers, Numbers: address.ListOf(address.Number{
						Digits:     c.digits,
						Assignment: numbering.Assignment{Territories: []numbering.Territory{c.owner}, Kinds: numbering.Kinds(numbering.Mobile), Listed: true},
					})},
					Senders: []string{"+12025550199"},
				}
			}
			now := time.Now()
			subject := snapshot.Subject(policy.Claim{Carrier: "twilio", Account: ids[0], Holder: ids[0]})
			if v := subject.Judge(&sends[0], now); v.Outcome != c.want {
				b.Fatalf("%+v, want outcome %v", v, c.want)
			}
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				id := ids[i%len(ids)]
				subject := snapshot.Subject(policy.Claim{Carrier: "twilio", Account: id, Holder: id})
				subject.Judge(&sends[i%len(sends)], now)
				i++
			}
		})
	}
}

func theCompany(int) string { return company }

func benchSID(i int) string { return fmt.Sprintf("AC%032x", i+1<<20) }

func benchTerritory(b *testing.B, code string) numbering.Territory {
	b.Helper()
	t, ok := numbering.ParseTerritory(code)
	if !ok {
		b.Fatalf("no territory %s", code)
	}
	return t
}
