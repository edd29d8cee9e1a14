package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"testing"
)

// measured is what one library took to decide once.
type measured struct {
	Library     string  `json:"library"`
	Version     string  `json:"version"`
	Accounts    int     `json:"accounts"`
	Nanoseconds float64 `json:"nanoseconds"`
	Allocations int64   `json:"allocations"`
	Bytes       int64   `json:"bytes"`
}

// decider decides whether an account may send a message to a territory.
type decider func(account, territory string) bool

// accountID is one of the accounts, all of which may send to US and CA.
func accountID(i int) string { return fmt.Sprintf("AC%032x", i) }

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "decision:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	var list []measured
	for _, accounts := range []int{1, 100, 10_000} {
		for _, library := range []struct {
			name, module string
			prepare      func(ctx context.Context, accounts int) (decider, error)
		}{
			{"Tollgate", "", prepareGate},
			{"OPA", "github.com/open-policy-agent/opa", prepareOPA},
			{"Cedar", "github.com/cedar-policy/cedar-go", prepareCedar},
		} {
			decide, err := library.prepare(ctx, accounts)
			if err != nil {
				return fmt.Errorf("preparing %s: %w", library.name, err)
			}
			if err := check(decide, accounts); err != nil {
				return fmt.Errorf("%s: %w", library.name, err)
			}
			took := measure(decide, accounts)
			list = append(list, measured{library.name, version(library.module), accounts,
				float64(took.T.Nanoseconds()) / float64(took.N), took.AllocsPerOp(), took.AllocedBytesPerOp()})
		}
	}
	return json.NewEncoder(os.Stdout).Encode(list)
}

// check makes sure that the answers are right before any is counted.
func check(decide decider, accounts int) error {
	for _, c := range []struct {
		account, territory string
		want               bool
	}{
		{accountID(0), "US", true},
		{accountID(accounts - 1), "CA", true},
		{accountID(0), "GB", false},
		{accountID(accounts), "US", false},
	} {
		if got := decide(c.account, c.territory); got != c.want {
			return fmt.Errorf("%s to %s: got %v, want %v", c.account, c.territory, got, c.want)
		}
	}
	return nil
}

// measure asks for one account after another, in an order of no cache's liking.
func measure(decide decider, accounts int) testing.BenchmarkResult {
	ids := make([]string, 4096)
	for i := range ids {
		ids[i] = accountID(i * 7919 % accounts)
	}
	return testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			decide(ids[i%len(ids)], "US")
		}
	})
}
