package policy_test

import (
	"fmt"
	"testing"

	"github.com/caddy-tollgate/tollgate/policy"
)

// BenchmarkWith measures one change by the number of accounts: of one that is replaced, added
// or suspended, of a parent of a thousand, and of what is stated for all. Changes of one
// account follow each other, so that their mean has the cost of folding, which the last
// measures by itself.
func BenchmarkWith(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		d := accountsWithSets(b, n)
		parent := d.Accounts[0]
		for i := range 1_000 {
			d.Accounts[n-1-i].Parent = parent.ID
		}
		snapshot, err := policy.New(d)
		if err != nil {
			b.Fatal(err)
		}
		operator := policy.Definition{Rules: []policy.Rule{{Block: true, Prefix: "252", Reason: "pumping"}}}
		for _, c := range []struct {
			name   string
			follow bool
			update func(i int) policy.Update
		}{
			{"one replaced", true, func(i int) policy.Update {
				replaced := d.Accounts[1+i*7919%(n-2_000)]
				replaced.Label = "replaced"
				return policy.Update{Accounts: []policy.Account{replaced}}
			}},
			{"one added", true, func(i int) policy.Update {
				added := d.Accounts[1]
				added.ID = growthSID(2*n + i)
				added.At = []policy.CarrierAccount{{Carrier: "twilio", ID: added.ID}}
				return policy.Update{Accounts: []policy.Account{added}}
			}},
			{"one suspended", true, func(i int) policy.Update {
				return policy.Update{Attached: []policy.Attachment{{Account: d.Accounts[1+i*7919%(n-2_000)].ID, Suspended: policy.Switch{On: true}}}}
			}},
			{"a parent of 1000 replaced", false, func(int) policy.Update { return policy.Update{Accounts: []policy.Account{parent}} }},
			{"an operator's block added", true, func(int) policy.Update { return policy.Update{Operator: &operator} }},
		} {
			b.Run(fmt.Sprintf("accounts=%d/%s", n, c.name), func(b *testing.B) {
				b.ReportAllocs()
				current, i := snapshot, 0
				for b.Loop() {
					next, err := current.With(c.update(i))
					if err != nil {
						b.Fatal(err)
					}
					if c.follow {
						current = next
					}
					i++
				}
			})
		}
		b.Run(fmt.Sprintf("accounts=%d/folding", n), func(b *testing.B) {
			b.ReportAllocs()
			changed, err := snapshot.With(policy.Update{Accounts: d.Accounts[1:2]})
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				changed.Folded()
			}
		})
	}
}
