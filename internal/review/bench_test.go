package review_test

import (
	"fmt"
	"testing"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/review"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// BenchmarkWideRules measures what is worked out whenever a policy is loaded. The rules of
// the operator make a difference for none of the accounts, which all have rules.
func BenchmarkWideRules(b *testing.B) {
	for _, accounts := range []int{100, 1_000} {
		b.Run(fmt.Sprintf("%d accounts", accounts), func(b *testing.B) {
			d := policy.Definition{Default: &policy.Permissions{}}
			for i := range accounts {
				id := fmt.Sprintf("AC%032x", i)
				d.Accounts = append(d.Accounts, policy.Account{ID: id, At: []policy.CarrierAccount{at(id)}, Rules: []policy.Rule{{Block: true, Prefix: "44", Reason: "x"}}})
			}
			for i := range 200 {
				d.Rules = append(d.Rules, policy.Rule{Block: true, Prefix: fmt.Sprint(1 + i%9), Reason: "x"})
			}
			snapshot, err := policy.New(d)
			if err != nil {
				b.Fatal(err)
			}
			benchmarkRules(b, config.Compiled{Definition: d}, snapshot)
		})
	}
}

// BenchmarkExceptions measures a rule with a thousand exceptions.
func BenchmarkExceptions(b *testing.B) {
	var except []string
	for i := range 1_000 {
		except = append(except, fmt.Sprintf("1%09d", (i+1)*7_654_321%1_000_000_000))
	}
	d := policy.Definition{Rules: []policy.Rule{{Block: true, Prefix: "1", Except: except, Reason: "x"}}}
	snapshot, err := policy.New(d)
	if err != nil {
		b.Fatal(err)
	}
	benchmarkRules(b, config.Compiled{Definition: d}, snapshot)
}

func benchmarkRules(b *testing.B, compiled config.Compiled, snapshot *policy.Snapshot) {
	reviewed := review.Reviewed{Side: review.Side{Compiled: compiled, Snapshot: snapshot, Plan: numbering.Default()}}
	for b.Loop() {
		reviewed.Rules(night, false)
	}
}
